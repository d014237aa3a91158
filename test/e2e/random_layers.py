# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""More operators of random_graph.py: layers, pooling, normalization, reductions, control."""

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT64, INT8, UINT8
from random_graph import EPSILON, MAX_BOUND, MAX_ELEMENTS, Value, count, lipschitz
from random_operators import operator


def _sum_of_products(graph, op, inputs, shape, terms, attributes=(), extra=0.0):
    """A node that adds `terms` products of its first two inputs."""
    x, y = inputs[:2]
    bound = terms * x.bound * y.bound + extra
    if bound > MAX_BOUND or count(shape) > MAX_ELEMENTS:
        return False
    noise = terms * (x.noise * y.bound + y.noise * x.bound) + EPSILON * bound
    graph.one(op, inputs, FLOAT, shape, bound, noise, attributes)
    return True


@operator("MatMul")
def matmul(graph, name):
    x = graph.of_rank(1, 4)
    columns = graph.random.randint(1, 5)
    if graph.random.random() < 0.3:
        y = graph.pick(lambda v: v.rank == 2 and v.shape[0] == x.shape[-1])
        if not y:
            return False
    else:
        batch = x.shape[:-2] if graph.random.random() < 0.3 else ()
        y = graph.parameter((*batch, x.shape[-1], columns))
    shape = (*x.shape[:-1], y.shape[-1])
    return _sum_of_products(graph, name, [x, y], shape, x.shape[-1])


@operator("Gemm")
def gemm(graph, name):
    x = graph.of_rank(2)
    a, b = graph.random.randint(0, 1), graph.random.randint(0, 1)
    rows, inner = x.shape[::-1] if a else x.shape
    columns = graph.random.randint(1, 5)
    y = graph.parameter((columns, inner) if b else (inner, columns))
    c = graph.parameter(graph.random.choice([(columns,), (1, columns), (rows, 1), ()]))
    attributes = [onnx.attribute_int("transA", a), onnx.attribute_int("transB", b),
                  onnx.attribute_float("alpha", 0.5), onnx.attribute_float("beta", 1.5)]
    inputs = [x, y, c] if graph.random.random() < 0.8 else [x, y]
    return _sum_of_products(graph, name, inputs, (rows, columns), inner, attributes, 1.5)


@operator("Einsum", opset=12)
def einsum(graph, name):
    x = graph.of_rank(2)
    y = graph.parameter((graph.random.randint(1, 4), x.shape[1]))
    form, shape = graph.random.choice([("ij,kj->ik", (x.shape[0], y.shape[0])),
                                       ("ij,kj->ki", (y.shape[0], x.shape[0]))])
    return _sum_of_products(graph, name, [x, y], shape, x.shape[1],
                            [onnx.attribute_string("equation", form)])


def _windows(graph, extents, with_dilation=True):
    """Kernel, strides, dilations, pads and the resulting extents, none of them empty."""
    kernel, strides, dilations, begin, end, result = [], [], [], [], [], []
    for extent in extents:
        k = graph.random.randint(1, min(3, extent))
        d = 2 if with_dilation and 2 * (k - 1) + 1 <= extent and graph.random.random() < 0.2 else 1
        s = graph.random.randint(1, 2)
        a, b = (graph.random.randint(0, k - 1) for _ in range(2))
        kernel.append(k)
        strides.append(s)
        dilations.append(d)
        begin.append(a)
        end.append(b)
        result.append((extent + a + b - d * (k - 1) - 1) // s + 1)
    return kernel, strides, dilations, begin + end, result


def _image(graph, highest=3):
    value = graph.pick(lambda v: 3 <= v.rank <= highest + 2)
    if value and graph.random.random() < 0.7:
        return value
    spatial = graph.random.choice([2, 2, graph.random.randint(1, highest)])
    shape = [graph.random.randint(1, 2), graph.random.choice([1, 2, 3, 4])]
    return graph.input(FLOAT, shape + [graph.random.randint(2, 6) for _ in range(spatial)])


@operator("Conv", "Conv", "Conv")
def convolution(graph, name):
    x = _image(graph)
    channels = x.shape[1]
    group = graph.random.choice([g for g in (1, 1, 2, channels) if channels % g == 0])
    outputs = group * graph.random.randint(1, 3)
    kernel, strides, dilations, pads, spatial = _windows(graph, x.shape[2:])
    if graph.random.random() < 0.2:
        # onnxruntime refuses dilations here.
        pads, strides, dilations = None, [1] * len(kernel), [1] * len(kernel)
        spatial = x.shape[2:]
    weight = graph.parameter((outputs, channels // group, *kernel))
    inputs = [x, weight] + ([graph.parameter((outputs,))] if graph.random.random() < 0.6 else [])
    attributes = [onnx.attribute_int("group", group), onnx.attribute_ints("strides", strides),
                  onnx.attribute_ints("dilations", dilations)]
    if pads is None:
        attributes.append(onnx.attribute_string("auto_pad",
                                                graph.random.choice(["SAME_UPPER", "SAME_LOWER"])))
    else:
        attributes.append(onnx.attribute_ints("pads", pads))
    return _sum_of_products(graph, name, inputs, (x.shape[0], outputs, *spatial),
                            count(weight.shape[1:]), attributes, 1)


@operator("ConvTranspose")
def transposed_convolution(graph, name):
    x = _image(graph, 2)
    group = graph.random.choice([g for g in (1, 2) if x.shape[1] % g == 0])
    outputs = graph.random.randint(1, 3)
    kernel = [graph.random.randint(1, 3) for _ in x.shape[2:]]
    strides = [graph.random.randint(1, 2) for _ in kernel]
    extra = [graph.random.randint(0, s - 1) for s in strides]
    pads = [graph.random.randint(0, (k - 1) // 2) for k in kernel]
    spatial = [(e - 1) * s + k - 2 * p + o
               for e, s, k, p, o in zip(x.shape[2:], strides, kernel, pads, extra)]
    weight = graph.parameter((x.shape[1], outputs, *kernel))
    attributes = [onnx.attribute_int("group", group), onnx.attribute_ints("strides", strides),
                  onnx.attribute_ints("pads", pads * 2),
                  onnx.attribute_ints("output_padding", extra)]
    return _sum_of_products(graph, name, [x, weight], (x.shape[0], outputs * group, *spatial),
                            x.shape[1] // group * count(kernel), attributes)


@operator("MaxPool", "AveragePool", "LpPool")
def pool(graph, name):
    x = _image(graph, 2)
    dilates = name == "MaxPool" or (name == "AveragePool" and graph.opset >= 19)
    kernel, strides, dilations, pads, spatial = _windows(graph, x.shape[2:], dilates)
    attributes = [onnx.attribute_ints("kernel_shape", kernel),
                  onnx.attribute_ints("strides", strides), onnx.attribute_ints("pads", pads)]
    if dilates:
        attributes.append(onnx.attribute_ints("dilations", dilations))
    bound, noise = x.bound, x.noise
    if name == "AveragePool":
        attributes.append(onnx.attribute_int("count_include_pad", graph.random.randint(0, 1)))
    if name == "LpPool":
        bound *= count(kernel)
        noise *= count(kernel)
    if name != "MaxPool":
        # A root is steep near zero; squares lose half of the digits there.
        noise += (3e-3 if name == "LpPool" and x.noise else EPSILON) * bound
    graph.one(name, [x], FLOAT, (*x.shape[:2], *spatial), bound, noise, attributes)


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(graph, name):
    x = _image(graph)
    noise = x.noise if name == "GlobalMaxPool" else lipschitz(x, 1, x.bound)
    graph.one(name, [x], FLOAT, x.shape[:2] + (1,) * (x.rank - 2), x.bound, noise)


@operator("BatchNormalization")
def batch_normalization(graph, name):
    x = _image(graph)
    scale, offset, mean = (graph.parameter((x.shape[1],)) for _ in range(3))
    variance = graph.parameter((x.shape[1],), 2, 0.5)
    bound = 2 * (x.bound + 1) + 1
    graph.one(name, [x, scale, offset, mean, variance], FLOAT, x.shape, bound,
              lipschitz(x, 2, bound))


# Normalization divides by a deviation: with this epsilon by no less than a half.
_EPSILON = onnx.attribute_float("epsilon", 0.25)


@operator("InstanceNormalization")
def instance_normalization(graph, name):
    x = _image(graph)
    scale, offset = (graph.parameter((x.shape[1],)) for _ in range(2))
    bound = 4 * x.bound + 1
    graph.one(name, [x, scale, offset], FLOAT, x.shape, bound,
              lipschitz(x, 4 * (1 + x.bound), bound * (1 + x.bound)), [_EPSILON])


@operator("LayerNormalization", opset=17)
def layer_normalization(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    scale, offset = (graph.parameter(x.shape[axis:]) for _ in range(2))
    bound = 4 * x.bound + 1
    graph.one(name, [x, scale, offset], FLOAT, x.shape, bound,
              lipschitz(x, 4 * (1 + x.bound), bound * (1 + x.bound)),
              [_EPSILON, onnx.attribute_int("axis", axis)])


@operator("LRN")
def lrn(graph, name):
    x = graph.of_rank(4)  # onnxruntime takes no other
    graph.one(name, [x], FLOAT, x.shape, x.bound, lipschitz(x, 2 + x.bound ** 2, x.bound),
              [onnx.attribute_int("size", graph.random.choice([1, 3]))])


@operator("Softmax", "LogSoftmax")
def softmax(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(-x.rank, x.rank)
    bound = 1 if name == "Softmax" else 2 * x.bound + 8
    graph.one(name, [x], FLOAT, x.shape, bound, lipschitz(x, 2, bound + x.bound),
              [onnx.attribute_int("axis", axis)])


@operator("Hardmax")
def hardmax(graph, name):
    x = graph.of_rank(1, 4, exact=True)
    graph.one(name, [x], FLOAT, x.shape, 1, 0,
              [onnx.attribute_int("axis", graph.random.randrange(x.rank))])


_REDUCTIONS = ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2",
               "ReduceSumSquare", "ReduceLogSumExp", "ReduceLogSum", "ReduceProd")


@operator(*_REDUCTIONS, opset=13)
def reduce(graph, name):
    x = graph.of_rank(1, 4)
    axes = sorted(graph.random.sample(range(x.rank), graph.random.randint(1, x.rank)))
    terms = count(x.shape[d] for d in axes)
    keep = graph.random.randint(0, 1)
    shape = [1 if d in axes else e for d, e in enumerate(x.shape) if keep or d not in axes]
    if name in ("ReduceLogSum", "ReduceL2"):
        x = graph.positive(x)
    if name == "ReduceProd":
        x = graph.within(x, -1, 1)
    factor, bound = {
        "ReduceSum": (terms, terms * x.bound), "ReduceMean": (1, x.bound),
        "ReduceMax": (1, x.bound), "ReduceMin": (1, x.bound), "ReduceL1": (terms, terms * x.bound),
        "ReduceL2": (terms, terms * x.bound), "ReduceLogSum": (2, terms + x.bound),
        "ReduceSumSquare": (2 * terms * x.bound, terms * x.bound ** 2),
        "ReduceLogSumExp": (1, x.bound + 8), "ReduceProd": (terms, 1)}[name]
    if bound > MAX_BOUND:
        return False
    exact = name in ("ReduceMax", "ReduceMin")
    attributes, inputs = [onnx.attribute_int("keepdims", keep)], [x]
    if name == "ReduceSum" or graph.opset >= 18:
        inputs.append(graph.ints(axes))
    else:
        attributes.append(onnx.attribute_ints("axes", axes))
    graph.one(name, inputs, FLOAT, shape, bound,
              x.noise if exact else lipschitz(x, factor, bound), attributes)
    return True


@operator("ArgMax", "ArgMin")
def arg_extreme(graph, name):
    x = graph.of_rank(1, 4, exact=True)
    axis, keep = graph.random.randrange(x.rank), graph.random.randint(0, 1)
    shape = [1 if d == axis else e for d, e in enumerate(x.shape) if keep or d != axis]
    graph.one(name, [x], INT64, shape, x.shape[axis], 0,
              [onnx.attribute_int("axis", axis), onnx.attribute_int("keepdims", keep)])


@operator("TopK", opset=11)
def top_k(graph, name):
    x = graph.of_rank(1, 3, exact=True)
    k = graph.random.randint(1, x.shape[-1])
    shape = (*x.shape[:-1], k)
    graph.add(name, [x, graph.ints([k])],
              [Value("", FLOAT, shape, x.bound), Value("", INT64, shape, x.shape[-1])],
              [onnx.attribute_int("largest", graph.random.randint(0, 1))])


@operator("CumSum", opset=14)
def cumulative_sum(graph, name):
    x = graph.of_rank(1, 4)
    axis = graph.random.randrange(x.rank)
    bound = x.bound * x.shape[axis]
    if bound > MAX_BOUND:
        return False
    attributes = [onnx.attribute_int(flag, graph.random.randint(0, 1))
                  for flag in ("exclusive", "reverse")]
    graph.one(name, [x, graph.constant(INT64, (), [axis])], FLOAT, x.shape, bound,
              lipschitz(x, x.shape[axis], bound), attributes)
    return True


@operator("Resize", opset=13)
def resize(graph, name):
    x = _image(graph, 2)
    factors = [1.0, 1.0] + [graph.random.choice([1.0, 2.0]) for _ in x.shape[2:]]
    shape = [int(a * b) for a, b in zip(x.shape, factors)]
    if count(shape) > MAX_ELEMENTS:
        return False
    mode = graph.random.choice(["nearest", "linear"])
    attributes = [onnx.attribute_string("mode", mode)]
    attributes.append(onnx.attribute_string("coordinate_transformation_mode", graph.random.choice(
        ["asymmetric", "half_pixel", "align_corners"] if mode == "linear" else ["asymmetric"])))
    if mode == "nearest":
        attributes.append(onnx.attribute_string("nearest_mode", "floor"))
    scales = graph.constant(FLOAT, (len(factors),), factors)
    graph.one(name, [x, None, scales], FLOAT, shape, x.bound,
              x.noise if mode == "nearest" else lipschitz(x, 1, x.bound), attributes)
    return True


@operator("LSTM", "GRU", "RNN")
def recurrent(graph, name):
    x = graph.of_rank(3)
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[name]
    hidden = graph.random.randint(1, 4)
    direction = graph.random.choice(["forward", "reverse", "bidirectional"])
    ways = 2 if direction == "bidirectional" else 1
    weights = [graph.parameter((ways, gates * hidden, size), 0.5) for size in (x.shape[2], hidden)]
    bias = graph.parameter((ways, 2 * gates * hidden), 0.5)
    steps, batch = x.shape[:2]
    noise = (x.noise * x.shape[2] + EPSILON * (1 + x.bound * x.shape[2])) * 4 ** steps
    if noise > 1e-3:
        return False
    attributes = [onnx.attribute_int("hidden_size", hidden),
                  onnx.attribute_string("direction", direction)]
    if name == "GRU":
        attributes.append(onnx.attribute_int("linear_before_reset", graph.random.randint(0, 1)))
    graph.add(name, [x, *weights, bias],
              [Value("", FLOAT, (steps, ways, batch, hidden), 1, noise),
               Value("", FLOAT, (ways, batch, hidden), 1, noise)], attributes)
    return True


# Quantization

@operator("QuantizeLinear", opset=13)
def quantize(graph, name):
    """With the way back: integers of eight bits have few other readers."""
    x = graph.of_rank(1, 4, exact=True)
    axis = graph.random.randrange(x.rank)
    per_axis = graph.random.random() < 0.3
    shape = (x.shape[axis],) if per_axis else ()
    kind = graph.random.choice([INT8, UINT8])
    # Powers of two: a division by them is exact.
    scale = graph.constant(FLOAT, shape, [graph.random.choice([1 / 16, 1 / 32])
                                          for _ in range(count(shape))])
    zero = graph.parameter(shape, 0 if per_axis else 20, 0, kind)
    attributes = [onnx.attribute_int("axis", axis)] if per_axis else []
    integers = graph.one(name, [x, scale, zero], kind, x.shape, 255, 0, attributes, keep=False)
    graph.one("DequantizeLinear", [integers, scale, zero], FLOAT, x.shape, 20, 0, attributes)


# Control

@operator("If", opset=13)
def branch(graph, name):
    condition = graph.pick(lambda v: v.rank == 0, BOOL) or graph.constant(
        BOOL, (), [graph.random.random() < 0.5])
    x = graph.any()
    branches = []
    for field, op in (("then_branch", "Neg"), ("else_branch", "Relu")):
        result = graph.name("b")
        body = onnx.graph([onnx.node(op, [x.name], [result], graph.name("inner"))], [],
                          [onnx.value(result, x.shape)])
        branches.append(onnx.attribute_graph(field, body))
    graph.used.add(x.name)
    graph.one(name, [condition], FLOAT, x.shape, x.bound, x.noise, branches)


@operator("Loop", opset=13)
def loop(graph, name):
    """Adds one value a constant number of times."""
    x = graph.any()
    trips = graph.random.randint(1, 3)
    y = graph.partner(x)
    bound = x.bound + trips * y.bound
    if bound > MAX_BOUND:
        return False
    names = [graph.name("l") for _ in range(5)]
    trip, before, carried, after, total = names
    body = onnx.graph(
        [onnx.node("Identity", [before], [after], graph.name("inner")),
         onnx.node("Add", [carried, y.name], [total], graph.name("inner"))],
        [onnx.value(trip, (), INT64), onnx.value(before, (), BOOL), onnx.value(carried, x.shape)],
        [onnx.value(after, (), BOOL), onnx.value(total, x.shape)])
    graph.used.add(y.name)
    noise = x.noise + trips * y.noise
    graph.one(name, [graph.constant(INT64, (), [trips]), graph.constant(BOOL, (), [True]), x], FLOAT,
              x.shape, bound, noise + (EPSILON * bound if noise else 0),
              [onnx.attribute_graph("body", body)])
    return True
