#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares pipelines of layers with layers one after another: latency of an image and interval
between images, both simulated, so that the machine that this runs on does not matter. Writes a table to standard
output; exit status 1 if a figure misses its goal or a value differs from the reference."""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

from models import MODELS, has_data, prepare_dataset

MAPPINGS = (("layer by layer", ("--optimize", "arrays", "--no-shared-arrays")),
            ("pipeline", ("--optimize", "throughput")),
            ("pipeline, 2x arrays", ("--optimize", "throughput", "--array-budget", "2x")),
            ("latency, 2x arrays", ("--optimize", "latency", "--array-budget", "2x")))
GOALS = ("cifar10_resnet20", "imagenet_squeezenet1.0_fp32")  # at least these much better, with 2x arrays:
THROUGHPUT_GOAL, LATENCY_GOAL = 5, 2


def tool(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stderr}")


def measure(build, model, dataset, target, options, folder):
    """The reports of pimc and pim-run."""
    program, compiled, ran = (os.path.join(folder, name) for name in ("p.pimb", "c.json", "r.json"))
    calibration = ("--calibrate", dataset.calibration, "--calibration-samples", "16")
    tool(f"{build}/bin/pimc", model.path, "-o", program, "--target", target, "--quiet", "--report",
         compiled, *model.preprocess, *model.extra, *options,
         *(calibration if model.calibrates else ()))
    tool(f"{build}/bin/pim-run", program, "--input", dataset.images, "--limit", "1", "--check",
         "--quiet", "--report", ran)
    reports = []
    for path in (compiled, ran):
        with open(path, encoding="utf-8") as file:
            reports.append(json.load(file))
    return reports


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--models", default=",".join(GOALS), help="names of test/e2e/models.py")
    parser.add_argument("--targets", default="sot-and,reram-xbar")
    options = parser.parse_args()
    failures = []
    print("| model | target | mapping | arrays | cores | latency ms | | interval ms | | instruction bytes |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for model in MODELS:
            if model.name not in options.models.split(","):
                continue
            if not has_data(model):
                print(f"{model.name}: no data, skipped", file=sys.stderr)
                continue
            dataset = prepare_dataset(model.dataset, folder)
            for target in options.targets.split(","):
                base = None
                for name, flags in MAPPINGS:
                    compiled, ran = measure(options.build, model, dataset, target, flags, folder)
                    cost = ran["cost"]
                    latency, interval = cost["latency_s"], cost["interval_s"]
                    base = base or (latency, interval)
                    faster, denser = base[0] / latency, base[1] / interval
                    print(f"| {model.name} | {target} | {name} | {compiled['arrays']['used']} "
                          f"| {compiled['program']['cores']} | {latency * 1e3:.3f} | {faster:.1f}x "
                          f"| {interval * 1e3:.3f} | {denser:.1f}x "
                          f"| {compiled['program']['instruction_bytes']} |", flush=True)
                    place = f"{model.name} on {target}, {name}"
                    if ran["quality"]["mismatched_values"] != 0:
                        failures.append(f"{place}: values differ from the reference")
                    if model.name in GOALS and name.startswith("pipeline, 2x") and (
                            denser < THROUGHPUT_GOAL or faster < LATENCY_GOAL):
                        failures.append(f"{place}: {denser:.1f}x throughput and {faster:.1f}x latency, "
                                        f"expected {THROUGHPUT_GOAL}x and {LATENCY_GOAL}x")
    for failure in failures:
        print(f"bench/schedule: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
