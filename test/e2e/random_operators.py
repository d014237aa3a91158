# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operators of random_graph.py: each function adds one to a graph, or returns False where the
graph has nothing that fits. Here those that work element by element; random_movement.py and
random_layers.py have the others."""

import math

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT32, INT64
from random_graph import EPSILON, MAX_BOUND, lipschitz

OPERATORS = []  # (name, least opset, function)


def operator(*names, opset=1):
    """Registers `function(graph, name)` for operators of these names."""
    def register(function):
        OPERATORS.extend((name, opset, function) for name in names)
        return function
    return register


# Lipschitz constant and bound of smooth functions of x, |x| <= b.
_SMOOTH = {
    "LeakyRelu": (1, lambda b: b), "Elu": (1, lambda b: b + 1), "Selu": (2, lambda b: 2 * b + 2),
    "Celu": (1, lambda b: b + 1), "Sigmoid": (1, lambda b: 1), "HardSigmoid": (1, lambda b: 1),
    "Tanh": (1, lambda b: 1), "Softplus": (1, lambda b: b + 1), "Softsign": (1, lambda b: 1),
    "Erf": (2, lambda b: 1), "Sin": (1, lambda b: 1), "Cos": (1, lambda b: 1),
    "Atan": (1, lambda b: 2), "Asinh": (1, lambda b: b),
}


@operator(*_SMOOTH)
def smooth(graph, name):
    factor, bound = _SMOOTH[name]
    x = graph.any()
    b = bound(x.bound)
    # The argument of a sine may be large; its own rounding then shows.
    graph.one(name, [x], FLOAT, x.shape, b, lipschitz(x, factor, max(b, x.bound)))


@operator("HardSwish", opset=14)
def hard_swish(graph, name):
    x = graph.any()
    graph.one(name, [x], FLOAT, x.shape, x.bound, lipschitz(x, 2, x.bound))


@operator("Mish", opset=18)
def mish(graph, name):
    hard_swish(graph, name)


@operator("Gelu", opset=20)
def gelu(graph, name):
    x = graph.any()
    form = graph.random.choice(["none", "tanh"])
    graph.one(name, [x], FLOAT, x.shape, x.bound, lipschitz(x, 2, x.bound),
              [onnx.attribute_string("approximate", form)])


@operator("Relu", "Abs", "Neg", "Identity")
def plain(graph, name):
    x = graph.any()
    graph.one(name, [x], FLOAT, x.shape, x.bound, x.noise)


@operator("Floor", "Ceil", "Round", "Sign")
def jump(graph, name):
    x = graph.any(exact=True)
    graph.one(name, [x], FLOAT, x.shape, x.bound + 1, 0)


@operator("ThresholdedRelu", "Shrink")
def threshold(graph, name):
    x = graph.any(exact=True)
    attributes = [onnx.attribute_float("alpha" if name == "ThresholdedRelu" else "lambd", 0.75)]
    graph.one(name, [x], FLOAT, x.shape, x.bound, 0, attributes)


@operator("IsNaN", "IsInf")
def is_special(graph, name):
    x = graph.any(exact=True)
    graph.one(name, [x], BOOL, x.shape, 1, 0)


@operator("Exp", "Sinh", "Cosh", "Tan", "Asin", "Acos", "Atanh")
def narrow(graph, name):
    limit = {"Exp": 3, "Sinh": 3, "Cosh": 3, "Tan": 1}.get(name, 0.875)
    x = graph.within(graph.any(), -limit, limit)
    bound = 25 if limit == 3 else 4
    graph.one(name, [x], FLOAT, x.shape, bound, lipschitz(x, bound, bound))


@operator("Log", "Sqrt", "Reciprocal", "Acosh")
def of_positive(graph, name):
    x = graph.positive(graph.any(), 1.5 if name == "Acosh" else 0.5)
    bound = 2 if name == "Reciprocal" else x.bound + 1
    graph.one(name, [x], FLOAT, x.shape, bound, lipschitz(x, 4, bound))


@operator("Clip")
def clip(graph, name):
    x = graph.any()
    bounds = [graph.constant(FLOAT, (), [-0.5]), graph.constant(FLOAT, (), [1.25])]
    chosen = graph.random.choice([bounds, bounds[:1], [None, bounds[1]]])
    graph.one(name, [x, *chosen], FLOAT, x.shape, x.bound + 1.25, x.noise)


@operator("Add", "Sub", "Mul", "Min", "Max")
def arithmetic(graph, name):
    kind = graph.random.choice([FLOAT, FLOAT, FLOAT, INT64, INT32])
    x = graph.any(kind)
    y = graph.partner(x)
    product = name == "Mul"
    bound = x.bound * y.bound if product else x.bound + y.bound
    if bound > MAX_BOUND:
        return False
    noise = 0 if kind != FLOAT else x.noise * (y.bound if product else 1) + y.noise * (
        x.bound if product else 1)
    # One rounding is the same everywhere; after an inexact operand it moves by at most this.
    noise += EPSILON * bound if noise else 0
    operands = [x, y] if graph.random.random() < 0.5 else [y, x]
    graph.one(name, operands, kind, x.shape, bound, noise)
    return True


@operator("Div")
def divide(graph, name):
    x = graph.any()
    y = graph.positive(graph.partner(x), 0.5)
    bound = 2 * x.bound
    # A product with the reciprocal rounds twice.
    noise = 2 * x.noise + 4 * x.bound * y.noise + EPSILON * bound
    graph.one(name, [x, y], FLOAT, x.shape, bound, noise)


@operator("Div", "Mod")
def divide_integers(graph, name):
    kind = graph.random.choice([INT64, INT32])
    x = graph.any(kind)
    y = graph.parameter(graph.random.choice([(), x.shape]), 7, 1, kind)
    graph.one(name, [x, y], kind, x.shape, max(x.bound, 7), 0)


@operator("Mod")
def remainder(graph, name):
    x = graph.any(exact=True)
    y = graph.parameter((), 3, 1)
    graph.one(name, [x, y], FLOAT, x.shape, x.bound, 0, [onnx.attribute_int("fmod", 1)])


@operator("Pow")
def power(graph, name):
    x = graph.positive(graph.any())
    if x.bound > 20:
        return False
    exponent = graph.random.choice([0.5, 1.0, 2.0, -1.0, 3.0])
    y = graph.constant(FLOAT, (), [exponent])
    bound = max(x.bound, 2) ** max(exponent, 1)
    graph.one(name, [x, y], FLOAT, x.shape, bound, lipschitz(x, 3 * bound, 4 * bound))
    return True


@operator("PRelu")
def prelu(graph, name):
    x = graph.any()
    slope = graph.parameter(graph.random.choice([x.shape, x.shape[1:], (1,) * x.rank]), 1)
    noise = x.noise + (EPSILON * x.bound if x.noise else 0)
    graph.one(name, [x, slope], FLOAT, x.shape, x.bound, noise)


@operator("Sum", "Mean", "Max", "Min")
def variadic(graph, name):
    x = graph.any()
    others = [graph.partner(x) for _ in range(graph.random.randint(0, 2))]
    bound = sum(v.bound for v in [x, *others])
    noise = sum(v.noise for v in [x, *others])
    if bound > MAX_BOUND:
        return False
    if name in ("Sum", "Mean"):
        noise += EPSILON * bound
    graph.one(name, [x, *others], FLOAT, x.shape, bound, noise)
    return True


@operator("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual")
def compare(graph, name):
    kind = graph.random.choice([FLOAT, INT64, INT32])
    x = graph.any(kind, exact=True)
    y = graph.parameter(graph.random.choice([(), x.shape]), 2, kind=kind)
    graph.one(name, [x, y], BOOL, x.shape, 1, 0)


@operator("And", "Or", "Xor")
def logic(graph, name):
    x = graph.any(BOOL)
    graph.one(name, [x, graph.partner(x)], BOOL, x.shape, 1, 0)


@operator("Not")
def invert(graph, name):
    x = graph.any(BOOL)
    graph.one(name, [x], BOOL, x.shape, 1, 0)


@operator("BitwiseAnd", "BitwiseOr", "BitwiseXor", opset=18)
def bitwise(graph, name):
    x = graph.any(INT32)
    # Two's complement: operands below 2^n in magnitude give results not above it.
    y = graph.parameter((), 63, kind=INT32)
    bound = 2.0 ** (math.ceil(math.log2(max(x.bound, 63, 1))) + 1)
    graph.one(name, [x, y], INT32, x.shape, bound, 0)


@operator("Where")
def where(graph, name):
    x = graph.any()
    condition = graph.partner(x, BOOL)
    y = graph.partner(x)
    graph.one(name, [condition, x, y], FLOAT, x.shape, max(x.bound, y.bound), max(x.noise, y.noise))


@operator("Cast")
def cast(graph, name):
    source, target = graph.random.choice([
        (FLOAT, INT32), (FLOAT, INT64), (INT64, FLOAT), (INT32, FLOAT), (BOOL, FLOAT),
        (FLOAT, BOOL), (INT64, INT32), (INT32, INT64), (BOOL, INT64), (INT64, BOOL)])
    x = graph.any(source, exact=True)
    bound = 1 if BOOL in (source, target) else x.bound
    graph.one(name, [x], target, x.shape, bound, 0, [onnx.attribute_int("to", target)])
