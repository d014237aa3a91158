#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures what compiling costs as networks grow: chains of 3x3 convolutions of 256 channels with 1 to 100 million
weights, and networks with the layers of ResNet-18 and VGG-16 (--networks), on a chip large enough for the largest.
Processor time and peak memory of pimc, one thread; exit status 1 if one of them misses its goal."""

import argparse
import array
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

import npy
import onnx_writer as onnx

CHANNELS, KERNEL, MAP = 256, 3, 4
LAYER = CHANNELS * CHANNELS * KERNEL * KERNEL
SECONDS_GOAL = 0.5  # for every ten million weights
BYTES_GOAL, BASE_BYTES = 8, 200 << 20  # a weight, and once


def tensor(name, shape, values):
    content = b"".join(onnx.integer(1, extent) for extent in shape) + onnx.integer(2, onnx.FLOAT)
    return content + onnx.data(8, name) + onnx.data(9, values)


def chain(layers):
    """An ONNX model; weights spread like those of trained layers, from a fixed seed."""
    source = random.Random(7)
    # Variance 2/fan_in keeps activations as large as they were (He et al., 2015).
    spread = (2 / (CHANNELS * KERNEL * KERNEL)) ** 0.5
    block = array.array("f", (source.gauss(0, spread) for _ in range(LAYER // 9)))
    weights = (block * 9).tobytes()
    nodes, initializers, last = [], [], "x"
    pads = onnx.attribute_ints("pads", [1, 1, 1, 1])
    for i in range(layers):
        # Every layer has other weights.
        start = 4 * (i * 8191 % LAYER)
        initializers.append(tensor(f"w{i}", (CHANNELS, CHANNELS, KERNEL, KERNEL),
                                   weights[start:] + weights[:start]))
        nodes.append(onnx.node("Conv", [last, f"w{i}"], [f"c{i}"], f"conv{i}", [pads]))
        nodes.append(onnx.node("Relu", [f"c{i}"], [f"r{i}"], f"relu{i}"))
        last = f"r{i}"
    shape = (1, CHANNELS, MAP, MAP)
    return onnx.model(nodes, [onnx.value("x", shape)], [onnx.value(last, shape)], initializers)


class Network:
    """Nodes and weights of a network as they are added; each layer begins elsewhere in one list of weights."""

    def __init__(self, extent):
        source = random.Random(7)
        self.block = array.array("f", (source.gauss(0, 1) for _ in range(LAYER // 9)))
        self.nodes, self.initializers, self.extent = [], [], extent

    def weights(self, name, shape):
        count = 1
        for size in shape:
            count *= size
        spread = (2 / (count / shape[0])) ** 0.5
        start = len(self.initializers) * 8191 % len(self.block)
        scaled = array.array("f", (spread * w for w in self.block[start:] + self.block[:start])).tobytes()
        self.initializers.append(tensor(name, shape, (scaled * (4 * count // len(scaled) + 1))[:4 * count]))
        return name

    def add(self, op, inputs, *attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(onnx.node(op, inputs, [name], name, list(attributes)))
        return name

    def conv(self, value, channels, outputs, kernel=3, stride=1, relu=True):
        pad = kernel // 2
        weights = self.weights(f"w{len(self.nodes)}", (outputs, channels, kernel, kernel))
        value = self.add("Conv", [value, weights], onnx.attribute_ints("strides", [stride] * 2),
                         onnx.attribute_ints("pads", [pad] * 4))
        return self.add("Relu", [value]) if relu else value

    def pool(self, op, value, kernel, stride, pad=0):
        return self.add(op, [value], onnx.attribute_ints("kernel_shape", [kernel] * 2),
                        onnx.attribute_ints("strides", [stride] * 2),
                        onnx.attribute_ints("pads", [pad] * 4))

    def dense(self, value, inputs, outputs):
        return self.add("Gemm", [value, self.weights(f"w{len(self.nodes)}", (outputs, inputs))],
                        onnx.attribute_int("transB", 1))

    def model(self, value):
        return onnx.model(self.nodes, [onnx.value("x", (1, 3, self.extent, self.extent))],
                          [onnx.value(value, (1, 1000))], self.initializers)


def resnet18():
    network = Network(224)
    value = network.pool("MaxPool", network.conv("x", 3, 64, 7, 2), 3, 2, 1)
    channels = 64
    for outputs in (64, 128, 256, 512):
        for block in range(2):
            stride = 2 if block == 0 and outputs > 64 else 1
            inner = network.conv(value, channels, outputs, 3, stride)
            inner = network.conv(inner, outputs, outputs, relu=False)
            if stride == 2:
                value = network.conv(value, channels, outputs, 1, 2, relu=False)
            value, channels = network.add("Relu", [network.add("Add", [inner, value])]), outputs
    value = network.add("Flatten", [network.add("GlobalAveragePool", [value])])
    return network.model(network.dense(value, 512, 1000))


def vgg16():
    network = Network(224)
    value, channels = "x", 3
    for outputs, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            value, channels = network.conv(value, channels, outputs), outputs
        value = network.pool("MaxPool", value, 2, 2)
    value = network.add("Flatten", [value])
    for inputs, outputs in ((512 * 49, 4096), (4096, 4096)):
        value = network.add("Relu", [network.dense(value, inputs, outputs)])
    return network.model(network.dense(value, 4096, 1000))


# Seconds that a network may take.
NETWORKS = {"resnet18": (resnet18, 1), "vgg16": (vgg16, 8)}


def large_chip(folder):
    with open(os.path.join(ROOT, "targets", "reram-xbar.yaml"), encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(folder, "large.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("mesh_rows: 8", "mesh_rows: 32").replace("mesh_cols: 8", "mesh_cols: 32"))
    return path


def write_model(path, make, *arguments):
    with open(path, "wb") as file:
        file.write(make(*arguments))


def compile_model(build, folder, shape, make, *arguments):
    """Processor seconds, peak bytes and the report."""
    model, samples, report = (os.path.join(folder, name) for name in ("m.onnx", "x.npy", "c.json"))
    # In a process of its own: what this one has held counts as a peak of those that it starts.
    writer = multiprocessing.Process(target=write_model, args=(model, make, *arguments))
    writer.start()
    writer.join()
    if writer.exitcode != 0:
        sys.exit(f"bench/compile: cannot write {model}")
    source = random.Random(1)
    values = array.array("f", (source.random() for _ in range(shape[0] * shape[1] * shape[2])))
    npy.write(samples, "<f4", (1, *shape), values.tobytes())
    command = [f"{build}/bin/pimc", model, "-o", os.path.join(folder, "p.pimb"), "--target",
               large_chip(folder), "--calibrate", samples, "--quiet", "--report", report]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench/compile: pimc failed on {make.__name__} {arguments}")
    with open(report, encoding="utf-8") as file:
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--millions", default="1,3,10,30,100", help="weights of the networks")
    parser.add_argument("--networks", default="", help="of " + ", ".join(NETWORKS))
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for name in filter(None, options.networks.split(",")):
            make, goal = NETWORKS[name]
            seconds, peak, report = compile_model(options.build, folder, (3, 224, 224), make)
            weights = report["model"]["parameters"]
            print(f"{name}: {weights / 1e6:.1f} M weights, {report['arrays']['used']} arrays, "
                  f"{seconds:.2f} s, {peak >> 20} MB")
            print("  " + ", ".join(f"{phase} {value:.2f}" for phase, value in report["phases_s"].items()),
                  file=sys.stderr)
            if seconds > goal:
                failures.append(f"{name} took {seconds:.2f} s")
    print("| weights | layers | arrays | s | s / 10 M weights | peak MB | bytes a weight over 200 MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for millions in map(float, filter(None, options.millions.split(","))):
            layers = max(1, round(millions * 1e6 / LAYER))
            weights = layers * LAYER
            seconds, peak, report = compile_model(options.build, folder, (CHANNELS, MAP, MAP), chain,
                                                  layers)
            rate, share = seconds / weights * 1e7, max(0, peak - BASE_BYTES) / weights
            print(f"| {weights / 1e6:.1f} M | {layers} | {report['arrays']['used']} | {seconds:.2f} "
                  f"| {rate:.2f} | {peak >> 20} | {share:.1f} |", flush=True)
            phases = ", ".join(f"{name} {value:.2f}" for name, value in report["phases_s"].items())
            print(f"  {phases}", file=sys.stderr)
            # A small network cannot be faster than the program starts.
            if seconds > max(SECONDS_GOAL, SECONDS_GOAL * weights / 1e7):
                failures.append(f"{weights} weights took {seconds:.2f} s")
            if share > BYTES_GOAL:
                failures.append(f"{weights} weights took {share:.1f} bytes each")
    for failure in failures:
        print(f"bench/compile: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
