#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the recorded ONNX backend tests through pimc --target host and pim-run, and compares the
outputs with the recorded ones at the tolerances of the suite. Without --full: about 150 cases from
all over the suite. Cases that backend_exceptions.tsv lists must fail; one that passes is an error
too. --cases takes those of a folder instead, such as onnx/backend/test/data of a release of onnx.

Some of the cases (all with --full) are compiled for a chip as well, calibrated with their own inputs:
each must agree with the reference of its integers, or be refused in one line, for chips have no
texts, no sequences and no shapes that depend on data. With --chip nothing else is done, for all of
the cases, and what is refused is listed."""

import concurrent.futures
import glob
import math
import os
import sys
import tarfile

import harness
import npy
import onnx_reader
from harness import Failure, expect

ARCHIVES = ("node", "pytorch_simple", "light")
EXCEPTIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "backend_exceptions.tsv")
QUICK_CASES = 150

# The runner of the onnx package: numpy.testing.assert_allclose with these.
RELATIVE, ABSOLUTE = 1e-3, 1e-7
# Of the precision that the data have: a step of a half is 2^-11, of a bfloat 2^-8.
STEP = {"f16": 2.0**-10, "bf16": 2.0**-7}


def read_exceptions():
    """Returns {case: reason}."""
    exceptions = {}
    with open(EXCEPTIONS, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                case, reason = line.rstrip("\n").split("\t")
                exceptions[case] = reason
    return exceptions


def cases_below(folder):
    models = glob.glob(os.path.join(folder, "**", "model.onnx"), recursive=True)
    return sorted(os.path.relpath(os.path.dirname(model), folder) for model in models)


def unpack(folder):
    """Extracts the archives; returns the paths of the cases below `folder`."""
    for archive in ARCHIVES:
        path = os.path.join(harness.SHARED_DATA, "onnx_backend", f"onnx_backend_{archive}.tar.gz")
        with tarfile.open(path) as file:
            file.extractall(folder)
    return cases_below(folder)


def choose(cases):
    """Some cases from all over the list: every n-th one."""
    step = max(1, len(cases) // QUICK_CASES)
    return [case for case in cases[step // 2::step] if not case.startswith("light")]


def close(found, wanted, kind):
    if isinstance(wanted, str):
        return found == wanted
    if math.isnan(wanted):
        return math.isnan(found)
    if math.isinf(wanted):
        return found == wanted
    relative = max(RELATIVE, STEP.get(kind, 0))
    return abs(found - wanted) <= ABSOLUTE + relative * abs(wanted)


def compare(name, found, wanted):
    _, shape, values = found
    kind, wanted_shape, wanted_values = wanted
    expect(list(shape) == list(wanted_shape),
           f"output '{name}' has shape {list(shape)}, expected {list(wanted_shape)}")
    for index, (value, reference) in enumerate(zip(values, wanted_values)):
        if not close(value, reference, kind):
            raise Failure(f"output '{name}' [{index}] is {value}, expected {reference}")


def compare_value(name, kind, found, recorded):
    """The arrays of a sequence are named after the output and their number."""
    if kind == "tensor":
        compare(name, found[name], onnx_reader.read_tensor(recorded))
        return
    wanted = onnx_reader.read_sequence(recorded)
    names = [name] if kind == "optional" else [f"{name}.{index}" for index in range(len(wanted))]
    expect({key for key in found if key == name or key.startswith(name + ".")} ==
           set(names[:len(wanted)]), f"output '{name}' has the arrays {sorted(found)}, "
           f"expected {len(wanted)}")
    for key, tensor in zip(names, wanted):
        compare(key, found[key], tensor)


def run_case(tools, root, case, scratch):
    model = os.path.join(root, case, "model.onnx")
    program = os.path.join(scratch, case.replace("/", "-") + ".pimb")
    result = program[:-5] + ".npz"
    inputs, outputs = onnx_reader.graph_ports(model)
    kinds = onnx_reader.output_kinds(model)
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet", timeout=300)
    try:
        for data in sorted(glob.glob(os.path.join(root, case, "test_data_set_*"))):
            arguments = []
            for index, name in enumerate(inputs):
                arguments += ["--input", f"{name}={os.path.join(data, f'input_{index}.pb')}"]
            tools.succeed("pim-run", program, *arguments, "--output", result, "--quiet",
                          timeout=600)
            found = npy.read_npz(result)
            for index, (name, kind) in enumerate(zip(outputs, kinds)):
                recorded = os.path.join(data, f"output_{index}.pb")
                if os.path.exists(recorded):
                    compare_value(name, kind, found, recorded)
    finally:
        for path in (program, result):
            if os.path.exists(path):
                os.remove(path)


def run_on_chip(tools, root, case, scratch, target):
    """Returns why the case is refused, or nothing."""
    model = os.path.join(root, case, "model.onnx")
    program = os.path.join(scratch, case.replace("/", "-") + ".pimb")
    inputs, _ = onnx_reader.graph_ports(model)

    def data_of(option, data):
        files = [(name, os.path.join(data, f"input_{index}.pb")) for index, name in enumerate(inputs)]
        return [part for name, file in files if os.path.exists(file) for part in (option, f"{name}={file}")]

    data = sorted(glob.glob(os.path.join(root, case, "test_data_set_*")))
    try:
        process = tools.run("pimc", model, "-o", program, "--target", target, *data_of("--calibrate", data[0]),
                            "--quiet", timeout=300)
        if process.returncode != 0:
            lines = [line for line in process.stderr.strip().splitlines() if not line.startswith("pimc: warning: ")]
            expect(process.returncode == 1 and len(lines) == 1 and lines[0].startswith("pimc: error: "),
                   f"pimc exits {process.returncode}: {process.stderr.strip()[:300]}")
            return lines[0].removeprefix("pimc: error: ").removeprefix(model + ": ")
        for folder in data:
            tools.succeed("pim-run", program, *data_of("--input", folder), "--check", "--quiet", timeout=600)
    finally:
        if os.path.exists(program):
            os.remove(program)
    return ""


def run_listed(tools, root, case, scratch, reason):
    """A case that is known not to pass."""
    try:
        run_case(tools, root, case, scratch)
    except Failure:
        return
    raise Failure(f"passes, but is listed in backend_exceptions.tsv: {reason}")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--case", action="append", metavar="TEXT",
                        help="only cases whose path contains TEXT (repeatable)")
    parser.add_argument("--cases", metavar="FOLDER", help="all cases below FOLDER instead of the pack's")
    parser.add_argument("--chip", metavar="TARGET", help="only compile for this chip and compare with the reference")
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="cases at a time")
    options = parser.parse_args()
    results = harness.Results("backend")
    if not options.cases and not os.path.isdir(os.path.join(harness.SHARED_DATA, "onnx_backend")):
        results.skip("all cases", "../shared/data/onnx_backend is not here")
        print("backend: ../shared/data/onnx_backend is not here")
        return results.finish(options.results)

    tools = harness.Tools(options.build)
    exceptions = {} if options.cases else read_exceptions()
    with harness.scratch() as scratch:
        root = options.cases or os.path.join(scratch, "cases")
        cases = cases_below(root) if options.cases else unpack(root)
        for case in exceptions:
            expect(case in cases, f"backend_exceptions.tsv lists '{case}', which is no case")
        if options.case:
            cases = [case for case in cases if any(text in case for text in options.case)]
        elif not options.full and not options.cases:
            cases = choose(cases)

        def run(case):
            if case in exceptions:
                results.run(case, run_listed, tools, root, case, scratch, exceptions[case])
            else:
                results.run(case, run_case, tools, root, case, scratch)

        refusals = []

        def run_chip(case):
            reason = results.run(f"{case} on a chip", run_on_chip, tools, root, case, scratch, options.chip or "sot-and")
            if reason:
                refusals.append(f"{case}: {reason}")

        # By themselves chips get some of the cases only, for each is simulated, and no large networks.
        on_chip = cases if options.chip or options.full else cases[::8]
        on_chip = [case for case in on_chip if not case.startswith("light")]
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            if not options.chip:
                list(pool.map(run, cases))
                print(f"backend: {sum(case in exceptions for case in cases)} of {len(cases)} cases are "
                      "listed as not passing")
            list(pool.map(run_chip, on_chip))
        if options.chip:
            print("\n".join(sorted(refusals)))
        print(f"backend: {len(refusals)} of {len(on_chip)} cases are refused for a chip")
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
