#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Few bits on arrays that AND and count: for each width of weights and inputs (W:I), random layers
and whole networks compute what the integer graph says. The bundled network always, others with
--full."""

import os
import random
import sys

import harness
import models
import run_layers
from harness import expect

WIDTHS = ((1, 1), (1, 2), (1, 4), (1, 8), (2, 2), (4, 4), (8, 8))
TARGETS = ("sot-and", "cmos-asic")
NETWORKS = {"digits_lenet5": 500, "mnist_8": 1000, "mnist_fc_256x4": 1000, "cifar10_resnet20": 100}


def widths(weight_bits, input_bits):
    return ("--weight-bits", weight_bits, "--activation-bits", input_bits)


def check_layers(tools, folder, target, bits, seed):
    draw = random.Random(seed)
    layers = [run_layers.Layer(draw) for _ in range(run_layers.LAYERS_PER_MODEL)]
    model = os.path.join(folder, "model.onnx")
    run_layers.write_model(model, layers)
    run_layers.check_model(tools, folder, target, widths(*bits), model,
                           run_layers.write_inputs(folder, layers, draw), order=seed)


def check_network(tools, folder, target, bits, model, samples):
    """Also that the program has the widths: each plane of an input meets each of the weights."""
    data = models.prepare_dataset(model.dataset, folder)
    program, report = os.path.join(folder, "network.pimb"), os.path.join(folder, "network.json")
    tools.succeed("pimc", model.path, "-o", program, "--target", target, "--quiet", *widths(*bits),
                  "--calibrate", data.calibration, "--calibration-samples", 64, *model.preprocess,
                  *model.extra)
    tools.succeed("pim-run", program, "--input", data.images, "--limit", samples, "--check",
                  "--report", report, "--threads", 0, "--quiet")
    result = harness.read_json(report)
    quality, made = result["quality"], result["model"]
    expect((made["weight_bits"], made["activation_bits"]) == bits, f"the program has {made}")
    expect(quality["samples"] == samples, f"{quality['samples']} samples ran")
    expect(quality["compared_values"] > samples, "nothing was compared")
    expect(quality["mismatched_values"] == 0, f"{quality['mismatched_values']} values differ")
    return result["energy_j"]["array"]


def test_network(results, tools, folder, target, model, samples):
    """Checks each width; then that the arrays draw more energy the more pairs of planes there are."""
    energies = {}
    for bits in WIDTHS:
        name = f"{model.name} with {bits[0]}:{bits[1]} on {target}"
        energy = results.run(name, check_network, tools, folder, target, bits, model, samples)
        if energy:
            energies[bits] = energy

    def check_energies():
        ordered = [energies[bits] for bits in ((1, 1), (1, 2), (1, 4), (1, 8), (8, 8))]
        expect(ordered == sorted(ordered), f"energies of the arrays: {ordered}")

    if len(energies) == len(WIDTHS):
        results.run(f"{model.name} on {target}: energies", check_energies)


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools, results = harness.Tools(options.build), harness.Results("low_bits")
    with harness.scratch() as folder:
        for target in TARGETS:
            for bits in WIDTHS:
                for seed in range(100 if options.full else 4):
                    results.run(f"layers of seed {seed} with {bits[0]}:{bits[1]} on {target}",
                                check_layers, tools, folder, target, bits, seed)
        for name, samples in NETWORKS.items():
            model = next(model for model in models.MODELS if model.name == name)
            if not models.has_data(model):
                results.skip(name, f"{model.path} is not here")
            elif options.full or name == "digits_lenet5":
                test_network(results, tools, folder, "sot-and", model, samples)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
