#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Integer TOSA from other front ends: compiles without calibration, its matrices go to arrays, and
every target computes the same integers. Damaged text compiles too, or is refused in one line: 60
mutations, 2,000 with --full."""

import array
import os
import random
import re
import sys

import harness
import npy
import run_mutations
from harness import expect
from tosa_writer import Function

TARGETS = ("sot-and", "reram-xbar")
NUMBERS = (0, 1, -1, 2, 3, 7, 64, 128, -128, 255, 2**31 - 1, 2**31, -2**31, 2**62)
ELEMENTS = ("i1", "i4", "i8", "ui8", "i16", "i32", "i48", "f16", "bf16", "f32", "index")
OPERATORS = ("tosa.exp", "tosa.abs", "tosa.identity", "tosa.negate")


def bottleneck(batch, draw):
    """The blocks of an int8 MobileNet as TFLite's converter writes them: double rounding, a sum whose
    terms are rescaled to 32 bits, a fully connected layer as a matmul, a class at the end."""
    function = Function(((batch, 16, 16, 3), "i8"))

    def integers(shape, limit, element="i8"):
        count = 1
        for extent in shape:
            count *= extent
        return function.constant(shape, (draw.randint(-limit, limit) for _ in range(count)), element)

    def convolution(value, weights, zero, zero_out, factor, **window):
        outputs = weights[2] if weights[3] == 1 else weights[0]
        sums = function.convolve(value, integers(weights, 100), integers((outputs,), 2000, "i32"),
                                 zero, **window)
        return function.rescale(sums, factor, 0, zero_out, "i8")

    image = function.inputs[0]
    first = convolution(image, (8, 3, 3, 3), -128, -128, 0.005, pad=(0, 1, 0, 1), stride=2)
    bounded = function.op("clamp", (first,), first[1], "i8", "{min_val = -128 : i8, max_val = 100 : i8}")
    # Padding of its own, by the zero point.
    padded = function.op("pad", (bounded, function.shape((0, 0, 1, 1, 1, 1, 0, 0)),
                                 function.scalar(-128)), (batch, 10, 10, 8), "i8")
    depthwise = convolution(padded, (3, 3, 8, 1), -128, -128, 0.005)
    projected = convolution(depthwise, (8, 1, 1, 8), -128, 0, 0.005)
    total = function.op("add", (function.rescale(bounded, 2.0**19, -128, 0, "i32"),
                                function.rescale(projected, 1.2 * 2**19, 0, 0, "i32")),
                        first[1], "i32")
    joined = function.rescale(total, 0.5**19, 0, -128, "i8")
    zero = function.scalar(-128)
    mean = function.op("avg_pool2d", (joined, zero, zero), (batch, 1, 1, 8), "i8",
                       "{acc_type = i32, kernel = array<i64: 8, 8>, pad = array<i64: 0, 0, 0, 0>, "
                       "stride = array<i64: 8, 8>}")
    features = function.reshape(mean, (1, batch, 8))
    product = function.op("matmul", (features, integers((1, 8, 5), 100), zero, function.scalar(0)),
                          (1, batch, 5), "i32")
    biased = function.op("add", (product, integers((1, 1, 5), 2000, "i32")), (1, batch, 5), "i32")
    logits = function.reshape(function.rescale(biased, 0.005, 0, 0, "i8", "SINGLE_ROUND"), (batch, 5))
    classes = function.op("argmax", (logits,), (batch,), "i32", "{axis = 1 : i32}")
    return function.text(logits, classes), ["argmax"]


def borders(batch, draw):
    """Unsigned pixels in, floats out, and weights that are an input: those are the host's."""
    function = Function(((batch, 6, 6, 2), "i8"), ((2, 1, 1, 2), "i8"))
    pixels = function.rescale(function.inputs[0], 1.0, -128, 0, "i8", "SINGLE_ROUND", is_unsigned=True)
    weights = function.constant((2, 3, 3, 2), (draw.randint(-9, 9) for _ in range(36)))
    bias = function.constant((2,), (7, -9), "i32")
    sums = function.convolve(pixels, weights, bias, 0, pad=(1, 1, 1, 1))
    narrow = function.rescale(sums, 0.02, 0, 0, "i8")
    given = function.convolve(narrow, function.inputs[1], bias, 0)
    reals = function.op("cast", (narrow,), narrow[1], "f32")
    scaled = function.op("mul", (reals, function.constant((1, 1, 1, 1), (0.25,), "f32"),
                                 function.scalar(0)), narrow[1], "f32")
    return function.text(scaled, given), ["conv2d_2", "mul", "rescale"]


def write_inputs(folder, shapes, samples, draw):
    """Random bytes; options of pim-run."""
    options = []
    for i, shape in enumerate(shapes):
        count = samples
        for extent in shape:
            count *= extent
        # The samples of a batch of one may lie along its dimension.
        extents = (samples, *shape[1:]) if shape[0] == 1 else (samples, *shape)
        path = os.path.join(folder, f"input{i}.npy")
        npy.write(path, "|i1", extents, array.array("B", (draw.randrange(256) for _ in range(count))).tobytes())
        options += ["--input", f"input{i}={path}"]
    return options


def check(tools, folder, make, batch, shapes):
    draw = random.Random(5)
    model, report = os.path.join(folder, "model.mlir"), os.path.join(folder, "report.json")
    text, on_host = make(batch, draw)
    with open(model, "w", encoding="utf-8") as file:
        file.write(text)
    inputs = write_inputs(folder, shapes, 3, draw)
    outputs = {}
    for target in (*TARGETS, "host"):
        program, arrays = os.path.join(folder, "program.pimb"), os.path.join(folder, "outputs.npz")
        process = tools.succeed("pimc", model, "-o", program, "--target", target, "--report", report,
                                "--quiet")
        expect(not process.stderr, f"pimc for {target} says: {process.stderr[:300]}")
        if target != "host":
            layers = harness.read_json(report)["layers"]
            expect(sorted(layer["name"] for layer in layers if layer.get("unit") == "host") == on_host,
                   f"for {target} the host computes other layers than {on_host}")
        tools.succeed("pim-run", program, *inputs, "--output", arrays, "--quiet", "--report", report,
                      *(() if target == "host" else ("--check",)))
        if target != "host":
            quality = harness.read_json(report)["quality"]
            expect(quality["compared_values"] > 0, "nothing was compared")
            expect(quality["mismatched_values"] == 0, f"{quality['mismatched_values']} values differ")
        outputs[target] = [list(values[2]) for values in npy.read_npz(arrays).values()]
    expect(outputs["sot-and"] == outputs["reram-xbar"], "the chips' outputs differ")
    # The host keeps the element types of the model, chips give integers as the reals they stand for.
    expect([list(map(float, values)) for values in outputs["host"]] ==
           [list(map(float, values)) for values in outputs["sot-and"]], "the host's outputs differ")


def mutate(text, draw):
    """Another number, operand, element type or operator in the place of one, or of a few."""
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        pattern, others = draw.choice(((r"-?\d+", NUMBERS), (r"%\w+", None), (r"(?<=x)[if]\d+", ELEMENTS),
                                       (r"tosa\.\w+", OPERATORS)))
        found = list(re.finditer(pattern, text))
        if found:
            place = draw.choice(found)
            choice = draw.choice(others or [match.group() for match in found])
            text = text[:place.start()] + str(choice) + text[place.end():]
    return text


def refuse_or_compile(tools, folder, seed):
    draw = random.Random(seed)
    text, _ = draw.choice((bottleneck, borders))(draw.choice((1, 2)), draw)
    model, program = os.path.join(folder, "damaged.mlir"), os.path.join(folder, "damaged.pimb")
    with open(model, "w", encoding="utf-8") as file:
        file.write(mutate(text, draw))
    for target in ("sot-and", "host"):
        run_mutations.run_tool(tools, "pimc", model, "-o", program, "--target", target, "--quiet")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools, results = harness.Tools(options.build), harness.Results("tosa")
    with harness.scratch() as folder:
        for batch in (1, 2):
            results.run(f"bottleneck, batch {batch}", check, tools, folder, bottleneck, batch,
                        [(batch, 16, 16, 3)])
        results.run("borders", check, tools, folder, borders, 1, [(1, 6, 6, 2), (2, 1, 1, 2)])
        for seed in range(2000 if options.full else 60):
            results.run(f"mutation {seed}", refuse_or_compile, tools, folder, seed)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
