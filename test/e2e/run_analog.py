#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ternary networks with sigmoid neurons on `imac` arrays: what the circuit computes equals the model code by
code, whatever way it is written in ONNX; imperfections are seeded; the bundled networks keep their accuracy and
the co-processor saves energy against its processor alone."""

import array
import os
import random
import sys

import harness
import npy
import onnx_writer as onnx
from harness import DIGITS, expect

TARGET = "imac-14nm"
LENET = [400, 120, 84, 10]


def write_chain(path, sizes, *, negates=False, separate_bias=False, conv=False, seed=1):
    """A chain of ternary layers behind a Sign, behind a convolution of a 4 x 4 image for sizes[0] = 9."""
    draw = random.Random(seed)
    nodes, constants, last = [], [], "x"

    def add(op, inputs, name, attributes=()):
        nonlocal last
        nodes.append(onnx.node(op, [last, *inputs], [name], name, attributes))
        last = name

    def constant(name, shape, values):
        constants.append(onnx.tensor(name, shape, values))
        return name

    if conv:
        add("Conv", [constant("k", [1, 1, 2, 2], [0.5, -0.25, 0.125, -0.5])], "conv",
            [onnx.attribute_ints("kernel_shape", [2, 2])])
    add("Flatten", [], "flat")
    add("Sign", [], "sign")
    for i, (inner, outer) in enumerate(zip(sizes, sizes[1:]), 1):
        scale = 4 / inner ** 0.5
        ternary = lambda count: [draw.choice((-1, 0, 1)) * scale for _ in range(count)]  # noqa: E731
        if separate_bias:
            add("MatMul", [constant(f"w{i}", [inner, outer], ternary(inner * outer))], f"fc{i}")
            add("Add", [constant(f"b{i}", [outer], ternary(outer))], f"sum{i}")
        else:
            add("Gemm", [constant(f"w{i}", [outer, inner], ternary(inner * outer)),
                         constant(f"b{i}", [outer], ternary(outer))], f"fc{i}",
                [onnx.attribute_int("transB", 1)])
        if negates:
            add("Neg", [], f"minus{i}")
        add("Sigmoid", [], f"neurons{i}")
    shape = [1, 1, 4, 4] if conv else [1, sizes[0]]
    with open(path, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value("x", shape)], [onnx.value(last, [1, sizes[-1]])],
                              constants))
    return shape[1:]


def write_inputs(path, shape, count):
    draw = random.Random(count)
    total = count
    for extent in shape:
        total *= extent
    values = array.array("f", (draw.choice((-1.0, 0.0, 1.0)) * draw.random() for _ in range(total)))
    npy.write(path, "<f4", (count, *shape), values.tobytes())


class Chains:
    def __init__(self, tools, folder, samples):
        self.tools, self.folder, self.samples = tools, folder, samples

    def path(self, name):
        return os.path.join(self.folder, name)

    def compile(self, name, sizes, target=TARGET, **how):
        shape = write_chain(self.path(name + ".onnx"), sizes, **how)
        write_inputs(self.path(name + ".npy"), shape, self.samples)
        self.tools.succeed("pimc", self.path(name + ".onnx"), "-o", self.path(name + ".pimb"), "--target",
                           target, "--quiet", "--report", self.path(name + ".json"))
        return harness.read_json(self.path(name + ".json"))

    def run(self, name, *options):
        report = self.path(name + "-run.json")
        self.tools.succeed("pim-run", self.path(name + ".pimb"), "--input", self.path(name + ".npy"),
                           "--quiet", "--report", report, "--output", self.path(name + ".npz"), *options)
        with open(self.path(name + ".npz"), "rb") as file:
            return harness.read_json(report), file.read()

    def equals_the_model(self, sizes, arrays, **how):
        mapped = self.compile("chain", sizes, **how)
        expect(mapped["arrays"]["used"] == arrays, f"{mapped['arrays']['used']} arrays, expected {arrays}")
        report, one = self.run("chain", "--check", "--threads", 1)
        expect(report["quality"]["mismatched_values"] == 0, "values differ from the reference")
        _, two = self.run("chain", "--threads", 2)
        expect(one == two, "outputs depend on the number of threads")

    def zero_as_high_cells(self):
        """The cells of a 0 do not change what an ideal circuit computes."""
        self.compile("low", LENET)
        with open(os.path.join(harness.ROOT, "targets", TARGET + ".yaml"), encoding="utf-8") as file:
            text = file.read()
        high = self.path("high.yaml")
        with open(high, "w", encoding="utf-8") as file:
            file.write(text.replace("zero: low", "zero: high"))
        self.compile("high", LENET, high)
        expect(self.run("low")[1] == self.run("high", "--check")[1], "outputs differ")

    def imperfections_are_seeded(self):
        self.compile("die", LENET)
        ideal = self.run("die")[1]
        for key in ("cell.variation_sigma=0.1", "imac.amplifier_offset_mv=20", "imac.amplifier_gain_sigma=0.1",
                    "imac.neuron_offset_mv=20", "imac.neuron_slope_sigma=0.1", "adc.offset_lsb=5",
                    "cell.stuck_on_rate=0.05", "adc.bits=3"):
            first = self.run("die", "--set", key, "--seed", 1, "--threads", 1)[1]
            expect(first != ideal, f"{key} changes nothing")
            expect(first == self.run("die", "--set", key, "--seed", 1, "--threads", 2)[1],
                   f"{key}: outputs depend on the number of threads")
            if key != "adc.bits=3":
                expect(first != self.run("die", "--set", key, "--seed", 2)[1], f"{key} has no seed")
        wires = ("--set", "array.row_wire_ohm=2", "--set", "array.column_wire_ohm=2")
        expect(self.run("die", *wires)[1] != ideal, "wires change nothing")

    def survives_translation(self):
        """Text in and out gives the same bytes."""
        self.compile("text", LENET)
        with open(self.path("text.pimb"), "rb") as file:
            whole = file.read()
        for there, back in (("--binary-to-asm", "--asm-to-binary"), ("--binary-to-isa", "--isa-to-binary")):
            self.tools.succeed("pim-translate", there, self.path("text.pimb"), "-o", self.path("text.txt"))
            self.tools.succeed("pim-translate", back, self.path("text.txt"), "-o", self.path("back.pimb"))
            with open(self.path("back.pimb"), "rb") as file:
                expect(file.read() == whole, f"{there} and back give other bytes")


class Digits:
    """The bundled networks."""

    def __init__(self, tools, folder):
        self.tools, self.folder = tools, folder

    def run(self, model, target, *options):
        stem = os.path.join(self.folder, f"{model}-{target}")
        self.tools.succeed("pimc", os.path.join(DIGITS, model + ".onnx"), "-o", stem + ".pimb", "--target",
                           target, "--scale", "1/255", "--quiet")
        self.tools.succeed("pim-run", stem + ".pimb", "--input",
                           os.path.join(DIGITS, "test-images-idx3-ubyte.gz"), "--labels",
                           os.path.join(DIGITS, "test-labels-idx1-ubyte.gz"), "--quiet", "--report",
                           stem + ".json", *options)
        return harness.read_json(stem + ".json")

    def keeps_its_accuracy(self, model, top1):
        alone = self.run(model, "cpu", "--check")
        expect(alone["quality"]["top1"] >= top1, f"top-1 {alone['quality']['top1']} on the processor")
        analog = self.run(model, TARGET, "--check")
        expect(analog["quality"]["mismatched_values"] == 0, "values differ from the reference")
        loss = alone["quality"]["top1"] - analog["quality"]["top1"]
        expect(abs(loss) <= 0.01, f"top-1 loses {loss}")
        saved = 1 - analog["cost"]["energy_j"] / alone["cost"]["energy_j"]
        expect(saved >= 0.065, f"{100 * saved:.1f} % of the energy saved")
        parts = alone["energy_j"]
        expect(parts["host_mac"] > 0 and parts["host_cache"] > 0 and parts["host_dram"] == 0,
               "a network that fits the cache takes arithmetic and cache, and no memory")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools = harness.Tools(options.build)
    results = harness.Results("analog")
    with harness.scratch() as folder:
        chains = Chains(tools, folder, 1000 if options.full else 100)
        for name, sizes, arrays, how in (
                ("400-120-84-10", LENET, 67, {}),
                ("784-16-10", [784, 16, 10], 26, {"seed": 2}),
                ("one layer", [31, 5], 1, {"seed": 3}),
                ("inputs that fill a row of arrays", [32, 33, 3], 2 * 2 + 2, {"seed": 4}),
                ("negated sums", [64, 20, 10], 4, {"negates": True}),
                ("biases apart", [64, 20, 10], 4, {"separate_bias": True}),
                ("behind a convolution", [9, 40, 10], 2 + 2, {"conv": True})):
            results.run(name, lambda s=sizes, a=arrays, h=how: chains.equals_the_model(s, a, **h))
        results.run("zeros as cells at high resistance", chains.zero_as_high_cells)
        results.run("imperfections", chains.imperfections_are_seeded)
        results.run("text forms", chains.survives_translation)
        digits = Digits(tools, folder)
        for model, top1 in (("mlp-analog", 0.7), ("lenet5-analog", 0.95)):
            results.run(model, digits.keeps_its_accuracy, model, top1)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
