# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs a network on a system, and takes from the reports what papers compare."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))
import run_layers  # noqa: E402

# What belongs to the arrays, in area: of the whole chip, so of all its arrays alike.
ARRAY_PARTS = ("array", "dac", "adc", "shift_add", "popcount", "neuron")
LARGEST_MESH = 24


@dataclass(frozen=True)
class Workload:
    """A network and its data; `convolutions` names the layers whose time and energy to take, all
    where it is empty."""
    name: str
    path: str
    options: tuple  # for pimc
    images: str
    labels: str | None
    convolutions: tuple = ()


@dataclass(frozen=True)
class Measured:
    latency: float  # seconds of one inference, layer after layer
    energy: dict  # joules by component
    arrays: int  # of the whole network: layers may share them
    arrays_area: float  # square millimetres of the arrays used, with their converters
    top1: float | None
    seconds: tuple  # of a processor, for pimc and for pim-run
    report: dict
    mapped: dict  # the report of pimc

    @property
    def joules(self):
        return sum(self.energy.values())

    def largest(self, count=3):
        parts = sorted(self.energy.items(), key=lambda part: -part[1])[:count]
        return ", ".join(f"{name} {100 * joules / self.joules:.0f} %" for name, joules in parts)


class Bench:
    def __init__(self, build, folder, limit):
        self.build, self.folder, self.limit = build, folder, limit
        self.known = {}

    def _run(self, tool, *arguments):
        """The process, and the seconds of a processor that it took."""
        command = [os.path.join(self.build, "bin", tool), *map(str, arguments)]
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        return process, end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime

    def _try(self, workload, target, options, keys, side):
        """Compiles for a chip of `side` x `side` cores: the report, or none, what is wrong, and seconds. A chip whose
        arrays are programmed in rounds does not hold the network."""
        extent = f'{{value: {side}, assumption: "the smallest square"}}'
        chip = run_layers.write_target(self.folder, target,
                                       {"mesh_rows": extent, "mesh_cols": extent, **keys})
        path = os.path.join(self.folder, "compile.json")
        process, seconds = self._run("pimc", workload.path, "-o", os.path.join(self.folder, "program.pimb"),
                                     "--target", chip, "--quiet", "--report", path, *workload.options,
                                     *(() if "--optimize" in options else ("--optimize", "arrays")), *options)
        if process.returncode != 0:
            return None, process.stderr.strip()[-500:], seconds
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        if report["arrays"].get("rounds", 1) > 1:
            return None, "the arrays are programmed in rounds", seconds
        return report, "", seconds

    def _compile(self, workload, target, options, keys):
        """For the smallest square chip of `target` that holds the network: the report, and seconds."""
        too_small, side = 0, 1
        while True:
            made, wrong, _ = self._try(workload, target, options, keys, side)
            if made:
                break
            if side >= LARGEST_MESH:
                sys.exit(f"bench/papers: {workload.name} on {target}: {wrong}")
            too_small, side = side, min(2 * side, LARGEST_MESH)
        while side - too_small > 1:
            middle = (too_small + side) // 2
            if self._try(workload, target, options, keys, middle)[0]:
                side = middle
            else:
                too_small = middle
        made, _, seconds = self._try(workload, target, options, keys, side)
        return made, seconds

    def measure(self, workload, target, options=(), keys=None, settings=()):
        """`keys`: lines of the target to change before compiling; `settings`: numbers of it for the
        run alone, KEY=VALUE."""
        key = (workload, target, tuple(options), tuple((keys or {}).items()), tuple(settings))
        if key not in self.known:
            self.known[key] = self._measure(workload, target, options, keys or {}, settings)
        return self.known[key]

    def _measure(self, workload, target, options, keys, settings):
        mapped, compiling = self._compile(workload, target, options, keys)
        path = os.path.join(self.folder, "run.json")
        labels = ("--labels", workload.labels) if workload.labels else ()
        ran, running = self._run("pim-run", os.path.join(self.folder, "program.pimb"), "--input",
                                 workload.images, *labels, "--limit", self.limit, "--quiet",
                                 "--report", path, *(f"--set={setting}" for setting in settings))
        if ran.returncode != 0:
            sys.exit(f"bench/papers: {workload.name} on {target}: {ran.stderr.strip()[-500:]}")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        return self._select(workload, report, mapped, (compiling, running))

    def _select(self, workload, report, mapped, seconds):
        latency, energy = report["cost"]["latency_s"], report["energy_j"]
        arrays = report["arrays"]["used"]
        if workload.convolutions:
            layers = [layer for layer in report["layers"] if layer["name"] in workload.convolutions]
            latency = sum(layer["latency_s"] for layer in layers)
            energy = {}
            for layer in layers:
                for part, joules in layer["energy_parts_j"].items():
                    energy[part] = energy.get(part, 0) + joules
        parameters = report["target"]["parameters"]
        on_chip = (int(parameters["chip.mesh_rows"]) * int(parameters["chip.mesh_cols"]) *
                   int(parameters["core.arrays"]))
        area = sum(report["area_mm2"][part] for part in ARRAY_PARTS) / on_chip * arrays
        return Measured(latency, energy, arrays, area, report["quality"]["top1"], seconds, report,
                        mapped)
