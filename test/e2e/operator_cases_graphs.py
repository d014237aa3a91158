# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sequences, optionals and bodies."""

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT64
from operator_cases import case, ramp, whole

# Sequences and optionals end in a tensor.
FLOATS = {"a": ramp(2, 3), "b": ramp(2, 3, start=2)}
case("sequence: construct, erase, insert", [
    onnx.node("SequenceConstruct", ["a", "b", "a"], ["s"]), onnx.node("SequenceErase", ["s", "at"], ["e"]),
    onnx.node("SequenceEmpty", [], ["none"]), onnx.node("SequenceInsert", ["none", "b"], ["i"], "put"),
    onnx.node("SequenceAt", ["i", "first"], ["t"]), onnx.node("SequenceInsert", ["e", "t", "first"], ["f"]),
    onnx.node("SequenceLength", ["f"], ["n"]),
    onnx.node("ConcatFromSequence", ["f"], ["y"], "", [onnx.attribute_int("axis", 1)])],
    FLOATS, {"y": (FLOAT, 2), "n": (INT64, 0)}, {"at": whole((), [-2]), "first": whole((), [0])})
DOUBLED = onnx.graph([onnx.node("Add", ["p", "p"], ["q"])], [onnx.value("p", (2, 3))], [onnx.value("q", (2, 3))])
case("sequence: map", [
    onnx.node("SequenceConstruct", ["a", "b"], ["s"]),
    onnx.node("SequenceMap", ["s"], ["m"], "", [onnx.attribute_graph("body", DOUBLED)]),
    onnx.node("ConcatFromSequence", ["m"], ["y"], "", [onnx.attribute_int("axis", 0)])],
    FLOATS, {"y": (FLOAT, 2)})
case("optional", [
    onnx.node("Optional", ["a"], ["o"]), onnx.node("OptionalHasElement", ["o"], ["has"]),
    onnx.node("OptionalGetElement", ["o"], ["y"])], {"a": ramp(2, 3)}, {"y": (FLOAT, 2), "has": (BOOL, 0)}, opset=18)
SUM = onnx.graph([onnx.node("Add", ["state", "row"], ["next"]), onnx.node("Mul", ["next", "row"], ["out"])],
                 [onnx.value("state", (3,)), onnx.value("row", (3,))],
                 [onnx.value("next", (3,)), onnx.value("out", (3,))])
for backwards in (0, 1):
    case(f"scan, direction {backwards}", [
        onnx.node("Scan", ["init", "x"], ["final", "y"], "",
                  [onnx.attribute_graph("body", SUM), onnx.attribute_int("num_scan_inputs", 1),
                   onnx.attribute_ints("scan_input_directions", [backwards]),
                   onnx.attribute_ints("scan_output_directions", [backwards])])],
        {"init": ramp(3), "x": ramp(4, 3)}, {"final": (FLOAT, 1), "y": (FLOAT, 2)}, opset=16)
for backwards in (0, 1):
    case(f"scan of batches, direction {backwards}", [
        onnx.node("Scan", ["", "init", "x"], ["final", "y"], "",
                  [onnx.attribute_graph("body", SUM), onnx.attribute_int("num_scan_inputs", 1),
                   onnx.attribute_ints("directions", [backwards])])],
        {"init": ramp(2, 3), "x": ramp(2, 4, 3)}, {"final": (FLOAT, 2), "y": (FLOAT, 3)}, opset=8)
