#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures what compiling costs as networks grow: chains of 3x3 convolutions of 256 channels with 1 to 100 million
weights, on a chip large enough for the largest. Processor time and peak memory of pimc, one thread; exit status 1 if one
of them misses its goal."""

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


def large_chip(folder):
    with open(os.path.join(ROOT, "targets", "reram-xbar.yaml"), encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(folder, "large.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("mesh_rows: 8", "mesh_rows: 16").replace("mesh_cols: 8", "mesh_cols: 16"))
    return path


def write_chain(path, layers):
    with open(path, "wb") as file:
        file.write(chain(layers))


def compile_chain(build, layers, folder):
    """Processor seconds, peak bytes and the report."""
    model, samples, report = (os.path.join(folder, name) for name in ("m.onnx", "x.npy", "c.json"))
    # In a process of its own: what this one has held counts as a peak of those that it starts.
    writer = multiprocessing.Process(target=write_chain, args=(model, layers))
    writer.start()
    writer.join()
    if writer.exitcode != 0:
        sys.exit(f"bench/compile: cannot write {model}")
    source = random.Random(1)
    values = array.array("f", (source.random() for _ in range(CHANNELS * MAP * MAP)))
    npy.write(samples, "<f4", (1, CHANNELS, MAP, MAP), values.tobytes())
    command = [f"{build}/bin/pimc", model, "-o", os.path.join(folder, "p.pimb"), "--target",
               large_chip(folder), "--calibrate", samples, "--quiet", "--report", report]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench/compile: pimc failed on {layers} layers")
    with open(report, encoding="utf-8") as file:
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--millions", default="1,3,10,30,100", help="weights of the networks")
    options = parser.parse_args()
    failures = []
    print("| weights | layers | arrays | s | s / 10 M weights | peak MB | bytes a weight over 200 MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for millions in map(float, options.millions.split(",")):
            layers = max(1, round(millions * 1e6 / LAYER))
            weights = layers * LAYER
            seconds, peak, report = compile_chain(options.build, layers, folder)
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
