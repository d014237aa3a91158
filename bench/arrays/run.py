#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays of 128 x 128 one-bit cells that networks need (--optimize arrays), step by step, with top-1 and the
simulated latency where there are images. Prints a Markdown table. The baselines are dense, 16 and 8 bits, slices in neighbouring
columns (ISAAC), each layer and each group of a depthwise one in arrays of its own."""

import argparse
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "test", "e2e"), os.path.join(ROOT, "bench", "arrays")]
import fill_weights  # noqa: E402
import harness  # noqa: E402
import models  # noqa: E402

APART, FEWEST = ("--no-shared-arrays",), ("--weight-bits", "auto", "--max-accuracy-loss", "1")
WINDOW, PRUNE = ("--weight-code", "window:3"), ("--prune", "column=0.5@128;#0:none;#-1:none")
# Name, sign scheme with slices in arrays of their own (None: the target as it is), options. Quantized
# models have their weights; theirs are coded instead.
STEPS = (
    ("8 bits, no array shared", None, APART),
    ("8 bits", None, ()),
    ("4 bits", None, ("--weight-bits", "4")),
    ("3 bits", None, ("--weight-bits", "3")),
    ("2 bits", None, ("--weight-bits", "2")),
    ("fewest bits for a point of top-1", None, FEWEST),
    ("codes of 5 bits", None, ("--weight-code", "fixed:5")),
    ("codes of 4 bits", None, ("--weight-code", "fixed:4")),
    ("window:3, planes in arrays", "differential", WINDOW),
    ("window:3, one plane squeezed out", "differential", WINDOW + ("--squeeze", "1")),
    ("3 bits, half of the columns pruned", None, ("--weight-bits", "3") + PRUNE),
    ("3 bits, zeros in no order: 80 %", None, ("--weight-bits", "3", "--prune", "irregular=0.8")),
    ("3 bits, zeros in no order: 90 %", None, ("--weight-bits", "3", "--prune", "irregular=0.9")),
)


def write_target(folder, sign):
    """reram-xbar, with room for every baseline."""
    with open(os.path.join(ROOT, "targets", "reram-xbar.yaml"), encoding="utf-8") as file:
        text = file.read()
    changes = {"mesh_rows": 32, "mesh_cols": 32}
    if sign:
        changes.update(slicing="arrays", sign=sign)
    for key, value in changes.items():
        text = re.sub(rf"(?m)^(  {key}: ).*$", rf"\g<1>{value}", text)
    path = os.path.join(folder, f"{sign or 'columns'}.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run(build, tool, *arguments):
    command = [os.path.join(build, "bin", tool), *map(str, arguments)]
    process = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: {process.stderr.strip()[:500]}")


def measure(build, folder, path, options, dataset, limit):
    program, report = os.path.join(folder, "program.pimb"), os.path.join(folder, "report.json")
    run(build, "pimc", path, "-o", program, "--report", report, "--quiet", "--optimize", "arrays",
        *options)
    arrays, top1, latency = harness.read_json(report)["arrays"], None, None
    if dataset and limit > 0:
        labels = ("--labels", dataset.labels) if dataset.labels else ()
        run(build, "pim-run", program, "--input", dataset.images, *labels, "--limit", limit,
            "--report", report, "--quiet")
        ran = harness.read_json(report)
        top1, latency = ran["quality"]["top1"], ran["cost"]["latency_s"]
    return arrays, top1, latency


def table(options, name, path, preprocess, dataset, folder):
    print(f"\n**{name}**\n")
    print("| step | arrays | against 16 bits | against 8 bits | top-1 | latency ms |\n|---|---|---|---|---|---|")
    for step, sign, flags in STEPS:
        if options.step and options.step not in step:
            continue
        isQuantized = "int8" in name
        if (isQuantized and "--weight-bits" in flags) or (not isQuantized and "codes" in step):
            continue
        if not dataset and "auto" in flags:
            continue
        flags = list(flags) + ["--target", write_target(folder, sign), *preprocess]
        if dataset:
            flags += ["--calibrate", dataset.calibration, "--calibration-samples", options.samples]
        arrays, top1, latency = measure(options.build, folder, path, flags, dataset, options.limit)
        ratios = [f"{arrays[key] / arrays['used']:.2f}" for key in ("dense_16_bits", "dense")]
        accuracy = f"{100 * top1:.2f} %" if top1 is not None else ""
        time = f"{1e3 * latency:.2f}" if latency is not None else ""
        print(f"| {step} | {arrays['used']} | {ratios[0]} | {ratios[1]} | {accuracy} | {time} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--limit", type=int, default=500, help="images; 0 for none")
    parser.add_argument("--samples", type=int, default=128, help="calibration images")
    parser.add_argument("--light-resnet50", help="model.onnx of onnx/onnx's light_resnet50")
    parser.add_argument("--step", help="only steps whose name has this in it")
    parser.add_argument("models", nargs="*", default=[
        "cifar10_resnet20", "cifar10_resnet32", "imagenet_mobilenetv2_int8_qdq",
        "imagenet_squeezenet1.0_fp32"])
    options = parser.parse_args()
    known = {model.name: model for model in models.MODELS}
    with tempfile.TemporaryDirectory(prefix="pim-arrays-") as folder:
        for name in options.models:
            like = known.get(name) or known["cifar10_resnet20"]
            path = os.path.join(models.SHARED_DATA, "models", name, "model.onnx")
            if not os.path.exists(path):
                print(f"\n{name}: {path} is not here")
                continue
            table(options, name, path, like.preprocess, models.prepare_dataset(like.dataset, folder),
                  folder)
        if options.light_resnet50:
            filled = os.path.join(folder, "resnet50.onnx")
            with open(options.light_resnet50, "rb") as source, open(filled, "wb") as target:
                target.write(fill_weights.fill(source.read(), 1))
            table(options, "ResNet-50, Laplace weights", filled, (), None, folder)


if __name__ == "__main__":
    main()
