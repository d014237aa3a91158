#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles real models for each target, runs them on labelled images under --check, and compares the
accuracy with that of the float network. Models without data here are skipped."""

import os
import sys

import harness
from harness import expect
from models import MODELS, has_data, prepare_dataset

TARGETS = ("sot-and", "reram-xbar")

# The contract of the reports: keys may be added, never renamed.
COMPILE_KEYS = {
    "": ("schema", "model", "target", "arrays", "program", "phases_s", "layers"),
    "model": ("macs", "parameters"),
    "arrays": ("dense", "after_pruning", "after_slicing", "after_squeeze", "used", "utilization"),
    "program": ("instructions", "bytes"),
}
RUN_KEYS = {
    "": ("schema", "model", "target", "quality", "cost", "energy_j", "area_mm2", "arrays",
         "program", "resilience", "simulation", "layers"),
    "quality": ("samples", "top1", "top5", "mismatched_values"),
    "cost": ("latency_s", "interval_s", "energy_j", "average_power_w", "area_mm2", "tops_per_w"),
    "program": ("instructions", "executed"),
    "simulation": ("wall_s", "samples_per_s", "peak_rss_bytes", "threads"),
}
LAYER_KEYS = ("name", "op", "macs", "arrays", "latency_s", "energy_j")


def check_keys(report, schema, keys):
    expect(report.get("schema") == schema,
           f"report: schema is '{report.get('schema')}', expected '{schema}'")
    for section, names in keys.items():
        part = report[section] if section else report
        for name in names:
            expect(name in part, f"report: key '{section}{'.' if section else ''}{name}' is missing")
    expect(report["layers"], "report: no layers")


def check_costs(report):
    """What any sound cost model obeys."""
    cost = report["cost"]
    for key in ("latency_s", "interval_s", "energy_j", "area_mm2", "average_power_w"):
        expect(cost[key] > 0, f"report: cost.{key} is {cost[key]}")
    total = sum(report["energy_j"].values())
    expect(abs(total - cost["energy_j"]) <= 1e-6 * total,
           f"report: parts of the energy sum to {total}, cost.energy_j is {cost['energy_j']}")
    total = sum(report["area_mm2"].values())
    expect(abs(total - cost["area_mm2"]) <= 1e-6 * total,
           f"report: parts of the area sum to {total}, cost.area_mm2 is {cost['area_mm2']}")
    total, leakage = sum(report["static_energy_j"].values()), report["energy_j"]["leakage"]
    expect(abs(total - leakage) <= 1e-6 * leakage,
           f"report: static energy sums to {total}, energy_j.leakage is {leakage}")
    layers = sum(layer["energy_j"] for layer in report["layers"])
    expect(layers <= cost["energy_j"] * (1 + 1e-6),
           f"report: layers take {layers} J, the whole inference {cost['energy_j']}")
    for layer in report["layers"]:
        for name in LAYER_KEYS:
            expect(name in layer, f"report: a layer has no '{name}'")
    expect(report["arrays"].get("used", 1) > 0, "report: no arrays used")


def run_model(tools, model, target, dataset, mode, folder, threads):
    """Returns the two reports."""
    stem = os.path.join(folder, f"{model.name}-{target}")
    compiled, ran = stem + "-compile.json", stem + "-run.json"
    calibration = ("--calibrate", dataset.calibration) if model.calibrates else ()
    tools.succeed("pimc", model.path, "-o", stem + ".pimb", "--target", target, *calibration,
                  *model.preprocess, *model.extra, "--report", compiled)
    compile_report = harness.read_json(compiled)
    check_keys(compile_report, "pim-compile/1", COMPILE_KEYS)

    labels = ("--labels", dataset.labels) if dataset.labels else ()
    samples = model.samples[mode]
    tools.succeed("pim-run", stem + ".pimb", "--input", dataset.images, *labels, "--limit", samples,
                  "--threads", threads, "--check", "--report", ran)
    report = harness.read_json(ran)
    check_keys(report, "pim-run/1", RUN_KEYS)
    check_costs(report)
    quality = report["quality"]
    expect(quality["samples"] == samples, f"{quality['samples']} samples ran, expected {samples}")
    expect(quality["mismatched_values"] == 0,
           f"{quality['mismatched_values']} values differ from the reference")
    loss = model.float_top1[mode] - quality["top1"]
    limit = model.loss_limit(mode)
    expect(loss <= limit + 1e-9, f"top-1 is {quality['top1']:.4f}, the float network has "
           f"{model.float_top1[mode]:.4f}: a loss of {loss:.4f}, allowed is {limit:.4f}")
    return compile_report, report


def print_table(rows):
    print(f"{'model':32} {'target':11} {'samples':>7} {'top-1':>7} {'float':>7} {'latency':>10} "
          f"{'energy':>10} {'arrays':>7} {'code':>8} {'compile':>8} {'images/s':>9}")
    for model, target, mode, compiled, ran in rows:
        print(f"{model.name:32} {target:11} {ran['quality']['samples']:7} "
              f"{100 * ran['quality']['top1']:6.2f}% {100 * model.float_top1[mode]:6.2f}% "
              f"{1e6 * ran['cost']['latency_s']:7.1f} us {1e6 * ran['cost']['energy_j']:7.2f} uJ "
              f"{compiled['arrays']['used']:7} {8 * compiled['program']['instructions']:6} B "
              f"{sum(compiled['phases_s'].values()):6.2f} s "
              f"{ran['simulation']['samples_per_s']:9.1f}")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--model", action="append", help="only this one (repeatable)")
    parser.add_argument("--target", action="append", choices=TARGETS, help="likewise")
    parser.add_argument("--threads", default="0", help="threads of pim-run (default: all)")
    parser.add_argument("--keep", metavar="FOLDER", help="keep programs and reports there")
    options = parser.parse_args()
    for name in options.model or ():
        if name not in [model.name for model in MODELS]:
            parser.error(f"no model '{name}'")

    tools = harness.Tools(options.build)
    results = harness.Results("models")
    mode = "full" if options.full else "quick"
    rows, datasets = [], {}
    with harness.scratch() as scratch:
        folder = options.keep or scratch
        os.makedirs(folder, exist_ok=True)
        for model in MODELS:
            if options.model and model.name not in options.model:
                continue
            if not model.samples[mode]:
                continue  # for the long run alone
            for target in options.target or TARGETS:
                name = f"{model.name} on {target}"
                if not has_data(model):
                    results.skip(name, f"{model.path} is not here")
                    continue
                if model.dataset not in datasets:
                    datasets[model.dataset] = prepare_dataset(model.dataset, scratch)
                reports = results.run(name, run_model, tools, model, target,
                                      datasets[model.dataset], mode, folder, options.threads)
                if reports:
                    rows.append((model, target, mode, *reports))
                    if sys.stdout.isatty():
                        print_table(rows[-1:])
    if rows:
        print_table(rows)
    if not os.path.isdir(harness.SHARED_DATA):
        print("models: ../shared/data is not here, so only the bundled example ran")
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
