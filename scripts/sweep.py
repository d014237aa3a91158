#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs a network once for every combination of values of some keys of its target, and prints what each
costs and how accurate it is.

  sweep.py MODEL.onnx --target reram-xbar --compile '--calibrate c.npy' --run '--input x.npy --labels y.npy'
      --vary adc.bits=8,7,6 --vary cell.variation_sigma=0,0.05 --csv sweep.csv

Keys on which the compiled program depends (those with * in pimc --print-target) go to pimc --set, with those that vary
along with them, others to pim-run --set: one program serves all of their values. What begins with -- is an option of pimc: --vary=--weight-bits=4,8."""

import argparse
import concurrent.futures
import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading

from reporting import reports as lib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Of the source tree, or two above share/pim where these scripts are installed.
FOLDERS = (os.path.join(ROOT, "build"), os.path.dirname(os.path.dirname(ROOT)))


def default_folder():
    """The folder whose bin/ has the tools."""
    return next((folder for folder in FOLDERS if os.path.exists(os.path.join(folder, "bin", "pimc"))), FOLDERS[0])


class Axis:
    """KEY[+KEY...]=V1,V2,...: keys that take these values together."""

    def __init__(self, text):
        head, equals, values = text[2:].partition("=") if text.startswith("--") else text.partition("=")
        if not equals or not head or not values:
            raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE,VALUE,...")
        self.option = f"--{head}" if text.startswith("--") else None
        self.keys = [] if self.option else head.split("+")
        self.name = self.option or head
        self.values = [value for part in re.findall(r"(?:\[[^]]*\]|[^,\[])+", values) for value in self.expand(part)]

    @staticmethod
    def expand(part):
        """ "4..8" is every whole number from 4 to 8."""
        span = re.fullmatch(r"(-?\d+)\.\.(-?\d+)", part)
        if not span:
            return [part]
        first, last = int(span[1]), int(span[2])
        return [str(value) for value in range(first, last + (1 if last >= first else -1), 1 if last >= first else -1)]


class Failure(Exception):
    """A tool refused; the text is its message."""


def call(*command):
    process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        lines = [line for line in process.stderr.strip().split("\n") if ": error: " in line]
        raise Failure((lines or process.stderr.strip().split("\n"))[0] or f"exit status {process.returncode}")
    return process.stdout


class Sweep:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.is_program = os.path.splitext(options.model)[1] == ".pimb"
        self.made, self.lock = {}, threading.Lock()

    def once(self, key, make):
        """What `make` returns or throws, called once for each key whatever the threads."""
        with self.lock:
            is_first = key not in self.made
            future = self.made.setdefault(key, concurrent.futures.Future())
        if is_first:
            try:
                future.set_result(make())
            except Failure as failure:
                future.set_exception(failure)
        return future.result()

    def tool(self, name):
        return os.path.join(self.options.build, "bin", name)

    def fixed_keys(self, target):
        """Keys on which a program for `target` depends."""
        def ask():
            text = call(self.tool("pimc"), "--print-target", "--target", target)
            return set(re.findall(r"^\* (\S+)", text, re.MULTILINE))
        return self.once(("keys", target), ask)

    def program(self, arguments):
        """The program that pimc makes with these arguments."""
        def compile_model():
            descriptor, path = tempfile.mkstemp(".pimb", dir=self.folder)
            os.close(descriptor)
            call(self.tool("pimc"), self.options.model, "-o", path, "--quiet", *arguments)
            return path
        return self.once(("program", arguments), compile_model)

    def split(self, point):
        """The arguments of pimc and of pim-run for one value of each axis."""
        for_pimc, for_pim_run, target = shlex.split(self.options.compile), [], self.options.target
        for axis, value in zip(self.options.vary, point):
            if axis.option == "--target":
                target = value
            elif axis.option:
                for_pimc.append(f"{axis.option}={value}")
        for_pimc += ["--target", target]
        for axis, value in zip(self.options.vary, point):
            # Keys that go together may contradict each other apart.
            is_fixed = not self.is_program and not self.fixed_keys(target).isdisjoint(axis.keys)
            for key in axis.keys:
                (for_pimc if is_fixed else for_pim_run).extend(["--set", f"{key}={value}"])
        return tuple(for_pimc), for_pim_run

    def measure(self, number, point):
        """The report of one point, or the message of what refused it."""
        report = os.path.join(self.options.reports or self.folder, f"{number:04}.json")
        try:
            for_pimc, for_pim_run = self.split(point)
            program = self.options.model if self.is_program else self.program(for_pimc)
            call(self.tool("pim-run"), program, "--quiet", "--report", report, *shlex.split(self.options.run),
                 *for_pim_run)
            return lib.load(report)
        except Failure as failure:
            return str(failure)

    def run(self, points):
        """The results of the points in their order; fewer if the user has had enough."""
        results, shows = [], sys.stderr.isatty()
        with concurrent.futures.ThreadPoolExecutor(max(1, self.options.jobs)) as pool:
            try:
                for result in pool.map(self.measure, range(1, len(points) + 1), points):
                    results.append(result)
                    if shows:
                        print(f"\r\033[K{len(results)}/{len(points)} points", end="", file=sys.stderr, flush=True)
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
        if shows:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        return results


def make_parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL", help="for pimc; or a program (.pimb), of which no key with * can vary")
    parser.add_argument("--vary", metavar="KEY=V,V,...", type=Axis, action="append", required=True,
                        help="values of a key; 4..8 is every whole number between, KEY+KEY=... sets several alike "
                             "(repeatable: all combinations)")
    parser.add_argument("--target", default="sot-and", help="as pimc takes it (default sot-and)")
    parser.add_argument("--compile", metavar="ARGUMENTS", default="", help="for pimc, in quotes")
    parser.add_argument("--run", metavar="ARGUMENTS", default="", help="for pim-run, in quotes: data, labels, --monte-carlo")
    parser.add_argument("--csv", metavar="FILE", help="write all numbers, in SI units")
    parser.add_argument("--reports", metavar="FOLDER", help="keep the report of each point, 0001.json and so on")
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="points at a time (default 1)")
    parser.add_argument("--build", default=default_folder(),
                        help="folder with bin/ (default: build, or where this script is installed)")
    return parser


def print_points(axes, points, results):
    rows = [[axis.name for axis in axes] +
            ["top-1", "latency", "interval", "energy", "area mm2", "arrays", "TOPS/W", "largest part of energy"]]
    for point, result in zip(points, results):
        if isinstance(result, str):
            rows.append([*point, "failed", *7 * [""]])
            continue
        cost = result["cost"]
        rows.append([*point, lib.accuracy(result), lib.scaled(cost["latency_s"], "s"),
                     lib.scaled(cost["interval_s"], "s"), lib.scaled(cost["energy_j"], "J"), f"{cost['area_mm2']:.3g}",
                     lib.count(result["arrays"].get("used")), f"{cost['tops_per_w']:.3g}",
                     lib.largest_part(result["energy_j"])])
    lib.print_table(rows, left=(len(axes) + 7,))


def write_csv(path, names, points, results):
    rows = [{**dict(zip(names, point)), **({"error": result} if isinstance(result, str) else lib.flat(result))}
            for point, result in zip(points, results)]
    with open(path, "w", encoding="utf-8", newline="") as file:
        lib.write_csv(rows, file)


def main():
    parser = make_parser()
    options = parser.parse_args()
    if options.model.endswith(".pimb") and any(axis.option for axis in options.vary):
        parser.error("a program is compiled already; options of pimc vary with a model")
    if options.csv and not os.path.isdir(os.path.dirname(options.csv) or "."):
        raise lib.ReportError(f"{options.csv}: cannot be written: there is no such folder")
    if options.reports:
        os.makedirs(options.reports, exist_ok=True)
    points = list(itertools.product(*(axis.values for axis in options.vary)))
    with tempfile.TemporaryDirectory(prefix="pim-sweep-") as folder:
        results = Sweep(options, folder).run(points)
    if options.csv:
        write_csv(options.csv, [axis.name for axis in options.vary], points, results)
    print_points(options.vary, points, results)
    failures = [result for result in results if isinstance(result, str)]
    for message in dict.fromkeys(failures):
        print(f"sweep.py: error: {failures.count(message)} of {len(points)} points: {message}", file=sys.stderr)
    if len(results) < len(points):
        return 130
    return 1 if failures else 0


if __name__ == "__main__":
    lib.run_script("sweep.py", main)
