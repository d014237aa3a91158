#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random layers with random zeros: whatever the mapping leaves out, orders, slices, squeezes, divides
and copies, the program computes what the integer graph says, on digital and on analog arrays.

A model holds several layers side by side, so that one compilation checks them all; some are followed
by another layer, which starts on rows of theirs."""

import array
import os
import random
import re
import sys

import harness
import npy
import onnx_writer as onnx
from harness import expect

LAYERS_PER_MODEL = 10
# Cores of so few arrays that a stack is divided among several.
SMALL_CORES = {"mesh_rows": "64", "mesh_cols": "64"}
# Target, keys of it that are changed, options of pimc. Slices in arrays of their own and small cores are
# nothing that a target of targets/ asks for.
VARIANTS = (
    ("sot-and", {}, ()),
    ("reram-xbar", {}, ()),
    ("reram-xbar", {"slicing": "arrays", "sign": "differential"}, ("--squeeze", "1")),
    ("reram-xbar", {"slicing": "arrays", "sign": "twos-complement"},
     ("--squeeze", "auto", "--squeeze-budget", "0.001")),
    ("sot-and", {"slicing": "arrays", "sign": "differential"}, ("--squeeze", "2")),
    ("sot-and", {"arrays": "1", **SMALL_CORES}, ()),
    ("reram-xbar", {"slicing": "arrays", "sign": "twos-complement", "arrays": "3", **SMALL_CORES},
     ("--squeeze", "1")),
    ("reram-xbar", {"slicing": "arrays", "sign": "differential", "arrays": "5", **SMALL_CORES},
     ("--prune", "column=0.5@8", "--optimize", "latency", "--array-budget", "2x")),
    ("reram-xbar", {}, ("--array-budget", "3x", "--prune", "filter=0.3")),
    ("sot-and", {}, ("--optimize", "arrays", "--weight-code", "window:3")),
    ("reram-xbar", {"slicing": "arrays", "sign": "differential"},
     ("--optimize", "arrays", "--squeeze", "1")),
    ("reram-xbar", {"arrays": "16", "mesh_rows": "32", "mesh_cols": "32"}, ("--optimize", "arrays")),
    ("reram-xbar", {"slicing": "arrays", "sign": "twos-complement"},
     ("--weight-code", "auto", "--squeeze", "auto", "--optimize", "energy")),
    # A sign for each fragment, in one set of arrays instead of two.
    ("reram-xbar", {"slicing": "arrays", "sign": "differential"},
     ("--prune", "polarize=1x8", "--fragment-signs", "8", "--squeeze", "1")),
    ("sot-and", {}, ("--prune", "polarize=1x5", "--fragment-signs", "5", "--optimize", "arrays")),
    # Chips that are too small: arrays are programmed in rounds, on one core and on several.
    ("sot-and", {"arrays": "1", "mesh_rows": "1", "mesh_cols": "1"}, ("--optimize", "arrays")),
    ("sot-xbar", {"slicing": "arrays", "arrays": "3", "mesh_rows": "1", "mesh_cols": "3"},
     ("--prune", "column=0.5@8")),
)


class Layer:
    """A convolution with zeros in some pattern."""

    def __init__(self, draw):
        kind = draw.choice(("odd", "pointwise", "depthwise", "grouped", "dilated", "strided", "fc"))
        self.groups, self.stride, self.dilation, self.kernel = 1, 1, 1, draw.choice((1, 2, 3, 5))
        self.channels, self.filters = draw.randint(1, 40), draw.randint(1, 48)
        if kind == "pointwise":
            self.kernel, self.channels = 1, draw.randint(1, 300)
        elif kind == "depthwise":
            self.kernel = draw.choice((3, 5))
            self.groups = self.channels
            self.filters = self.channels * draw.choice((1, 1, 2))
        elif kind == "grouped":
            self.groups = draw.randint(2, 6)
            self.channels, self.filters = self.groups * draw.randint(1, 8), self.groups * draw.randint(1, 8)
        elif kind == "dilated":
            self.kernel, self.dilation = 3, draw.choice((2, 3))
        elif kind == "strided":
            self.stride = draw.randint(self.kernel, self.kernel + 2)
        reach = (self.kernel - 1) * self.dilation + 1
        self.pad = 0 if kind == "fc" else draw.randint(0, self.kernel // 2)
        size = 1 if kind == "fc" else draw.randint(max(1, reach - 2 * self.pad), reach + 6)
        self.size = [size, 1 if kind == "fc" else max(size + draw.randint(0, 2), reach - 2 * self.pad)]
        if kind == "fc":
            self.kernel, self.channels = 1, draw.randint(1, 400)
        self.weights = self.make_weights(draw)
        self.bias = [draw.gauss(0, 1) for _ in range(self.filters)]
        self.follower = draw.randint(1, 40) if draw.random() < 0.5 else 0
        self.follower_weights = [draw.gauss(0, 0.1) for _ in range(self.follower * self.filters)]

    def shape(self):
        return [self.filters, self.channels // self.groups, self.kernel, self.kernel]

    def make_weights(self, draw):
        filters, channels, rows, cols = self.shape()
        columns = channels * rows * cols
        spread = draw.choice((0.02, 0.3))
        weights = [[draw.expovariate(1 / spread) * draw.choice((-1, 1)) for _ in range(columns)]
                   for _ in range(filters)]
        pattern = draw.choice(("dense", "filter", "column", "block", "nm", "irregular", "all", "even"))
        drop = draw.uniform(0.1, 0.9)
        gone_filters = {f for f in range(filters) if draw.random() < drop}
        gone_columns = {c for c in range(columns) if draw.random() < drop}
        gone_blocks = {(f, c) for f in range(filters) for c in range(columns)
                       if draw.random() < drop}
        for f in range(filters):
            for c in range(columns):
                if ((pattern == "filter" and f in gone_filters)
                        or (pattern == "column" and c in gone_columns)
                        or (pattern == "block" and (f // 8, c // 4) in gone_blocks)
                        or (pattern == "nm" and (f + c) % 4 < 2)
                        or (pattern == "irregular" and draw.random() < drop)
                        or (pattern == "all" and filters > 1)
                        # Neighbouring outputs weigh different rows.
                        or (pattern == "even" and (f + c) % 2)):
                    weights[f][c] = 0.0
        return [weight for row in weights for weight in row]


def write_model(path, layers):
    nodes, inputs, outputs, constants = [], [], [], []
    for i, layer in enumerate(layers):
        inputs.append(onnx.value(f"x{i}", [1, layer.channels, *layer.size]))
        constants.append(onnx.tensor(f"w{i}", layer.shape(), layer.weights))
        constants.append(onnx.tensor(f"b{i}", [layer.filters], layer.bias))
        nodes.append(onnx.node("Conv", [f"x{i}", f"w{i}", f"b{i}"], [f"y{i}"], f"layer{i}", [
            onnx.attribute_ints("kernel_shape", [layer.kernel] * 2),
            onnx.attribute_ints("strides", [layer.stride] * 2),
            onnx.attribute_ints("dilations", [layer.dilation] * 2),
            onnx.attribute_ints("pads", [layer.pad] * 4),
            onnx.attribute_int("group", layer.groups)]))
        reach = (layer.kernel - 1) * layer.dilation + 1
        size = [(extent + 2 * layer.pad - reach) // layer.stride + 1 for extent in layer.size]
        if layer.follower:
            constants.append(onnx.tensor(f"v{i}", [layer.follower, layer.filters, 1, 1],
                                         layer.follower_weights))
            nodes.append(onnx.node("Relu", [f"y{i}"], [f"r{i}"], f"relu{i}"))
            nodes.append(onnx.node("Conv", [f"r{i}", f"v{i}"], [f"z{i}"], f"follower{i}"))
            outputs.append(onnx.value(f"z{i}", [1, layer.follower, *size]))
        else:
            outputs.append(onnx.value(f"y{i}", [1, layer.filters, *size]))
    with open(path, "wb") as file:
        file.write(onnx.model(nodes, inputs, outputs, constants))


def write_inputs(folder, layers, draw):
    options = []
    for i, layer in enumerate(layers):
        count = layer.channels * layer.size[0] * layer.size[1]
        path = os.path.join(folder, f"x{i}.npy")
        npy.write(path, "<f4", [2, layer.channels, *layer.size],
                  array.array("f", [draw.gauss(0, 1) for _ in range(2 * count)]))
        options += ["--input", f"x{i}={path}"]
    return options


def write_target(folder, name, mapping):
    """The target `name`, or a copy of it with another mapping; returns what --target takes."""
    if not mapping:
        return name
    with open(os.path.join(harness.ROOT, "targets", f"{name}.yaml"), encoding="utf-8") as file:
        text = file.read()
    for key, value in mapping.items():
        text, count = re.subn(rf"(?m)^(  {key}: ).*$", rf"\g<1>{value}", text)
        expect(count == 1, f"target {name} has {count} lines for mapping.{key}")
    path = os.path.join(folder, re.sub(r"\W+", "-", "-".join([name, *mapping.values()])) + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def check_model(tools, folder, target, options, model, inputs, order):
    """`order`: of the cores, which must not matter."""
    program, report = os.path.join(folder, "program.pimb"), os.path.join(folder, "report.json")
    tools.succeed("pimc", model, "-o", program, "--target", target, "--quiet", *options)
    tools.succeed("pim-run", program, *inputs, "--check", "--report", report, "--quiet",
                  "--interleave", order)
    quality = harness.read_json(report)["quality"]
    expect(quality["mismatched_values"] == 0, f"{quality['mismatched_values']} values differ")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools, results = harness.Tools(options.build), harness.Results("layers")
    models = (2000 if options.full else 200) // LAYERS_PER_MODEL
    with harness.scratch() as folder:
        targets = [(write_target(folder, name, mapping), flags, mapping)
                   for name, mapping, flags in VARIANTS]
        for seed in range(models):
            draw = random.Random(seed)
            layers = [Layer(draw) for _ in range(LAYERS_PER_MODEL)]
            model = os.path.join(folder, "model.onnx")
            write_model(model, layers)
            inputs = write_inputs(folder, layers, draw)
            # Every layer runs on both kinds of array; the variants take turns.
            for index in {0, 1, 2 + seed % (len(targets) - 2)}:
                target, flags, _ = targets[index]
                results.run(f"layers of seed {seed} on {os.path.basename(target)}", check_model,
                            tools, folder, target, flags, model, inputs, seed)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
