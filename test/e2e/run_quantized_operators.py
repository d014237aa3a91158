#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small quantized networks with what exporters put between, before and behind their matrix layers: operators that
move integers, bytes in and out, several consumers. Each is compiled for a chip, must agree with the reference of its
integers in every value, and with the same model on the host: floats but for their last bits, bytes within one step."""

import os
import sys

import harness
import npy
import onnx_writer as onnx
from harness import expect
from onnx_writer import FLOAT, INT64, INT8, UINT8

CHIP = "sot-and"
MICROSOFT = "com.microsoft"
SHAPE = (1, 2, 6, 6)
STEP = 0.05
ZERO = {UINT8: 100, INT8: -3}
NPY = {FLOAT: "<f4", UINT8: "|u1", INT8: "|i1"}
CONSTANTS = [
    onnx.tensor("s", (), [STEP]), onnx.tensor("weights", (3, 2, 3, 3), [20 * (7 * i % 11 - 5) for i in range(54)], INT8),
    onnx.tensor("ws", (), [0.0047]), onnx.tensor("wz", (), [0], INT8), onnx.tensor("pads", (8,), [0, 0, 1, 1, 0, 0, 1, 1], INT64),
    onnx.tensor("first", (4,), [0, 0, 0, 1], INT64), onnx.tensor("last", (4,), [1, 2, 6, 6], INT64),
    onnx.tensor("twice", (4,), [1.0, 1.0, 2.0, 2.0]), onnx.tensor("reversed", (6,), [5, 4, 3, 2, 1, 0], INT64),
    onnx.tensor("flat", (4,), [1, 2, 4, 9], INT64)]


def quantize(value, result):
    return onnx.node("QuantizeLinear", [value, "s", "z"], [result])


def dequantize(value, result):
    return onnx.node("DequantizeLinear", [value, "s", "z"], [result])


CONV = [onnx.node("DequantizeLinear", ["weights", "ws", "wz"], ["w"]), onnx.node("Conv", ["b", "w"], ["c"])]


def moved(node):
    """A node that moves integers m from integers a, in front of a convolution of floats."""
    return [quantize("x", "a"), node, dequantize("m", "b"), *CONV, onnx.node("Identity", ["c"], ["y"])]


def quantized(op, value, result, attributes):
    """An operator of one image of com.microsoft."""
    return onnx.node(op, [value, "s", "z", "s", "z"], [result], "", attributes, MICROSOFT)


LAST = onnx.attribute_int("channels_last", 1)
TO_LAST, TO_SECOND = (onnx.attribute_ints("perm", order) for order in ([0, 2, 3, 1], [0, 3, 1, 2]))

# name: (nodes, whether bytes go in, whether they come out, extents of the result)
CASES = {
    "floats in and out": ([quantize("x", "a"), dequantize("a", "b"), *CONV, onnx.node("Relu", ["c"], ["y"])], False, False, (4, 4)),
    "bytes out": ([quantize("x", "a"), dequantize("a", "b"), *CONV, quantize("c", "y")], False, True, (4, 4)),
    "bytes in": ([dequantize("x", "b"), *CONV, onnx.node("Relu", ["c"], ["y"])], True, False, (4, 4)),
    "bytes in and out": ([dequantize("x", "b"), *CONV, quantize("c", "y")], True, True, (4, 4)),
    "bytes moved, in and out": (
        [onnx.node("Transpose", ["x"], ["t"], "", [onnx.attribute_ints("perm", [0, 1, 3, 2])]), dequantize("t", "b"), *CONV,
         quantize("c", "q"), onnx.node("MaxPool", ["q"], ["y"], "", [onnx.attribute_ints("kernel_shape", [2, 2])])],
        True, True, (3, 3)),
    "max pool": (moved(onnx.node("MaxPool", ["a"], ["m"], "", [onnx.attribute_ints("kernel_shape", [2, 2])])), False, False, (3, 3)),
    "concat": (moved(onnx.node("Concat", ["a", "a"], ["m"], "", [onnx.attribute_int("axis", 2)])), False, False, (10, 4)),
    "pad": (moved(onnx.node("Pad", ["a", "pads", "z"], ["m"])), False, False, (6, 6)),
    "pad with integer zeros": (moved(onnx.node("Pad", ["a", "pads"], ["m"])), False, False, (6, 6)),
    "slice": (moved(onnx.node("Slice", ["a", "first", "last"], ["m"])), False, False, (4, 3)),
    "resize": (moved(onnx.node("Resize", ["a", "", "twice"], ["m"], "", [onnx.attribute_string("mode", "nearest")])),
               False, False, (10, 10)),
    "gather": (moved(onnx.node("Gather", ["a", "reversed"], ["m"], "", [onnx.attribute_int("axis", 2)])), False, False, (4, 4)),
    "reshape": (moved(onnx.node("Reshape", ["a", "flat"], ["m"])), False, False, (2, 7)),
    "maximum": (moved(onnx.node("Max", ["a", "z"], ["m"])), False, False, (4, 4)),
    "clip": (moved(onnx.node("Clip", ["a", "z"], ["m"])), False, False, (4, 4)),
    "channels last": (
        [quantize("x", "a"), onnx.node("Transpose", ["a"], ["l"], "", [TO_LAST]),
         onnx.node("QLinearConv", ["l", "s", "z", "weights", "ws", "wz", "s", "z"], ["m"], "", [LAST], MICROSOFT),
         quantized("QLinearAveragePool", "m", "p", [LAST, onnx.attribute_ints("kernel_shape", [2, 1])]),
         onnx.node("Transpose", ["p"], ["y"], "", [TO_SECOND])], False, True, (3, 4)),
    "global average with channels last": (
        [quantize("x", "a"), dequantize("a", "b"), *CONV, quantize("c", "q"), onnx.node("Transpose", ["q"], ["l"], "", [TO_LAST]),
         quantized("QLinearGlobalAveragePool", "l", "m", [LAST]), onnx.node("Transpose", ["m"], ["y"], "", [TO_SECOND])],
        False, True, (1, 1)),
    "softmax of rows, as before opset 13": (
        [quantize("x", "a"), dequantize("a", "b"), *CONV, quantize("c", "q"),
         quantized("QLinearSoftmax", "q", "y", [onnx.attribute_int("axis", 2), onnx.attribute_int("opset", 12)])],
        False, True, (4, 4)),
    "mean": (
        [quantize("x", "a"), dequantize("a", "b"), *CONV, quantize("c", "q"),
         quantized("QLinearReduceMean", "q", "y", [onnx.attribute_ints("axes", [2])])], False, True, (1, 4)),
    "integers read by the host too": (
        [quantize("x", "a"), onnx.node("Cast", ["a"], ["f"], "", [onnx.attribute_int("to", 1)]),
         onnx.node("ReduceMax", ["f"], ["most"], "", [onnx.attribute_int("keepdims", 1)]), dequantize("a", "b"), *CONV,
         onnx.node("Mul", ["c", "most"], ["y"])], False, False, (4, 4)),
}


def run_case(tools, name, kind, folder):
    nodes, takes_bytes, gives_bytes, extents = CASES[name]
    into, out = kind if takes_bytes else FLOAT, kind if gives_bytes else FLOAT
    model, program, data, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".npy", ".npz"))
    with open(model, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value("x", SHAPE, into)], [onnx.value("y", (1, 3, *extents), out)],
                              [*CONSTANTS, onnx.tensor("z", (), [ZERO[kind]], kind)], 13, domains=(MICROSOFT,)))
    values = [(37 * i) % 256 - (128 if kind == INT8 else 0) for i in range(72)]
    if not takes_bytes:
        values = [(value - ZERO[kind]) * STEP for value in values]
    npy.write(data, NPY[into], SHAPE, onnx.packed(into, values))
    found = []
    for target, check in (("host", ()), (CHIP, ("--check",))):
        tools.succeed("pimc", model, "-o", program, "--target", target, "--quiet")
        tools.succeed("pim-run", program, "--input", data, "--output", result, "--quiet", *check)
        found.append(npy.read_npz(result)["y"])
    (_, shape, wanted), (_, chip_shape, values) = found
    expect(tuple(shape) == tuple(chip_shape), f"shape {tuple(chip_shape)}, on the host {tuple(shape)}")
    worst = max(abs(float(a) - float(b)) for a, b in zip(wanted, values))
    allowed = 1 if gives_bytes else 1e-5 * max(abs(value) for value in wanted)
    expect(worst <= allowed, f"differs from the host by {worst:g}, {allowed:g} is allowed")


def main():
    options = harness.make_parser(__doc__).parse_args()
    results = harness.Results("quantized-operators")
    with harness.scratch() as folder:
        for name in CASES:
            for kind, text in ((UINT8, "u8"), (INT8, "i8")):
                results.run(f"{name}, {text}", run_case, harness.Tools(options.build), name, kind, folder)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
