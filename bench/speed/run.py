#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures compiler and simulator on real networks, each beside onnxruntime on the same network and
the same samples, one thread, and writes docs/performance.md.

onnxruntime computes the float network; the simulator computes every array read of the quantized one
and books time and energy. The first is the limit of what the second can reach."""

import argparse
import array
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

import harness
import imperfect
from models import MODELS, has_data, prepare_dataset, read_samples


@dataclass(frozen=True)
class Goal:
    """What the project promises for a network; times in seconds, rates in samples a second."""
    model: str
    shape: str  # of one sample for onnxruntime
    samples: int
    exact: float | None = None
    lossy: float | None = None
    compile_s: float | None = None
    code_bytes: int = 256 << 10
    instructions: float | None = None  # executed a second, where none does a hundred thousand products


GOALS = [
    Goal("digits_lenet5", "1x1x28x28", 500, code_bytes=16 << 10, instructions=3e6),
    Goal("mnist_8", "1x1x28x28", 5000, 5000, 3000, 2, 16 << 10, 3e6),
    Goal("cifar10_resnet20", "1x3x32x32", 200, 150, 60, 5, instructions=3e6),
    Goal("imagenet_squeezenet1.0_fp32", "1x3x224x224", 16, 1 / 0.15, 1 / 0.4, 15),
    Goal("imagenet_mobilenetv2_int8_qdq", "1x3x224x224", 16, compile_s=15),
]
RSS_GOAL = 1 << 30
TARGET = "reram-xbar"
RUNS = (("exact", TARGET, ()), ("6-bit ADC", TARGET, ("--set", "adc.bits=6")),
        ("AND arrays", "sot-and", ()))


def measure(command):
    """Returns (standard output, seconds, peak bytes) of a program that must succeed."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"run.py: error: {' '.join(command)}: exit status {process.returncode}")
    return output, time.monotonic() - begin, usage.ru_maxrss * 1024


def run_onnxruntime(model, goal, dataset, folder):
    values, labels = read_samples(model, dataset, goal.samples)
    samples, classes = os.path.join(folder, "samples.f32"), os.path.join(folder, "labels.u16")
    with open(samples, "wb") as file:
        values.tofile(file)
    with open(classes, "wb") as file:
        array.array("H", labels).tofile(file)
    output, _, _ = measure(["node", os.path.join(HERE, "onnxruntime.mjs"), model.path, samples,
                            goal.shape, classes])
    return json.loads(output)


def run_model(build, model, goal, folder):
    """One row of each table."""
    dataset = prepare_dataset(model.dataset, folder)
    row = {"model": model.name, "goal": goal, "runs": {}, "compiles": {}}
    row["onnxruntime"] = run_onnxruntime(model, goal, dataset, folder)
    calibration = ["--calibrate", dataset.calibration] if model.calibrates else []
    labels = ["--labels", dataset.labels] if dataset.labels else []
    report = os.path.join(folder, "report.json")
    for name, target, settings in RUNS:
        program = os.path.join(folder, f"{model.name}-{target}.pimb")
        if target not in row["compiles"]:
            _, seconds, rss = measure(
                [os.path.join(build, "bin", "pimc"), model.path, "-o", program, "--target", target,
                 *calibration, *model.preprocess, "--report", report])
            code = 8 * harness.read_json(report)["program"]["instructions"]
            row["compiles"][target] = {"seconds": seconds, "rss": rss, "code": code,
                                       "file": os.path.getsize(program)}
        _, _, rss = measure(
            [os.path.join(build, "bin", "pim-run"), program, "--input", dataset.images, *labels,
             "--limit", str(goal.samples), "--threads", "1", "--report", report, *settings])
        result = harness.read_json(report)
        row["runs"][name] = {"rate": result["simulation"]["samples_per_s"], "rss": rss,
                             "instructions": result["simulation"]["samples_per_s"] * result["program"]["executed"],
                             "top1": result["quality"]["top1"]}
    return row


def against(value, goal, text, at_least=True):
    """`text`, marked where a goal is missed."""
    if goal is None:
        return text
    return text if (value >= goal if at_least else value <= goal) else f"**{text}**"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def mebibytes(value):
    return f"{value / (1 << 20):.0f}"


def speed_table(rows):
    lines = ["| network | samples | onnxruntime, float | exact | goal | 6-bit ADC | goal | AND arrays | million instructions | peak MiB |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for row in rows:
        goal, runs = row["goal"], row["runs"]
        rss = max(run["rss"] for run in runs.values())
        lines.append("| " + " | ".join([
            row["model"], number(goal.samples), number(row["onnxruntime"]["samples_per_s"]),
            against(runs["exact"]["rate"], goal.exact, number(runs["exact"]["rate"])),
            number(goal.exact) if goal.exact else "",
            against(runs["6-bit ADC"]["rate"], goal.lossy, number(runs["6-bit ADC"]["rate"])),
            number(goal.lossy) if goal.lossy else "", number(runs["AND arrays"]["rate"]),
            against(runs["exact"]["instructions"], goal.instructions, number(runs["exact"]["instructions"] / 1e6)),
            against(rss, RSS_GOAL, mebibytes(rss), at_least=False)]) + " |")
    return lines


def accuracy_table(rows):
    lines = ["| network | onnxruntime, float | exact | 6-bit ADC | AND arrays |", "|---|--:|--:|--:|--:|"]
    for row in rows:
        shares = [row["onnxruntime"]["top1"]] + [row["runs"][name]["top1"] for name, _, _ in RUNS]
        lines.append(f"| {row['model']} | " + " | ".join(f"{100 * s:.2f} %" for s in shares) + " |")
    return lines


def compile_table(rows):
    lines = ["| network | target | seconds | goal | peak MiB | code KiB | goal | program KiB |",
             "|---|---|--:|--:|--:|--:|--:|--:|"]
    for row in rows:
        goal = row["goal"]
        for target, made in row["compiles"].items():
            lines.append("| " + " | ".join([
                row["model"], target,
                against(made["seconds"], goal.compile_s, f"{made['seconds']:.2f}", at_least=False),
                number(goal.compile_s) if goal.compile_s else "",
                against(made["rss"], RSS_GOAL, mebibytes(made["rss"]), at_least=False),
                against(made["code"], goal.code_bytes, f"{made['code'] / 1024:.1f}", at_least=False),
                number(goal.code_bytes / 1024), f"{made['file'] / 1024:.0f}"]) + " |")
    return lines


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown processor"


def page(rows, imperfect_section, command):
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], text=True,
                            capture_output=True, check=False).stdout.strip()
    version = rows[0]["onnxruntime"]["version"]
    return "\n".join([
        "# Performance", "",
        "Written by `" + command + "`; do not edit. Release build, commit " + commit + ", "
        + processor() + ", one thread, onnxruntime " + version + " (npm `onnxruntime-node`).", "",
        "Samples are single images. Both engines report their own rate, without loading the network. A number in "
        "bold misses its goal. Accuracy is that of the samples measured here; `test/e2e/run_models.py --full` measures whole test sets.", "",
        "## Simulation: images a second, with timing and energy", "",
        "*exact*: `" + TARGET + "`, whose 8-bit ADC loses nothing, so that arrays run as integer matrix "
        "products. *6-bit ADC*: the same program under `--set adc.bits=6`, where every bit plane and every "
        "conversion is simulated. *AND arrays*: `sot-and`. *Million instructions*: executed a second, with values, in the "
        "exact runs; goal 3, but for the large networks, whose instructions do hundred thousands of products each.", "",
        *speed_table(rows), "", *imperfect_section, "## Accuracy on these samples", "", *accuracy_table(rows), "",
        "## Compilation", "",
        "Wall time and peak memory of `pimc` with calibration; code is the instruction words alone, "
        "the program also holds cell images and the reference for `--check`.", "",
        *compile_table(rows), ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"),
                        help="build folder with bin/ (default: build)")
    parser.add_argument("--model", action="append", help="only this one (repeatable)")
    parser.add_argument("-o", "--output", help="the page (default: docs/performance.md)")
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(HERE, "node_modules", "onnxruntime-node")):
        subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True)

    rows = []
    for goal in GOALS:
        model = next(model for model in MODELS if model.name == goal.model)
        if options.model and model.name not in options.model:
            continue
        if not has_data(model):
            print(f"run.py: {model.name} is left out: {model.path} is not here", file=sys.stderr)
            continue
        print(model.name, file=sys.stderr, flush=True)
        with harness.scratch() as folder:
            rows.append(run_model(options.build, model, goal, folder))
    if not rows:
        parser.error("no network to measure")
    print("imperfect arrays", file=sys.stderr, flush=True)
    text = page(rows, imperfect.section(options.build), "bench/speed/run.py")
    with open(options.output or os.path.join(ROOT, "docs", "performance.md"), "w",
              encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
