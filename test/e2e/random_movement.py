# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""More operators of random_graph.py: those that move, cut and count elements."""

import onnx_writer as onnx
from onnx_writer import FLOAT, INT64
from random_graph import MAX_ELEMENTS, Value, count
from random_operators import operator


@operator("Transpose")
def transpose(graph, name):
    x = graph.of_rank(2, 5)
    order = list(range(x.rank))
    graph.random.shuffle(order)
    graph.one(name, [x], FLOAT, [x.shape[d] for d in order], x.bound, x.noise,
              [onnx.attribute_ints("perm", order)])


def _factors(graph, total):
    shape = []
    while total > 1 and len(shape) < 3:
        divisors = [d for d in range(1, total + 1) if total % d == 0]
        shape.append(graph.random.choice(divisors))
        total //= shape[-1]
    return tuple(shape) + ((total,) if total > 1 or not shape else ())


@operator("Reshape")
def reshape(graph, name):
    x = graph.any(graph.random.choice([FLOAT, FLOAT, INT64]))
    shape = _factors(graph, count(x.shape))
    wanted = list(shape)
    if graph.random.random() < 0.4:
        wanted[graph.random.randrange(len(wanted))] = -1
    graph.one(name, [x, graph.ints(wanted)], x.kind, shape, x.bound, x.noise)


@operator("Flatten")
def flatten(graph, name):
    x = graph.any()
    axis = graph.random.randint(0, x.rank)
    graph.one(name, [x], FLOAT, (count(x.shape[:axis]), count(x.shape[axis:])), x.bound, x.noise,
              [onnx.attribute_int("axis", axis)])


@operator("Unsqueeze", opset=13)
def unsqueeze(graph, name):
    x = graph.of_rank(0, 3)
    axis = graph.random.randint(0, x.rank)
    graph.one(name, [x, graph.ints([axis])], FLOAT, x.shape[:axis] + (1,) + x.shape[axis:], x.bound,
              x.noise)


@operator("Squeeze", opset=13)
def squeeze(graph, name):
    x = graph.pick(lambda v: 1 in v.shape)
    if not x:
        return False
    axis = x.shape.index(1)
    graph.one(name, [x, graph.ints([axis - x.rank])], FLOAT, x.shape[:axis] + x.shape[axis + 1:],
              x.bound, x.noise)
    return True


@operator("Concat")
def concat(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)

    def fits(v):
        return v.rank == x.rank and all(
            d == axis or a == b for d, (a, b) in enumerate(zip(v.shape, x.shape)))
    parts = [x] + [graph.pick(fits) for _ in range(graph.random.randint(0, 2))]
    shape = list(x.shape)
    shape[axis] = sum(v.shape[axis] for v in parts)
    if count(shape) > MAX_ELEMENTS:
        return False
    graph.one(name, parts, FLOAT, shape, max(v.bound for v in parts), max(v.noise for v in parts),
              [onnx.attribute_int("axis", graph.random.choice([axis, axis - x.rank]))])
    return True


@operator("Split", opset=13)
def split(graph, name):
    x = graph.pick(lambda v: v.rank and max(v.shape) >= 2)
    if not x:
        return False
    axis = x.shape.index(max(x.shape))
    first = graph.random.randint(1, x.shape[axis] - 1)
    sizes = [first, x.shape[axis] - first]
    outputs = [Value("", FLOAT, x.shape[:axis] + (s,) + x.shape[axis + 1:], x.bound, x.noise)
               for s in sizes]
    graph.add(name, [x, graph.ints(sizes)], outputs, [onnx.attribute_int("axis", axis)])
    return True


@operator("Slice", opset=10)
def slices(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    size = x.shape[axis]
    step = graph.random.choice([1, 1, 2, -1])
    start = graph.random.randrange(size)
    if step > 0:
        end = graph.random.choice([size, 1 << 60, max(start + 1, size - 1)])
        length = -(-(min(end, size) - start) // step)
    else:
        end, length = -(1 << 60), start + 1
    shape = x.shape[:axis] + (length,) + x.shape[axis + 1:]
    numbers = [graph.ints([n]) for n in (start, end, axis, step)]
    graph.one(name, [x, *numbers], FLOAT, shape, x.bound, x.noise)


@operator("Pad", opset=13)
def pad(graph, name):
    x = graph.of_rank(1, 4)
    mode = graph.random.choice(["constant", "constant", "reflect", "edge"])
    begin = [graph.random.randint(0, min(2, extent - 1)) for extent in x.shape]
    end = [graph.random.randint(0, min(2, extent - 1)) for extent in x.shape]
    shape = [a + b + c for a, b, c in zip(begin, x.shape, end)]
    if count(shape) > MAX_ELEMENTS:
        return False
    fill = [graph.constant(FLOAT, (), [graph.random.choice([0, 0, 1.5])])] if mode == "constant" else []
    graph.one(name, [x, graph.ints(begin + end), *fill], FLOAT, shape, max(x.bound, 1.5), x.noise,
              [onnx.attribute_string("mode", mode)])
    return True


@operator("Expand")
def expand(graph, name):
    x = graph.of_rank(0, 3)
    shape = [graph.random.randint(2, 3) if extent == 1 else extent for extent in x.shape]
    shape = [2] * graph.random.randint(0, 1) + shape
    if count(shape) > MAX_ELEMENTS:
        return False
    graph.one(name, [x, graph.ints(shape)], FLOAT, shape, x.bound, x.noise)
    return True


@operator("Tile")
def tile(graph, name):
    x = graph.of_rank(1, 3)
    repeats = [graph.random.randint(1, 2) for _ in x.shape]
    shape = [a * b for a, b in zip(x.shape, repeats)]
    if count(shape) > MAX_ELEMENTS:
        return False
    graph.one(name, [x, graph.ints(repeats)], FLOAT, shape, x.bound, x.noise)
    return True


@operator("Gather")
def gather(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    shape = graph.shape(0, 2)
    data = [graph.random.randrange(-x.shape[axis], x.shape[axis]) for _ in range(count(shape))]
    indices = graph.constant(INT64, shape, data)
    result = x.shape[:axis] + tuple(shape) + x.shape[axis + 1:]
    if count(result) > MAX_ELEMENTS or len(result) > 5:
        return False
    graph.one(name, [x, indices], FLOAT, result, x.bound, x.noise, [onnx.attribute_int("axis", axis)])
    return True


@operator("GatherElements", opset=11)
def gather_elements(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    indices = graph.parameter(x.shape, x.shape[axis] - 1, 0, INT64)
    graph.one(name, [x, indices], FLOAT, x.shape, x.bound, x.noise, [onnx.attribute_int("axis", axis)])


@operator("ScatterElements", opset=13)
def scatter_elements(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    shape = x.shape[:axis] + (1,) + x.shape[axis + 1:]
    indices = graph.parameter(shape, x.shape[axis] - 1, 0, INT64)
    updates = graph.parameter(shape)
    graph.one(name, [x, indices, updates], FLOAT, x.shape, max(x.bound, updates.bound), x.noise,
              [onnx.attribute_int("axis", axis)])


@operator("GatherND", opset=12)
def gather_nd(graph, name):
    x = graph.of_rank(2, 4)
    depth = graph.random.randint(1, x.rank)
    rows = graph.random.randint(1, 3)
    data = [graph.random.randrange(x.shape[d]) for _ in range(rows) for d in range(depth)]
    indices = graph.constant(INT64, (rows, depth), data)
    graph.one(name, [x, indices], FLOAT, (rows,) + x.shape[depth:], x.bound, x.noise)


@operator("ScatterND", opset=13)
def scatter_nd(graph, name):
    x = graph.of_rank(2, 4)
    indices = graph.constant(INT64, (1, 1), [graph.random.randrange(x.shape[0])])
    updates = graph.parameter((1,) + x.shape[1:])
    graph.one(name, [x, indices, updates], FLOAT, x.shape, max(x.bound, updates.bound), x.noise)


@operator("DepthToSpace", "SpaceToDepth")
def blocks(graph, name):
    n, c, h, w = (graph.random.randint(1, 2) for _ in range(4))
    attributes = [onnx.attribute_int("blocksize", 2)]
    if name == "DepthToSpace":
        x, shape = graph.input(FLOAT, (n, 4 * c, h, w)), (n, c, 2 * h, 2 * w)
        attributes.append(onnx.attribute_string("mode", graph.random.choice(["DCR", "CRD"])))
    else:
        x, shape = graph.input(FLOAT, (n, c, 2 * h, 2 * w)), (n, 4 * c, h, w)
    graph.one(name, [x], FLOAT, shape, x.bound, x.noise, attributes)


@operator("Trilu", opset=14)
def trilu(graph, name):
    x = graph.of_rank(2, 4)
    k = graph.constant(INT64, (), [graph.random.randint(-2, 2)])
    graph.one(name, [x, k], FLOAT, x.shape, x.bound, x.noise,
              [onnx.attribute_int("upper", graph.random.randint(0, 1))])


@operator("Shape")
def shape_of(graph, name):
    x = graph.of_rank(1, 4)
    graph.one(name, [x], INT64, (x.rank,), max(x.shape), 0)


@operator("ConstantOfShape")
def constant_of_shape(graph, name):
    shape = graph.shape(1, 3)
    fill = onnx.tensor("value", (1,), [1.5])
    graph.one(name, [graph.ints(shape)], FLOAT, shape, 1.5, 0, [onnx.attribute_tensor("value", fill)])


@operator("Range", opset=11)
def arange(graph, name):
    numbers = [graph.constant(INT64, (), [n]) for n in (2, 9, 3)]
    graph.one(name, numbers, INT64, (3,), 9, 0)


@operator("OneHot", opset=11)
def one_hot(graph, name):
    indices = graph.input(INT64, graph.shape(1, 2), 3)
    depth = graph.constant(INT64, (), [4])
    graph.one(name, [indices, depth, graph.constant(FLOAT, (2,), [-0.5, 2])], FLOAT,
              indices.shape + (4,), 2, 0)


@operator("EyeLike")
def eye_like(graph, name):
    x = graph.of_rank(2)
    graph.one(name, [x], FLOAT, x.shape, 1, 0, [onnx.attribute_int("k", graph.random.randint(-1, 1))])


@operator("ReverseSequence", opset=10)
def reverse_sequence(graph, name):
    x = graph.of_rank(2, 4)
    lengths = graph.parameter((x.shape[1],), x.shape[0], 1, INT64)
    graph.one(name, [x, lengths], FLOAT, x.shape, x.bound, x.noise)
