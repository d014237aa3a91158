#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks on chips too small for them: programmed in rounds they compute the same values, and every
write is priced; where the target forbids rounds, the error says how many arrays are short. The
bundled network always, others with --full."""

import os
import re
import sys

import harness
import models
from harness import expect

# Arrays of a core, on as many cores.
CHIPS = ((1, 1), (2, 1), (2, 2), (1, 3))
OBJECTIVES = ("throughput", "arrays")
# Samples, and the arrays of two cores that are too few even where layers share them.
NETWORKS = {"digits_lenet5": (200, 1), "cifar10_resnet20": (20, 4)}


def write_target(folder, arrays, cores, rounds="allowed"):
    with open(os.path.join(harness.ROOT, "targets", "sot-and.yaml"), encoding="utf-8") as file:
        text = file.read()
    for key, value in (("arrays", arrays), ("mesh_rows", 1), ("mesh_cols", cores), ("rounds", rounds)):
        text, count = re.subn(rf"(?m)^(  {key}: ).*$", rf"\g<1>{value}", text)
        expect(count == 1, f"sot-and has {count} lines for {key}")
    path = os.path.join(folder, "small.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def compile_model(tools, folder, model, data, target, *options):
    program, report = os.path.join(folder, "rounds.pimb"), os.path.join(folder, "compile.json")
    process = tools.run("pimc", model.path, "-o", program, "--target", target, "--quiet", "--report",
                        report, "--calibrate", data.calibration, "--calibration-samples", 64,
                        *model.preprocess, *model.extra, *options)
    return process, program, report


def simulate(tools, folder, program, data, samples):
    report, outputs = os.path.join(folder, "run.json"), os.path.join(folder, "outputs.npz")
    tools.succeed("pim-run", program, "--input", data.images, "--limit", samples, "--check",
                  "--output", outputs, "--report", report, "--quiet", "--interleave", samples)
    with open(outputs, "rb") as file:
        return harness.read_json(report), file.read()


def check_rounds(tools, folder, model, data, chip, objective, samples):
    """Returns how the costs of the small chip compare with those of the whole one."""
    process, program, report = compile_model(tools, folder, model, data, "sot-and", "--optimize",
                                             objective)
    expect(process.returncode == 0, process.stderr.strip()[:500])
    whole = harness.read_json(report)["arrays"]
    wide, expected = simulate(tools, folder, program, data, samples)
    expect(whole["rounds"] == 1 and not wide["programming"], "a chip that is large enough is written")
    expect("programming" not in wide["energy_j"] or wide["energy_j"]["programming"] == 0,
           "programming costs energy though nothing is programmed")
    target = write_target(folder, *chip)
    process, program, report = compile_model(tools, folder, model, data, target, "--optimize",
                                             objective)
    expect(process.returncode == 0, process.stderr.strip()[:500])
    arrays = harness.read_json(report)["arrays"]
    small, outputs = simulate(tools, folder, program, data, samples)
    expect(outputs == expected, "other outputs than the chip that holds all")
    expect(small["quality"]["mismatched_values"] == 0, "values differ from the reference")
    expect(small["quality"]["compared_values"] > samples, "nothing was compared")
    expect(arrays["used"] <= chip[0] * chip[1], f"{arrays['used']} arrays are used")
    expect(arrays["rounds"] > 1, "the small chip has no rounds")
    writes = small["programming"]
    cells = harness.read_json(report)["target"]
    energy = writes["cell_writes"] * (float(cells["cell.write_energy_pj"])
                                      + float(cells["weight_store.energy_pj_per_byte"]) / 8) * 1e-12
    expect(abs(small["energy_j"]["programming"] / energy - 1) < 1e-9, f"programming takes {energy} J")
    expect(writes["writes_per_cell"] == arrays["rounds"], f"{writes} in {arrays['rounds']} rounds")
    wear = float(cells["cell.endurance_megawrites"]) * 1e6 / writes["writes_per_cell"]
    expect(abs(writes["inferences_to_wear_out"] / wear - 1) < 1e-9, f"worn out after {writes}")
    # All images come from the weight store.
    seconds = writes["cell_writes"] / 8 / (float(cells["weight_store.bandwidth_gb_per_s"]) * 1e9)
    expect(small["cost"]["interval_s"] > 0.999 * seconds,
           f"an inference every {small['cost']['interval_s']} s, its images take {seconds} s")
    expect(small["cost"]["energy_j"] > wide["energy_j"]["array"], "no energy of arrays")


def check_forbidden(tools, folder, model, data, arrays):
    target = write_target(folder, arrays, 2, "forbidden")
    for objective, shared in (("throughput", ""), ("arrays", " where layers share them")):
        process, program, _ = compile_model(tools, folder, model, data, target, "--optimize", objective)
        message = process.stderr.strip()
        found = re.search(r"needs (\d+) arrays, target 'sot-and' has (\d+): (\d+) are short(.*);", message)
        expect(process.returncode == 1 and found, f"exits {process.returncode}: {message[:400]}")
        needed, there, short = map(int, found.groups()[:3])
        expect(found[4] == shared and there == 2 * arrays, f"unexpected: {message[:400]}")
        expect(short == needed - there if not shared else 0 < short <= needed - there,
               f"{short} arrays of {needed} are short")
        expect(not os.path.exists(program), "there is a program all the same")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools, results = harness.Tools(options.build), harness.Results("rounds")
    for name, (samples, arrays) in NETWORKS.items():
        model = next(model for model in models.MODELS if model.name == name)
        if not models.has_data(model):
            results.skip(name, f"{model.path} is not here")
            continue
        if not options.full and name != "digits_lenet5":
            continue
        with harness.scratch() as folder:
            data = models.prepare_dataset(model.dataset, folder)
            results.run(f"{name} without rounds", check_forbidden, tools, folder, model, data, arrays)
            for chip in CHIPS:
                for objective in OBJECTIVES:
                    results.run(f"{name} on {chip[1]} cores of {chip[0]} arrays for {objective}",
                                check_rounds, tools, folder, model, data, chip, objective, samples)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
