#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the error of the scores of networks of 8 bits is of: their signal-to-noise ratio, in dB, as they are quantized
with the first 256 samples of the training set; with results in bytes; with biases left alone; and from there with one
thing at a time left in floats (pim-bench-quantization --decompose). With --wide-sums as they are, and with 32 bits for what
matrix operators give sums of two tensors, instead. Measured on the training samples that follow;
labels and test sets are not looked at."""

import argparse
import gzip
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

import harness
from beside_onnxruntime import NAMES
from models import CIFAR_RECORD, MODELS, prepare_dataset

CALIBRATION = 256
PARTS = ("mean error of each score", "arithmetic of integers", "weights", "activations", "inputs", "sums",
         "other activations")


def training_samples(dataset, folder, count):
    """A file of at least CALIBRATION + `count` of them."""
    if dataset != "cifar10":
        return prepare_dataset(dataset, folder).calibration
    path = os.path.join(folder, "cifar10-training.bin")
    archive = os.path.join(harness.SHARED_DATA, "datasets", "cifar10", "train_10k.bin.gz")
    with gzip.open(archive) as source, open(path, "wb") as target:
        target.write(source.read((CALIBRATION + count) * CIFAR_RECORD))
    return path


def measure(tools, model, folder, count, *more):
    """Decibels by part; "all" is nothing left in floats."""
    path, samples = os.path.join(folder, "model.mlir"), training_samples(model.dataset, folder, count)
    tools.succeed("pimc", model.path, "--emit", "tosa", "-o", path)
    output = tools.succeed("pim-bench-quantization", path, "--calibrate", samples, "--samples", CALIBRATION,
                           "--test", samples, "--skip", CALIBRATION, "--limit", count, *model.preprocess, *more).stdout
    found = dict((name, float(decibels)) for decibels, name in
                 re.findall(r"(?m)^ *(-?[\d.]+) dB +-?[\d.]+ % +(.*)$", output))
    found["all"] = float(re.search(r"sqnr (\S+) dB", output)[1])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder (default: build)")
    parser.add_argument("--model", action="append", choices=NAMES, help="only this one (repeatable)")
    parser.add_argument("--count", type=int, default=1024, help="samples that are looked at")
    parser.add_argument("--wide-sums", action="store_true", help="only what pimc's option of that name changes")
    options = parser.parse_args()
    tools = harness.Tools(options.build)
    columns = ("model", "results in bytes", "as it is", "biases alone", *PARTS)
    if options.wide_sums:
        columns = ("model", "as it is", "with `--wide-sums`")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    with harness.scratch() as folder:
        for model in MODELS:
            if model.name not in (options.model or NAMES):
                continue
            if options.wide_sums:
                usual, wide = (measure(tools, model, folder, options.count, *more)["all"] for more in ((), ("--wide-sums",)))
                print(f"| {model.name} | {usual:.1f} | {wide:.1f} |", flush=True)
                continue
            narrow = measure(tools, model, folder, options.count, "--narrow-results")
            usual = measure(tools, model, folder, options.count)
            found = measure(tools, model, folder, options.count, "--no-bias-correction", "--decompose", "kinds")
            cells = [narrow["all"], usual["all"], found["all"], *(found.get(part) for part in PARTS)]
            texts = ("" if value is None else f"{value:.1f}" for value in cells)
            print(f"| {model.name} | {' | '.join(texts)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
