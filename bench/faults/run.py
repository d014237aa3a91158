#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures accuracy against each non-ideality: a Monte Carlo run over several dies for each setting. Results depend
on seeds alone, not on the machine. Writes the table of docs/non-idealities.md to standard output."""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

from models import MODELS, has_data, prepare_dataset

# Target, what else is set, and the key with its values.
SWEEPS = (("reram-xbar", (), "cell.variation_sigma", (0.02, 0.05, 0.1, 0.2)),
          ("reram-xbar", (), "cell.stuck_on_rate", (0.0001, 0.001, 0.01)),
          ("reram-xbar", (), "cell.stuck_off_rate", (0.001, 0.01, 0.05)),
          ("reram-xbar", (), "cell.read_noise_sigma", (0.05, 0.1, 0.2)),
          ("reram-xbar", (), "adc.bits", (7, 6, 5)),
          ("reram-xbar", ("adc.lsb_policy=columns",), "adc.bits", (7, 6, 5, 4)),
          ("reram-xbar", ("adc.lsb_policy=columns", "adc.coding=flip"), "adc.bits", (7, 6, 5, 4)),
          ("reram-xbar", (), "adc.offset_lsb", (0.25, 0.5, 1)),
          ("sot-and", ("cell.variation_sigma=0.05",), "cell.tmr_percent", (200, 150, 100, 70)),
          ("sot-and", ("cell.variation_sigma=0.05", "and.sense_offset_sigma=0.05"), "cell.tmr_percent",
           (200, 150, 100, 70)))
# The same for networks of analog layers, which are compiled without calibration. TMR is the ratio less 1.
ANALOG_SWEEPS = (("imac-14nm", (), "adc.bits", (8, 6, 4, 3, 2)),
                 ("imac-14nm", (), "cell.on_off_ratio", (2.5, 2.0, 1.7)),
                 ("imac-14nm", (), "imac.neuron_ratio", (2.5, 2.0, 1.7)),
                 ("imac-14nm", (), "cell.variation_sigma", (0.03, 0.06, 0.1, 0.2)),
                 ("imac-14nm", (), "cell.read_noise_sigma", (0.1, 0.2, 0.5)),
                 ("imac-14nm", (), "cell.stuck_on_rate", (0.001, 0.01)),
                 ("imac-14nm", (), "imac.amplifier_offset_mv", (5, 20, 50)),
                 ("imac-14nm", (), "imac.amplifier_rail_v", (0.8, 0.2)),
                 ("imac-14nm", (), "imac.neuron_offset_mv", (5, 20, 50)),
                 ("imac-14nm", (), "imac.neuron_slope_sigma", (0.1, 0.3)),
                 ("imac-14nm", ("array.row_wire_ohm=1",), "array.column_wire_ohm", (1,)),
                 ("imac-14nm", ("array.row_wire_ohm=5",), "array.column_wire_ohm", (5,)),
                 ("imac-14nm", ("array.row_wire_ohm=20",), "array.column_wire_ohm", (20,)))
ANALOG_MODELS = ("mlp-analog", "lenet5-analog")


def tool(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")


def accuracy(options, program, dataset, settings, folder):
    """Mean, deviation and number of dies of the top-1 accuracy."""
    report = os.path.join(folder, "run.json")
    labels = ("--labels", dataset.labels) if dataset.labels else ()
    tool(f"{options.build}/bin/pim-run", program, "--input", dataset.images, *labels, "--limit",
         str(options.samples), "--monte-carlo", str(options.dies), "--threads", str(options.threads), "--quiet",
         "--report", report,
         *(word for setting in settings for word in ("--set", setting)))
    with open(report, encoding="utf-8") as file:
        return json.load(file)["quality"]["monte_carlo"]["top1"]


def measure(options, model, sweeps, folder, rows):
    """Adds the mean and the deviation of a die to each row."""
    dataset = prepare_dataset(model.dataset, folder)
    programs = {}
    for target, fixed, key, values in sweeps:
        if options.target not in (None, target):
            continue
        if target not in programs:
            programs[target] = os.path.join(folder, f"{target}.pimb")
            calibration = ("--calibrate", dataset.calibration, "--calibration-samples", "16")
            tool(f"{options.build}/bin/pimc", model.path, "-o", programs[target], "--target", target, "--quiet",
                 *model.preprocess, *model.extra, *(calibration if model.calibrates else ()))
        for value in values:
            settings = [*fixed, f"{key}={value}"]
            top1 = accuracy(options, programs[target], dataset, settings, folder)
            row = f"| {target} | {' '.join(f'`{setting}`' for setting in settings)} |"
            rows.setdefault(row, []).append(
                f" {100 * top1['mean']:.1f} ± {100 * top1['standard_deviation']:.1f} |")
            print(model.name, row, rows[row][-1], file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--models", default="digits_lenet5,mnist_8", help="names of test/e2e/models.py")
    parser.add_argument("--analog", action="store_true",
                        help="sweep the bundled networks of analog layers instead: the table of docs/imac.md")
    parser.add_argument("--target", help="sweep this one alone")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--dies", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    rows, names = {}, []
    known = [model for model in MODELS if model.name in options.models.split(",")]
    if options.analog:
        lenet = next(model for model in MODELS if model.name == "digits_lenet5")
        known = [dataclasses.replace(lenet, name=name, calibrates=False) for name in ANALOG_MODELS]
    with tempfile.TemporaryDirectory() as folder:
        for model in known:
            if has_data(model):
                names.append(model.name)
                measure(options, model, ANALOG_SWEEPS if options.analog else SWEEPS, folder, rows)
            else:
                print(f"{model.name}: no data, skipped", file=sys.stderr)
    print("| target | set |" + "".join(f" {name} |" for name in names))
    print("|---|---|" + "--:|" * len(names))
    for row, cells in rows.items():
        print(row + "".join(cells))


if __name__ == "__main__":
    main()
