#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How far chips get whose supply fails if nobody says when to commit: the bundled network on each target, with
`pim-run --power` alone, beside commits at the ends of all layers. Prints the tables of docs/power-intervals.md."""

import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

import harness

DIGITS = os.path.join(ROOT, "examples", "digits")
TARGETS = ("sot-and", "sot-and-7nm", "sot-xbar", "cmos-asic", "reram-sme", "reram-xbar", "reram-isaac", "reram-prime")
SEEDS = range(1, 9)
SAMPLES = 500
PARTS = ("useful_s", "redo_s", "commit_s", "restore_s")


class Chip:
    def __init__(self, build, target, folder):
        self.run_tool = os.path.join(build, "bin", "pim-run")
        self.target = target
        self.program = os.path.join(folder, f"{target}.pimb")
        self.file = os.path.join(folder, "report.json")
        subprocess.run([os.path.join(build, "bin", "pimc"), os.path.join(DIGITS, "lenet5.onnx"), "-o", self.program,
                        "--target", target, "--optimize", "arrays", "--scale", "1/255", "--quiet", "--calibrate",
                        os.path.join(DIGITS, "calibration-images-idx3-ubyte.gz")], check=True)
        self.latency = self.report(1e6, 1, 1)["cost"]["latency_s"]

    def report(self, mtbf, seed, samples, *options):
        subprocess.run([self.run_tool, self.program, "--input", os.path.join(DIGITS, "test-images-idx3-ubyte.gz"),
                        "--limit", str(samples), "--power", f"seeded:{mtbf},{seed}", "--quiet", "--report", self.file,
                        *options], check=True)
        return harness.read_json(self.file)

    def measure(self, mtbf, *options):
        """The last report's `resilience`, with the parts of the time with power over all seeds."""
        sums = dict.fromkeys(PARTS, 0)
        for seed in SEEDS:
            result = self.report(mtbf, seed, SAMPLES, *options)["resilience"]
            for part in PARTS:
                sums[part] += result[part]
        result["parts"] = [sums[part] / sum(sums.values()) for part in PARTS]
        return result

    def ten_intervals(self):
        """The longest mean time between failures that is ten times the interval that it makes the chip take, or none
        of at least a latency."""
        mtbf = 10 * self.latency
        while mtbf > self.latency:
            interval = self.report(mtbf, 1, 1)["resilience"]["commit_interval_s"]
            if abs(10 * interval - mtbf) < 1e-3 * mtbf:
                return mtbf
            mtbf = 10 * interval
        return None

    def shortest(self, *options):
        """The shortest mean time between failures that leaves nine tenths to work, to the sixth root of two."""
        mtbf = 64 * self.latency
        while self.report(mtbf, 1, SAMPLES, *options)["resilience"]["forward_progress"] > 0.9:
            mtbf /= 2 ** (1 / 6)
        return mtbf * 2 ** (1 / 6)


def percent(part):
    return f"{100 * part:.1f} %"


def microseconds(seconds):
    return f"{seconds * 1e6:,.0f}" if seconds > 1e-4 else f"{seconds * 1e6:.3g}"


def row(chip, what, mtbf):
    result, layer = chip.measure(mtbf), chip.measure(mtbf, "--commit-policy", "layer")
    return "| " + " | ".join([
        chip.target, what, microseconds(mtbf), f"`{result['placement']}`", str(result["commits_per_inference"]),
        f"{mtbf / result['commit_interval_s']:.0f}", *(percent(part) for part in result["parts"]),
        percent(layer["parts"][0])]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder with bin/ (default: build)")
    parser.add_argument("--target", action="append", help="only this one (repeatable)")
    options = parser.parse_args()
    print("| target | failures apart | us | `auto` takes | commits | intervals | forward progress | redone | commits "
          "| going back | with `layer` |\n|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    shortest = []
    with harness.scratch() as folder:
        for target in options.target or TARGETS:
            chip = Chip(options.build, target, folder)
            print(row(chip, "10 latencies", 10 * chip.latency))
            mtbf = chip.ten_intervals()
            if mtbf and abs(mtbf - 10 * chip.latency) > 1e-3 * mtbf:
                print(row(chip, "10 intervals", mtbf))
            print(row(chip, "1 latency", chip.latency), flush=True)
            shortest.append(f"| {target} | {microseconds(chip.latency)} | {microseconds(chip.shortest())} "
                            f"| {microseconds(chip.shortest('--commit-policy', 'layer'))} |")
    print("\n| target | latency, us | 90 % from, us | with `layer` |\n|---|--:|--:|--:|", *shortest, sep="\n")


if __name__ == "__main__":
    main()
