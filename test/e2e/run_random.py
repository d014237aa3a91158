#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs random valid ONNX graphs (random_graph.py): as a whole on the host, through float
TOSA, and for a chip, whose layers must agree with their integer reference. The first two must give the
results of onnxruntime where bench/speed has it (npm install there), each other's where not. Without
--full: 60 graphs; with it 1,000."""

import concurrent.futures
import math
import os
import shutil
import sys

import harness
import npy
import onnx_writer as onnx
import random_graph
import random_movement  # noqa: F401  registers its operators
import random_layers  # noqa: F401  likewise, after it: seeds go by the order
from harness import Failure, expect
from ort_runner import Runtime
from random_operators import OPERATORS

CHIPS = ("sot-and", "reram-xbar")
# onnxruntime's names of types, and those of .npy files.
RUNTIME_TYPES = {onnx.FLOAT: "float32", onnx.INT64: "int64", onnx.INT32: "int32",
                 onnx.BOOL: "bool", onnx.INT8: "int8", onnx.UINT8: "uint8"}
NPY_TYPES = {onnx.FLOAT: "<f4", onnx.INT64: "<i8", onnx.INT32: "<i4", onnx.BOOL: "|b1",
             onnx.INT8: "|i1", onnx.UINT8: "|u1"}
# Differences beyond the estimated noise of a value: the estimate has no second-order terms.
MARGIN = 8
TIME_LIMIT = 60


def draw(seed, operators):
    """A random graph of that many operators."""
    graph = random_graph.Graph(seed, 0)
    graph.opset = graph.random.randint(13, 21)
    choices = [entry for entry in OPERATORS if entry[1] <= graph.opset]
    for _ in range(graph.random.randint(1, 2)):
        graph.input(shape=graph.shape(2, 4))
    while len(graph.operators) < operators:
        name, _, function = graph.random.choice(choices)
        function(graph, name)
    return graph


def close(a, b, tolerance):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= tolerance


def compare(graph, found, wanted, reference):
    """Values in the order of the graph, so that the first that differs is named."""
    values_found = [value for value in graph.values if value.name in found]
    expect(len(values_found) == len(found), f"results {sorted(found)} are not those of the graph")
    for value in values_found:
        shape, expected = wanted[value.name]
        found_shape, values = found[value.name]
        expect(tuple(found_shape) == tuple(shape), f"{value.name} has shape {tuple(found_shape)}, "
               f"{reference} gives {tuple(shape)}")
        tolerance = MARGIN * value.noise
        for index, (a, b) in enumerate(zip(values, expected)):
            if not close(a, b, tolerance):
                raise Failure(f"{value.name}[{index}] is {a}, {reference} gives {b} (expected to be "
                              f"within {tolerance:.2g})")


class Case:
    """One graph with its files."""

    def __init__(self, tools, graph, folder):
        self.tools, self.graph, self.folder = tools, graph, folder
        self.arguments, self.ports = [], {}
        for value in graph.used_inputs():
            raw, path = self.path(value.name + ".bin"), self.path(value.name + ".npy")
            with open(raw, "wb") as file:
                file.write(graph.packed(value))
            npy.write(path, NPY_TYPES[value.kind], value.shape, graph.packed(value))
            self.arguments += ["--input", f"{value.name}={path}"]
            self.ports[value.name] = (RUNTIME_TYPES[value.kind], value.shape, raw)

    def path(self, name):
        return os.path.join(self.folder, name)

    def model(self, name, every):
        with open(self.path(name), "wb") as file:
            file.write(self.graph.bytes(every))
        return self.path(name)

    def run_program(self, program):
        result = self.path("out.npz")
        self.tools.succeed("pim-run", program, *self.arguments, "--output", result, "--quiet",
                           timeout=TIME_LIMIT)
        return {name: (shape, values) for name, (_, shape, values) in npy.read_npz(result).items()}

    def on_host(self, model):
        program = self.path("host.pimb")
        self.tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet",
                           timeout=TIME_LIMIT)
        return self.run_program(program)

    def through_tosa(self, model):
        tosa = self.path("model.mlir")
        self.tools.succeed("pimc", model, "--emit", "tosa", "-o", tosa, "--quiet", timeout=TIME_LIMIT)
        return self.on_host(tosa)

    def on_chip(self, model, chip):
        program = self.path("chip.pimb")
        calibration = [f for flag, value in zip(self.arguments[::2], self.arguments[1::2])
                       for f in ("--calibrate", value)]
        self.tools.succeed("pimc", model, "-o", program, "--target", chip, "--quiet", *calibration,
                           timeout=TIME_LIMIT)
        self.tools.succeed("pim-run", program, *self.arguments, "--check", "--quiet",
                           timeout=TIME_LIMIT)


def run_case(tools, runtime, seed, operators, root, with_chip, keep):
    folder = os.path.join(root, str(seed))
    os.makedirs(folder)
    graph = draw(seed, operators)
    case = Case(tools, graph, folder)
    try:
        every = case.model("every.onnx", True)
        found = case.on_host(every)
        reference = "onnxruntime"
        if runtime:
            wanted = runtime.run(every, case.ports, folder)
            compare(graph, found, wanted, reference)
        else:
            wanted, reference = found, "the host"
        if with_chip:
            model = case.model("model.onnx", False)
            compare(graph, case.through_tosa(model), wanted, f"{reference}, not TOSA,")
            case.on_chip(model, CHIPS[seed % len(CHIPS)])
    except Failure as failure:
        if keep:
            shutil.copytree(folder, os.path.join(keep, str(seed)), dirs_exist_ok=True)
        raise Failure(f"{failure} [opset {graph.opset}: {' '.join(graph.operators)}]") from None
    finally:
        shutil.rmtree(folder)


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--graphs", type=int, help="how many")
    parser.add_argument("--first", type=int, default=1, help="seed of the first graph")
    parser.add_argument("--operators", type=int, help="of each graph (default: 3 to 25, by the seed)")
    parser.add_argument("--host-only", action="store_true", help="leave TOSA and chips out")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the files of graphs that fail there")
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="graphs at a time")
    options = parser.parse_args()
    results = harness.Results("random")
    tools = harness.Tools(options.build)
    runtime = Runtime() if Runtime.is_here() else None
    if not runtime:
        results.skip("comparison with onnxruntime", "bench/speed has no onnxruntime")
        print("random: no onnxruntime in bench/speed (npm install there); comparing TOSA with the host")
    graphs = options.graphs or (1000 if options.full else 60)
    with harness.scratch() as root:
        def run(seed):
            operators = options.operators or 3 + seed % 23
            results.run(f"graph {seed}", run_case, tools, runtime, seed, operators, root,
                        not options.host_only, options.keep)
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            list(pool.map(run, range(options.first, options.first + graphs)))
    if runtime:
        runtime.close()
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
