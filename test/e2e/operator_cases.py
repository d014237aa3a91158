# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cases of run_operators.py: CASES, and what its operator_cases_*.py add to them with."""

import math

import onnx_writer as onnx
from onnx_writer import FLOAT, INT64

CASES = {}


class Case:
    """Operands are (kind, shape, values) for inputs; `constants` likewise, by name."""

    def __init__(self, nodes, inputs, outputs, constants, opset, domains):
        self.inputs = inputs
        self.bytes = onnx.model(
            nodes, [onnx.value(name, shape, kind) for name, (kind, shape, _) in inputs.items()],
            [onnx.value(name, ["d%d" % i for i in range(rank)], kind)
             for name, (kind, rank) in outputs.items()],
            [onnx.tensor(name, shape, values, kind)
             for name, (kind, shape, values) in constants.items()],
            opset, ir_version=8 if opset < 20 else 10, domains=domains)


def case(name, nodes, inputs, outputs, constants=None, opset=17, domains=()):
    CASES[name] = Case(nodes, inputs, outputs, constants or {}, opset, domains)


def one(name, op, inputs, result, opset=17, attributes=(), domain="", constants=None):
    """One node: `inputs` in order, some of which may be in `constants`; `result`: (kind, rank)."""
    constants = constants or {}
    case(name, [onnx.node(op, list(inputs), ["y"], "", attributes, domain)],
         {key: value for key, value in inputs.items() if key and key not in constants},
         {"y": result}, constants, opset, (domain,) if domain else ())


def ramp(*shape, start=-1.0, step=0.375, kind=FLOAT):
    count = math.prod(shape)
    return kind, shape, [start + step * (7 * i % (count + 1)) for i in range(count)]


def whole(shape, values, kind=INT64):
    return kind, shape, values
