#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every model of ../shared/data/models on its recorded inputs: for target host, where the outputs
must be the recorded ones within 1e-4 of the largest (one step, for halves), and for the chips, where every layer must agree
with the reference of its integers. Without --full: the chips in turn, one for each model."""

import glob
import math
import os
import sys

import harness
import npy
import onnx_reader
from harness import expect

CHIPS = ("sot-and", "reram-xbar")
TOLERANCE = 1e-4
# What two roundings to a half may differ by.
HALF_STEP = 2.0**-10
MODELS = os.path.join(harness.SHARED_DATA, "models")

# What a model leaves open and a chip needs to know.
PINNED = {"silero_vad_16k": ("--input-shape", "input=1x576", "--input-shape", "state=2x1x128")}


def recorded_ports(model):
    """Returns the options of pim-run for the recorded inputs, and {output: file}."""
    folder = os.path.dirname(model)
    inputs, outputs = onnx_reader.graph_ports(model)
    given = []
    for index, name in enumerate(inputs):
        given += ["--input", f"{name}={os.path.join(folder, 'test_data_set_0', f'input_{index}.pb')}"]
    files = {name: os.path.join(folder, "test_data_set_0", f"output_{index}.pb")
             for index, name in enumerate(outputs)}
    return given, files


def deviation(found, wanted):
    """The largest difference over the largest recorded value."""
    _, shape, values = found
    _, wanted_shape, wanted_values = wanted
    expect(list(shape) == list(wanted_shape), f"shape {list(shape)}, expected {list(wanted_shape)}")
    largest = max((abs(value) for value in wanted_values), default=0)
    worst = max((abs(a - b) for a, b in zip(values, wanted_values)), default=0)
    expect(math.isfinite(worst), "holds values that are not finite")
    return worst / largest if largest else worst


def outputs_of(tools, program, given, result, *options):
    tools.succeed("pim-run", program, *given, "--output", result, "--quiet", *options)
    return npy.read_npz(result)


def run_on_host(tools, name, model, scratch):
    program = os.path.join(scratch, name + "-host.pimb")
    given, files = recorded_ports(model)
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    found = outputs_of(tools, program, given, program[:-5] + ".npz")
    worst = 0
    for output, path in files.items():
        recorded = onnx_reader.read_tensor(path)
        difference = deviation(found[output], recorded)
        allowed = HALF_STEP if recorded[0] == "f16" else TOLERANCE
        expect(difference <= allowed, f"output '{output}' differs by {difference:.2g} of its largest "
               f"value, allowed is {allowed:.2g}")
        worst = max(worst, difference)
    return worst


def run_on_chip(tools, name, model, target, scratch):
    """Returns the compile report and how far the first output is from the recorded one."""
    stem = os.path.join(scratch, f"{name}-{target}")
    given, files = recorded_ports(model)
    inputs, _ = onnx_reader.graph_ports(model)
    calibration = []
    for index, port in enumerate(inputs):
        folder = os.path.join(os.path.dirname(model), "test_data_set_0")
        calibration += ["--calibrate", f"{port}={os.path.join(folder, f'input_{index}.pb')}"]
    tools.succeed("pimc", model, "-o", stem + ".pimb", "--target", target, *calibration,
                  *PINNED.get(name, ()), "--report", stem + ".json", "--quiet")
    found = outputs_of(tools, stem + ".pimb", given, stem + ".npz", "--check", "--report",
                       stem + "-run.json")
    quality = harness.read_json(stem + "-run.json")["quality"]
    expect(quality["mismatched_values"] == 0,
           f"{quality['mismatched_values']} values differ from the reference")
    output = next(iter(files))
    return (harness.read_json(stem + ".json"),
            deviation(found[output], onnx_reader.read_tensor(files[output])))


def print_row(name, host, target, chip):
    text = f"{name:36} " + (f"{host:9.1e}" if host is not None else "   failed")
    if chip:
        report, difference = chip
        layers = report["layers"]
        on_host = [layer["name"] for layer in layers if layer["op"] == "host"]
        text += (f" {target:11} {difference:9.1e} {report['arrays']['used']:7} {len(layers):6} "
                 f"{len(on_host):7}")
    print(text, flush=True)


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--model", action="append", help="only this one (repeatable)")
    parser.add_argument("--target", action="append", choices=CHIPS, help="only this chip (repeatable)")
    options = parser.parse_args()
    results = harness.Results("recorded")
    tools = harness.Tools(options.build)
    models = sorted(glob.glob(os.path.join(MODELS, "*", "model.onnx")))
    if not models:
        results.skip("all models", "../shared/data/models is not here")
    print(f"{'model':36} {'host':>9} {'target':11} {'chip':>9} {'arrays':>7} {'layers':>6} {'on host':>7}")
    with harness.scratch() as scratch:
        for number, model in enumerate(models):
            name = os.path.basename(os.path.dirname(model))
            if options.model and name not in options.model:
                continue
            host = results.run(f"{name} on host", run_on_host, tools, name, model, scratch)
            chips = options.target or (CHIPS if options.full else CHIPS[number % 2:number % 2 + 1])
            for target in chips:
                chip = results.run(f"{name} on {target}", run_on_chip, tools, name, model, target,
                                   scratch)
                print_row(name, host, target, chip)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
