# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast arrays are simulated that lose something: weak converters, cells that vary, noise, wires; and how long a
Monte Carlo run over many dies takes. One section of docs/performance.md."""

import os
import subprocess

import harness
from models import MODELS, has_data, prepare_dataset

# Network, how many samples each setting runs, and whether the goals are meant for it.
NETWORKS = (("mnist_8", 1000, False), ("cifar10_resnet20", 100, True), ("imagenet_squeezenet1.0_fp32", 8, True))
WEAK = ("adc.bits=5",)
SPREAD = (*WEAK, "cell.variation_sigma=0.05")
NOISE = (*SPREAD, "cell.read_noise_sigma=0.05")
WIRES = (*WEAK, "cell.on_ohm=10000", "array.row_wire_ohm=1", "array.column_wire_ohm=1")
COLUMNS = (("5-bit ADC", WEAK), ("and cells that vary", SPREAD), ("and read noise", NOISE), ("5-bit ADC, wires", WIRES))
TURNS = 3  # of which the best counts: a processor that others use, too, is never faster than it is
WEAK_GOAL = 5e9  # products a second
NOISE_GOAL = 5  # times slower than without variation and noise, at most
# Of one network, on two threads.
DIES, DIE_SAMPLES, DIES_GOAL_S = 100, 1000, 120


def simulate(build, program, dataset, samples, settings, folder, *more):
    """The report of a run."""
    report = os.path.join(folder, "imperfect.json")
    labels = ["--labels", dataset.labels] if dataset.labels else []
    subprocess.run([os.path.join(build, "bin", "pim-run"), program, "--input", dataset.images, *labels, "--limit",
                    str(samples), "--report", report, "--quiet", *more,
                    *(word for setting in settings for word in ("--set", setting))], check=True)
    return harness.read_json(report)


def compile_for(build, model, dataset, folder):
    program = os.path.join(folder, "imperfect.pimb")
    subprocess.run([os.path.join(build, "bin", "pimc"), model.path, "-o", program, "--target", "reram-xbar", "--quiet",
                    *model.preprocess, *(("--calibrate", dataset.calibration) if model.calibrates else ())], check=True)
    return program


def rates(build, program, dataset, samples, folder):
    """Products a second for each of COLUMNS, in turns: those of the network, whatever planes and slices they take."""
    found = [0] * len(COLUMNS)
    for turn in range(TURNS):
        for column, (_, settings) in enumerate(COLUMNS):
            if turn > 0 and settings is WIRES:  # factorizations take minutes
                continue
            report = simulate(build, program, dataset, samples, settings, folder, "--threads", "1")
            rate = report["model"]["macs"] * report["simulation"]["samples_per_s"]
            found[column] = max(found[column], rate)
    return found


def mark(is_reached, text):
    return text if is_reached else f"**{text}**"


def section(build):
    """The lines of the section, or none without data."""
    rows, dies = [], None
    for name, samples, has_goals in NETWORKS:
        model = next(model for model in MODELS if model.name == name)
        if not has_data(model):
            continue
        with harness.scratch() as folder:
            dataset = prepare_dataset(model.dataset, folder)
            program = compile_for(build, model, dataset, folder)
            weak, spread, noise, wires = rates(build, program, dataset, samples, folder)
            rows.append(f"| {name} | " + " | ".join((
                mark(not has_goals or weak >= WEAK_GOAL, f"{weak / 1e9:.1f}"), f"{spread / 1e9:.1f}",
                mark(not has_goals or noise * NOISE_GOAL >= weak, f"{noise / 1e9:.1f}"), f"{weak / noise:.1f}",
                f"{wires / 1e9:.1f}")) + " |")
            if dies is None:
                report = simulate(build, program, dataset, DIE_SAMPLES, ("cell.variation_sigma=0.1",), folder,
                                  "--monte-carlo", str(DIES), "--threads", "2")
                seconds = report["simulation"]["wall_s"]
                dies = (f"`{name}` with `cell.variation_sigma=0.1` on {DIES} dies, {DIE_SAMPLES:,} images each, two threads: "
                        + mark(seconds <= DIES_GOAL_S, f"{seconds:.1f} s") + f" (goal {DIES_GOAL_S} s).")
    if not rows:
        return []
    heads = [name for name, _ in COLUMNS]
    heads.insert(3, "times slower")
    return ["## Imperfect arrays: billions of products of the network a second", "",
            "`reram-xbar`, eight slices of one-bit cells, one-bit inputs, a conversion for every bit of the input and every "
            "column. " + f"Goals of the larger two: {WEAK_GOAL / 1e9:.0f} with a 5-bit ADC, at most {NOISE_GOAL} times slower "
            f"with variation and noise. Wires: 1 ohm from cell to cell in both directions, cells of 10 kOhm; the factorizations come before. The best of {TURNS} "
            "turns, but for wires.", "",
            "| network | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads), *rows, "", dies, ""]
