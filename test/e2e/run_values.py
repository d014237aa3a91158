#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values that are no ordinary tensors, as inputs and outputs of small models: sequences, optionals,
floats of 8 bits on the host; sequences of known length on a chip, where they are taken apart."""

import math
import os
import sys

import harness
import npy
import onnx_writer as onnx
from harness import expect
from onnx_writer import BOOL, FLOAT, INT64
from run_bad_input import check_error

CHIP = "sot-and"
FLOAT8 = {17: ("E4M3FN", 448.0), 18: ("E4M3FNUZ", 240.0), 19: ("E5M2", 57344.0), 20: ("E5M2FNUZ", 57344.0)}


def run_model(tools, folder, model, inputs, target="host", options=()):
    """`inputs`: the content of the file of each, by name. Returns the arrays that come out."""
    program, result = os.path.join(folder, "case.pimb"), os.path.join(folder, "case.npz")
    path = os.path.join(folder, "case.onnx")
    with open(path, "wb") as file:
        file.write(model)
    arguments = []
    for name, content in inputs.items():
        data = os.path.join(folder, name + ".data")
        with open(data, "wb") as file:
            file.write(content)
        arguments += ["--input", f"{name}={data}"]
    tools.succeed("pimc", path, "-o", program, "--target", target, "--quiet")
    tools.succeed("pim-run", program, *arguments, "--output", result, "--quiet", *options)
    return {name: list(values) for name, (_, _, values) in npy.read_npz(result).items()}


def rows(*lengths):
    """A SequenceProto of vectors 1, 2, ... of these lengths."""
    return onnx.sequence([onnx.tensor("t", (length,), list(range(1, length + 1))) for length in lengths])


def insert_and_measure(tools, folder):
    model = onnx.model(
        [onnx.node("SequenceInsert", ["s", "x"], ["y"]), onnx.node("SequenceLength", ["y"], ["n"])],
        [onnx.sequence_value("s"), onnx.value("x", (2,))], [onnx.sequence_value("y"), onnx.value("n", (), INT64)], opset=13)
    x = onnx.tensor("x", (2,), [7, 8])
    found = run_model(tools, folder, model, {"s": rows(1, 3), "x": x})
    expect(found == {"y.0": [1], "y.1": [1, 2, 3], "y.2": [7, 8], "n": [3]}, f"found {found}")
    found = run_model(tools, folder, model, {"s": onnx.sequence([]), "x": x})
    expect(found == {"y.0": [7, 8], "n": [1]}, f"of an empty sequence: {found}")


def archive_as_sequence(tools, folder):
    """What one program writes, another reads."""
    split = onnx.model([onnx.node("SplitToSequence", ["x"], ["y"])], [onnx.value("x", (3, 2))],
                       [onnx.sequence_value("y")], opset=13)
    found = run_model(tools, folder, split, {"x": onnx.tensor("x", (3, 2), [1, 2, 3, 4, 5, 6])})
    expect(found == {"y.0": [1, 2], "y.1": [3, 4], "y.2": [5, 6]}, f"found {found}")
    with open(os.path.join(folder, "case.npz"), "rb") as file:
        archive = file.read()
    join = onnx.model([onnx.node("ConcatFromSequence", ["s"], ["y"], attributes=[onnx.attribute_int("axis", 0)])],
                      [onnx.sequence_value("s")], [onnx.value("y", ("n", 2))], opset=13)
    found = run_model(tools, folder, join, {"s": archive})
    expect(found == {"y": [1, 2, 3, 4, 5, 6]}, f"found {found}")


def optionals(tools, folder):
    model = onnx.model([onnx.node("OptionalHasElement", ["o"], ["y"])], [onnx.optional_value("o")],
                       [onnx.value("y", (), BOOL)], opset=18)
    tensor = onnx.tensor("t", (2,), [1, 2])
    for content, wanted in ((onnx.optional(tensor), 1), (onnx.optional(), 0), (tensor, 1)):
        found = run_model(tools, folder, model, {"o": content})
        expect(found == {"y": [wanted]}, f"found {found}, expected {wanted}")
    model = onnx.model([onnx.node("OptionalGetElement", ["o"], ["y"])], [onnx.optional_value("o", is_sequence=True)],
                       [onnx.sequence_value("y")], opset=18)
    for content in (onnx.optional(rows(1, 2), is_sequence=True), rows(1, 2)):
        found = run_model(tools, folder, model, {"o": content})
        expect(found == {"y.0": [1], "y.1": [1, 2]}, f"found {found}")


def refused(tools, folder):
    """What does not fit an input, and what cannot be asked of a value that is no tensor."""
    path, program, labels, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".txt", ".npz"))

    def write(name, content):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        return os.path.join(folder, name)

    def check(words, model, *arguments):
        write("case.onnx", model)
        tools.succeed("pimc", path, "-o", program, "--target", "host", "--quiet")
        process = tools.run("pim-run", program, "--quiet", *arguments)
        check_error(process, "pim-run", words)

    relu = onnx.model([onnx.node("Relu", ["x"], ["y"])], [onnx.value("x", (2,))], [onnx.value("y", (2,))])
    one = write("one.pb", onnx.tensor("t", (2,), [1, 2]))
    check("holds a sequence or an optional of ONNX, expected a tensor", relu, "--input",
          write("list.pb", onnx.sequence([onnx.tensor("t", (2,), [1, 2])])))
    check("three.pb: has shape 3, input 'x' has 2", relu, "--input", write("three.pb", onnx.tensor("t", (3,), [1, 2, 3])))
    whole = onnx.model([onnx.node("Cast", ["x"], ["y"], attributes=[onnx.attribute_int("to", FLOAT)])],
                       [onnx.value("x", (2,), INT64)], [onnx.value("y", (2,))])
    check("element 1 is 2.5, which is no i64", whole, "--input", write("half.pb", onnx.tensor("t", (2,), [1, 2.5])))
    check("element 1 is 1e\\+30, which is no i64", whole, "--input", write("far.pb", onnx.tensor("t", (2,), [1, 1e30])))

    insert = onnx.model([onnx.node("SequenceInsert", ["s", "x"], ["y"])], [onnx.sequence_value("s"), onnx.value("x", (2,))],
                        [onnx.sequence_value("y")], opset=13)
    lists = ("--input", "s=" + write("rows.pb", rows(1, 3)))
    archive = os.path.join(folder, "both.npz")
    split = onnx.model([onnx.node("SplitToSequence", ["x"], ["y"])], [onnx.value("x", (2,))], [onnx.sequence_value("y")],
                       opset=13)
    write("case.onnx", split)
    tools.succeed("pimc", path, "-o", program, "--target", "host", "--quiet")
    tools.succeed("pim-run", program, "--input", one, "--output", archive, "--quiet")
    turned = onnx.model([onnx.node("SequenceInsert", ["s", "x"], ["y"])], [onnx.value("x", (1,)), onnx.sequence_value("s")],
                        [onnx.sequence_value("y")], opset=13)
    check("both.npz: input 's' is no tensor; give it a file of its own, as s=FILE", turned, "--input", archive)
    check("input 's' has no data; --input gives it some", insert, "--input", "x=" + one)
    write("case.txt", b"0\n")
    check("output 'y' is no tensor, and has no classes for the labels", insert, *lists, "--input", "x=" + one, "--labels",
          labels)

    several = onnx.model([onnx.node("SplitToSequence", ["x"], ["y"])], [onnx.value("x", (1, 2))], [onnx.sequence_value("y")],
                         opset=13)
    two = write("two.pb", onnx.tensor("t", (2, 2), [1, 2, 0, 3]))
    check("output 'y' is no tensor; write the samples one by one", several, "--input", two, "--output", result)
    found = onnx.model([onnx.node("NonZero", ["x"], ["y"])], [onnx.value("x", (1, 2))], [onnx.value("y", (2, "n"), INT64)],
                       opset=13)
    check("output 'y' has shape 2x1 in sample 1, 2x2 before; write the samples one by one", found, "--input", two,
          "--output", result)


def small_floats_out(tools, folder, kind):
    """Rounded and saturated by the Cast, written as floats."""
    model = onnx.model([onnx.node("Cast", ["x"], ["y"], attributes=[onnx.attribute_int("to", kind)])],
                       [onnx.value("x", (6,))], [onnx.value("y", (6,), kind)], opset=19, ir_version=9)
    values = [0.0, 1.0, -1.75, 1.0625, 1e6, math.nan]
    found = run_model(tools, folder, model, {"x": onnx.tensor("x", (6,), values)})["y"]
    # 17/16 is halfway to 9/8 with three bits of mantissa, and goes to the even one.
    expect(found[:5] == [0.0, 1.0, -1.75, 1.0, FLOAT8[kind][1]] and math.isnan(found[5]), f"found {found}")


def small_floats_in(tools, folder, kind):
    """Given by their bits or as floats; constants by their bits."""
    node = [onnx.node("Cast", ["x"], ["a"], "first", [onnx.attribute_int("to", FLOAT)]),
            onnx.node("Cast", ["w"], ["b"], "second", [onnx.attribute_int("to", FLOAT)]), onnx.node("Add", ["a", "b"], ["y"])]
    one = {17: 0x38, 18: 0x40, 19: 0x3C, 20: 0x40}[kind]
    model = onnx.model(node, [onnx.value("x", (2,), kind)], [onnx.value("y", (2,))],
                       [onnx.coded_tensor("w", (2,), [one, one | 0x80], kind)], opset=19, ir_version=9)
    for content in (onnx.coded_tensor("x", (2,), [one, one + 1], kind), onnx.tensor("x", (2,), [1, 1.125 if kind < 19 else 1.25])):
        found = run_model(tools, folder, model, {"x": content})
        expect(found == {"y": [2, 0.125 if kind < 19 else 0.25]}, f"found {found}")


def small_floats_quantized(tools, folder, kind):
    nodes = [onnx.node("QuantizeLinear", ["x", "s", "z"], ["q"]), onnx.node("DequantizeLinear", ["q", "s", "z"], ["y"])]
    model = onnx.model(nodes, [onnx.value("x", (3,))], [onnx.value("q", (3,), kind), onnx.value("y", (3,))],
                       [onnx.tensor("s", (), [0.5]), onnx.coded_tensor("z", (), [0], kind)], opset=19, ir_version=9)
    found = run_model(tools, folder, model, {"x": onnx.tensor("x", (3,), [0.5, -1.0, 3.0])})
    expect(found == {"q": [1, -2, 6], "y": [0.5, -1, 3]}, f"found {found}")


def on_a_chip(tools, folder):
    """Parts of an image, each through a Relu, joined in the other order: no sequence is left."""
    body = onnx.graph([onnx.node("Relu", ["part"], ["r"])], [onnx.value("part", (1, 1, 4, 4))], [onnx.value("r", (1, 1, 4, 4))])
    weights = onnx.tensor("w", (3, 2, 3, 3), [(5 * i % 7 - 3) / 8 for i in range(54)])
    nodes = [onnx.node("SplitToSequence", ["x", "one"], ["s"], attributes=[onnx.attribute_int("axis", 1)]),
             onnx.node("SequenceMap", ["s"], ["t"], attributes=[onnx.attribute_graph("body", body)]),
             onnx.node("SequenceAt", ["t", "zero"], ["first"]), onnx.node("SequenceErase", ["t", "zero"], ["rest"]),
             onnx.node("SequenceInsert", ["rest", "first"], ["turned"]),
             onnx.node("ConcatFromSequence", ["turned"], ["c"], attributes=[onnx.attribute_int("axis", 1)]),
             onnx.node("Conv", ["c", "w"], ["y"])]
    model = onnx.model(nodes, [onnx.value("x", (1, 2, 4, 4))], [onnx.value("y", (1, 3, 2, 2))],
                       [weights, onnx.tensor("one", (), [1], INT64), onnx.tensor("zero", (), [0], INT64)], opset=17)
    x = {"x": onnx.tensor("x", (1, 2, 4, 4), [(7 * i % 11 - 5) / 4 for i in range(32)])}
    wanted = run_model(tools, folder, model, x)["y"]
    calibration = os.path.join(folder, "x.data")
    path, program, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".npz"))
    tools.succeed("pimc", path, "-o", program, "--target", CHIP, "--calibrate", calibration, "--quiet")
    tools.succeed("pim-run", program, "--input", calibration, "--output", result, "--check", "--quiet")
    found = npy.read_npz(result)["y"][2]
    worst = max(abs(a - b) for a, b in zip(found, wanted))
    expect(worst <= 0.03 * max(map(abs, wanted)), f"differs from the host by {worst:g}")


def all_results_checked(tools, folder):
    """A host layer of two results that are both used: --check compares the values of both."""
    weights = onnx.tensor("w", (8, 6), [(5 * i % 7 - 3) / 8 for i in range(48)])
    nodes = [onnx.node("MatMul", ["x", "w"], ["h"]), onnx.node("TopK", ["h", "k"], ["v", "i"]),
             onnx.node("MatMul", ["v", "u"], ["y"])]
    model = onnx.model(nodes, [onnx.value("x", (1, 8))], [onnx.value("y", (1, 5)), onnx.value("i", (1, 3), INT64)],
                       [weights, onnx.tensor("k", (1,), [3], INT64),
                        onnx.tensor("u", (3, 5), [(3 * i % 5 - 2) / 4 for i in range(15)])], opset=13)
    path, program, data, report = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".pb", ".json"))
    for name, content in ((path, model), (data, onnx.tensor("x", (1, 8), [(3 * i % 8 - 4) / 2 for i in range(8)]))):
        with open(name, "wb") as file:
            file.write(content)
    tools.succeed("pimc", path, "-o", program, "--target", CHIP, "--calibrate", data, "--quiet")
    tools.succeed("pim-run", program, "--input", data, "--check", "--report", report, "--quiet")
    compared = harness.read_json(report)["quality"]["compared_values"]
    # Two matrix layers of 6 and 5, both results of the host layer, both outputs.
    expect(compared == 6 + 5 + 3 + 3 + 5 + 3, f"{compared} values were compared")


def main():
    options = harness.make_parser(__doc__).parse_args()
    results, tools = harness.Results("values"), harness.Tools(options.build)
    with harness.scratch() as folder:
        for test in (insert_and_measure, archive_as_sequence, optionals, refused, on_a_chip, all_results_checked):
            results.run(test.__name__.replace("_", " "), test, tools, folder)
        for kind, (name, _) in FLOAT8.items():
            for test in (small_floats_out, small_floats_in, small_floats_quantized):
                results.run(f"{test.__name__.replace('_', ' ')}, {name}", test, tools, folder, kind)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
