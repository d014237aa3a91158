#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compresses LeNet-5 on MNIST with pim-compress and compares with the goals: structured pruning of the one of the pruning
literature (--init lenet5-caffe, 430,500 weights), few bits for the one of --init lenet5, binary weights for the sigmoid
network of --init mlp. Reads ../shared/data, writes
models and reports to --folder, prints a table and exits with 1 if a goal is missed. One thread."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.normpath(os.path.join(ROOT, "..", "shared", "data", "datasets", "mnist"))
IMAGES = ["--train", f"{DATA}/train-images-idx3-ubyte.gz", "--labels", f"{DATA}/train-labels-idx1-ubyte.gz",
          "--test", f"{DATA}/test-a-images-idx3-ubyte", "--test-labels", f"{DATA}/test-a-labels-idx1-ubyte",
          "--scale", "1/255", "--validation-share", "0.05"]
ENDS = ";#0=8;#-1=8"  # the first and the last layer keep 8 bits

# Result, what it starts from, how. `caffe40` is float training and the first pruning in one run; its channels removed,
# the tuning that follows takes a fifth of the time for each epoch.
RUNS = [
    ("caffe40", "caffe", ["--epochs", 6, "--rate", 0.002, "--tune-rate", 0.001, "--admm-epochs", 3,
                          "--tune-epochs", 3, "--remove-channels", "--prune",
                          "conv1:filter=0.5;conv2:filter=0.6;fc1:filter=0.88|conv2:columns=160;fc1:columns=115"]),
    ("caffe40-tuned", "caffe40", ["--prune", "conv2:columns=160;fc1:columns=115", "--admm-epochs", 0,
                                  "--tune-epochs", 16, "--tune-rate", 0.002, "--crop", 1]),
    ("caffe105", "caffe40-tuned", ["--admm-epochs", 2, "--tune-epochs", 5, "--tune-rate", 0.002, "--crop", 1,
                                   "--remove-channels", "--prune", "conv1:filter=0.4;conv2:filter=0.4;"
                                   "fc1:filter=0.45|conv2:columns=80;fc1:columns=65"]),
    ("caffe232", "caffe105", ["--admm-epochs", 2, "--tune-epochs", 5, "--tune-rate", 0.002, "--crop", 1,
                              "--remove-channels", "--prune", "conv1:filter=0.2;conv2:filter=0.2;"
                              "fc1:filter=0.34|conv2:columns=55;fc1:columns=40"]),
    ("float", "lenet5", ["--epochs", 6, "--rate", 0.002, "--crop", 1]),
    ("w1a8", "float", ["--weight-bits", "1" + ENDS, "--activation-bits", 8, "--admm-epochs", 1,
                       "--tune-epochs", 3, "--tune-rate", 0.001]),
    ("w2a2", "float", ["--weight-bits", "2" + ENDS, "--activation-bits", 2, "--admm-epochs", 2,
                       "--tune-epochs", 4, "--tune-rate", 0.001]),
    ("w1a1", "float", ["--weight-bits", "1" + ENDS, "--activation-bits", "1;#-1=8", "--admm-epochs", 1,
                       "--tune-epochs", 5, "--tune-rate", 0.001]),
    ("sigmoid", "mlp", ["--epochs", 8, "--rate", 0.005]),
    ("sigmoid-binary", "sigmoid", ["--weight-bits", 1, "--admm-epochs", 2, "--tune-epochs", 8, "--tune-rate", 0.003]),
]
# Result, the run whose step `train` is the float network, times fewer weights, points of loss or least accuracy.
GOALS = [("caffe40-tuned", "caffe40", 37, 0.1, 0), ("caffe105", "caffe40", 105, 1.0, 0),
         ("caffe232", "caffe40", 232, 100, 98.05), ("w1a8", "float", 0, 0.5, 0), ("w2a2", "float", 0, 0.7, 0),
         ("w1a1", "float", 0, 1.5, 0), ("sigmoid-binary", "sigmoid", 0, 1.0, 0)]


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def load(folder, name):
    with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def train(tool, folder, name, start, arguments):
    path = os.path.join(folder, start + ".onnx")
    if start in ("caffe", "lenet5", "mlp"):
        kind = {"caffe": "lenet5-caffe"}.get(start, start)
        subprocess.run([tool, "--init", kind, "-o", path], check=True)
    command = [tool, path, "-o", os.path.join(folder, name + ".onnx"), *IMAGES, *map(str, arguments), "--report",
               os.path.join(folder, name + ".json"), "--log", os.path.join(folder, name + ".jsonl"), "--quiet"]
    before, begin = processor_seconds(), time.monotonic()
    subprocess.run(command, check=True)
    print(f"{name}: {processor_seconds() - before:.0f} s of processor, {time.monotonic() - begin:.0f} s", flush=True)


def check(folder, name, floating, factor, loss, least):
    dense = next(step for step in load(folder, floating)["steps"] if step["name"] == "train")
    last = load(folder, name)
    accuracy, left = last["exported"]["test_accuracy_percent"], last["steps"][-1]["non_zero"]
    base, times = dense["test_accuracy_percent"], dense["weights"] / max(1, left)
    reached = times >= factor and base - accuracy <= loss + 1e-9 and accuracy >= least
    print(f"{name:14} {base:7.2f} % {accuracy:7.2f} % {times:7.1f}x  {'reached' if reached else 'missed'}")
    return reached


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--folder", default="compress-bench", help="where models and reports go")
    parser.add_argument("--only", nargs="*", help="names of runs; the others' results must be in the folder")
    options = parser.parse_args()
    if not os.path.isdir(DATA):
        print(f"run.py: error: {DATA}: is not there", file=sys.stderr)
        return 1
    os.makedirs(options.folder, exist_ok=True)
    tool = os.path.join(options.build, "bin", "pim-compress")
    for name, start, arguments in RUNS:
        if options.only is None or name in options.only:
            train(tool, options.folder, name, start, arguments)
    print("network        float     compressed  weights")
    found = [goal for goal in GOALS if os.path.exists(os.path.join(options.folder, goal[0] + ".json"))]
    return 0 if all([check(options.folder, *goal) for goal in found]) else 1


if __name__ == "__main__":
    sys.exit(main())
