#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of operators that neither the recorded backend suite nor random graphs have
(operator_cases_*.py), compiled for the host and compared with what onnxruntime 1.30 gave for them (operator_results.json). With --record,
onnxruntime (npm install in bench/speed) is asked again and the file written anew."""

import json
import os
import sys

import harness
import npy
import onnx_writer as onnx
import operator_cases_graphs  # noqa: F401  registers its cases
import operator_cases_learning  # noqa: F401
import operator_cases_microsoft  # noqa: F401
import operator_cases_standard  # noqa: F401
import operator_cases_transformers  # noqa: F401
from harness import expect
from onnx_writer import BOOL, DOUBLE, FLOAT, INT32, INT64, INT8, UINT8
from operator_cases import CASES
from ort_runner import Runtime

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operator_results.json")
RELATIVE, ABSOLUTE = 1e-4, 1e-5
NPY = {FLOAT: "<f4", DOUBLE: "<f8", INT64: "<i8", INT32: "<i4", INT8: "|i1", UINT8: "|u1", BOOL: "|b1"}
RUNTIME = {FLOAT: "float32", DOUBLE: "float64", INT64: "int64", INT32: "int32", INT8: "int8",
           UINT8: "uint8", BOOL: "bool"}


def run_here(tools, case, folder):
    model, program, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".npz"))
    with open(model, "wb") as file:
        file.write(case.bytes)
    arguments = []
    for name, (kind, shape, values) in case.inputs.items():
        path = os.path.join(folder, name + ".npy")
        npy.write(path, NPY[kind], shape, onnx.packed(kind, values))
        arguments += ["--input", f"{name}={path}"]
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    tools.succeed("pim-run", program, *arguments, "--output", result, "--quiet")
    return {name: (list(shape), list(values)) for name, (_, shape, values) in npy.read_npz(result).items()}


def compare(tools, case, folder, wanted):
    found = run_here(tools, case, folder)
    expect(set(found) == set(wanted), f"results {sorted(found)}, expected {sorted(wanted)}")
    for name, (shape, values) in wanted.items():
        expect(found[name][0] == shape, f"{name} has shape {found[name][0]}, expected {shape}")
        for index, (a, b) in enumerate(zip(found[name][1], values)):
            expect(abs(a - b) <= ABSOLUTE + RELATIVE * abs(b), f"{name}[{index}] is {a}, expected {b}")


def record(folder):
    runtime, results = Runtime(), {}
    for name, case in CASES.items():
        model, ports = os.path.join(folder, "case.onnx"), {}
        with open(model, "wb") as file:
            file.write(case.bytes)
        for port, (kind, shape, values) in case.inputs.items():
            path = os.path.join(folder, port + ".bin")
            with open(path, "wb") as file:
                file.write(onnx.packed(kind, values))
            ports[port] = (RUNTIME[kind], shape, path)
        try:
            results[name] = {key: [list(shape), list(values)] for key, (shape, values)
                             in runtime.run(model, ports, folder).items()}
        except harness.Failure as failure:
            print(f"{name}: {failure}")
    runtime.close()
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in results.items()) + "\n}\n")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--record", action="store_true", help="write operator_results.json anew")
    options = parser.parse_args()
    results = harness.Results("operators")
    with harness.scratch() as folder:
        if options.record:
            record(folder)
        recorded = harness.read_json(RESULTS)
        for name, case in CASES.items():
            results.run(name, lambda: compare(harness.Tools(options.build), case, folder, recorded[name]))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
