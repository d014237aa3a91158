#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compresses networks with pim-compress and compares with the goals: on MNIST structured pruning of the LeNet-5 of the
pruning literature (--init lenet5-caffe, 430,500 weights), few bits for the one of --init lenet5, ternary classifiers
behind a sign unit (--init lenet5-imac, mlp-imac); on CIFAR-10 ResNet-20, pruned, then pruned and with few bits. Reads
../shared/data, writes models and reports to --folder, prints a table and exits with 1 if a goal is missed."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.path.normpath(os.path.join(ROOT, "..", "shared", "data"))
DATA = os.path.join(SHARED, "datasets", "mnist")
MNIST = ["--train", f"{DATA}/train-images-idx3-ubyte.gz", "--labels", f"{DATA}/train-labels-idx1-ubyte.gz",
         "--test", f"{DATA}/test-a-images-idx3-ubyte", "--test-labels", f"{DATA}/test-a-labels-idx1-ubyte",
         "--scale", "1/255", "--validation-share", "0.05"]
CIFAR = ["--train", f"{SHARED}/datasets/cifar10/train_10k.bin.gz", "--test", f"{SHARED}/datasets/cifar10/test_a.bin",
         "--scale", "1/255", "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--validation-share", "0.05",
         "--optimizer", "sgd", "--batch", "128", "--crop", "4", "--flip", "--distill", "1"]
# What runs start from: an untrained model of `pim-compress --init`, or a file.
INITIAL = {"caffe": "lenet5-caffe", "lenet5": "lenet5", "mlp-imac": "mlp-imac", "lenet5-imac": "lenet5-imac"}
RESNET = os.path.join(SHARED, "models", "cifar10_resnet20", "model.onnx")
ENDS = ";#0=8;#-1=8"  # the first and the last layer keep 8 bits
RESNET_NM = ("conv1:none;linear:none;layer1*:nm=2:4;layer2*:nm=3:8;layer2.0.conv1:nm=2:4;layer3*:nm=3:16;"
             "layer3.0.conv1:nm=1:4")
RESNET_BLOCKS = ("conv1:none;linear:none;layer1*:block=2x1@0.35;layer2*:block=2x1@0.66;layer2.0.conv1:block=2x1@0.5;"
                 "layer3*:block=2x1@0.817;layer3.0.conv1:block=2x1@0.72")

# Result, what it starts from, how. `caffe40` is float training and the first pruning in one run; its channels removed,
# the tuning that follows takes a fifth of the time for each epoch.
RUNS = [
    ("caffe40", "caffe", ["--epochs", 6, "--rate", 0.002, "--tune-rate", 0.001, "--admm-epochs", 3,
                          "--tune-epochs", 3, "--refit-samples", 0, "--remove-channels", "--prune",
                          "conv1:filter=0.5;conv2:filter=0.6;fc1:filter=0.88|conv2:columns=160;fc1:columns=115"]),
    ("caffe40-tuned", "caffe40", ["--prune", "conv2:columns=160;fc1:columns=115", "--admm-epochs", 0,
                                  "--refit-samples", 0, "--tune-epochs", 16, "--tune-rate", 0.002, "--crop", 1]),
    ("caffe105", "caffe40-tuned", ["--admm-epochs", 2, "--tune-epochs", 5, "--tune-rate", 0.002, "--crop", 1,
                                   "--refit-samples", 0, "--remove-channels", "--prune", "conv1:filter=0.4;"
                                   "conv2:filter=0.4;fc1:filter=0.45|conv2:columns=80;fc1:columns=65"]),
    ("caffe232", "caffe105", ["--admm-epochs", 3, "--tune-epochs", 10, "--tune-rate", 0.004, "--batch", 64,
                              "--distill", 0.5, "--remove-channels", "--prune", "conv1:filter=0.2;conv2:filter=0.2;"
                              "fc1:filter=0.34|conv2:columns=58;fc1:columns=44"]),
    ("caffe232-tuned", "caffe232", ["--prune", "conv2:columns=58;fc1:columns=44", "--admm-epochs", 0,
                                    "--refit-samples", 0, "--tune-epochs", 30, "--tune-rate", 0.004, "--batch", 64,
                                    "--distill", 0.5, "--teacher", "caffe105"]),
    ("float", "lenet5", ["--epochs", 6, "--rate", 0.002, "--crop", 1]),
    ("w1a8", "float", ["--weight-bits", "1" + ENDS, "--activation-bits", 8, "--admm-epochs", 1,
                       "--tune-epochs", 6, "--tune-rate", 0.002]),
    ("w2a2", "float", ["--weight-bits", "2" + ENDS, "--activation-bits", 2, "--admm-epochs", 1,
                       "--tune-epochs", 8, "--tune-rate", 0.002]),
    ("w1a1", "float", ["--weight-bits", "1" + ENDS, "--activation-bits", "1;#-1=8", "--normalize",
                       "--admm-epochs", 1, "--tune-epochs", 16, "--tune-rate", 0.003]),
    ("mlp-float", "mlp-imac", ["--epochs", 15, "--rate", 0.005]),
    ("mlp-ternary", "mlp-float", ["--quantize", "ternary", "--scales", "layer", "--biases", "levels",
                                  "--admm-epochs", 2, "--tune-epochs", 40, "--tune-rate", 0.004, "--freeze", 0.5]),
    ("lenet5-imac-float", "lenet5-imac", ["--epochs", 6, "--rate", 0.002]),
    ("lenet5-imac-ternary", "lenet5-imac-float", ["--quantize", "fc*=ternary", "--scales", "layer", "--biases",
                                                  "fc*=levels", "--admm-epochs", 2, "--tune-epochs", 8,
                                                  "--tune-rate", 0.002]),
    # N:M along channels: first what layers read follows the dense network, at the end the scores alone do.
    ("resnet4-nm", RESNET, ["--prune", RESNET_NM, "--teacher", RESNET, "--admm-epochs", 3, "--prune-rho",
                            "growing:0.03:2:0.3", "--refit-samples", 512, "--tune-epochs", 84, "--tune-rate", 0.03,
                            "--mixup", 0.5, "--hints", 50]),
    ("resnet4-nm-tuned", "resnet4-nm", ["--prune", RESNET_NM, "--teacher", RESNET, "--admm-epochs", 0,
                                        "--refit-samples", 0, "--tune-epochs", 40, "--tune-rate", 0.02,
                                        "--mixup", 0.5, "--cutmix", 1]),
    # Blocks of two filters at a tap: rows of the narrow tiles that arrays share.
    ("resnet4", RESNET, ["--prune", RESNET_BLOCKS, "--admm-epochs", 3, "--prune-rho", "growing:0.03:2:0.3",
                         "--tune-epochs", 34, "--tune-rate", 0.01, "--mixup", 0.3]),
    ("resnet4-tuned", "resnet4", ["--prune", RESNET_BLOCKS, "--teacher", RESNET, "--admm-epochs", 0,
                                  "--refit-samples", 0, "--tune-epochs", 32, "--tune-rate", 0.02, "--mixup", 0.5,
                                  "--cutmix", 1]),
    ("resnet4-bits", "resnet4-tuned", ["--weight-bits", "3;layer1*=4" + ENDS, "--activation-bits", 8, "--teacher",
                                       RESNET, "--admm-epochs", 0, "--tune-epochs", 8, "--tune-rate", 0.008,
                                       "--mixup", 0.3]),
]
# Result, the run whose step `train` is the float network (or "as given"), times fewer weights, points of loss or least
# accuracy.
GOALS = [("caffe40-tuned", "caffe40", 37, 0.1, 0), ("caffe105", "caffe40", 105, 1.0, 0),
         ("caffe232-tuned", "caffe40", 232, 100, 98.05), ("w1a8", "float", 0, 0.5, 0), ("w2a2", "float", 0, 0.7, 0),
         ("w1a1", "float", 0, 1.5, 0), ("mlp-ternary", "mlp-float", 0, 1.0, 0),
         ("lenet5-imac-ternary", "lenet5-imac-float", 0, 1.0, 0), ("resnet4-nm-tuned", "resnet4-nm", 4, 1.0, 0),
         ("resnet4-tuned", "resnet4", 4, 1.0, 0), ("resnet4-bits", "resnet4", 4, 1.5, 0)]


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def load(folder, name):
    with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def train(tool, folder, name, start, arguments):
    path = start if start == RESNET else os.path.join(folder, start + ".onnx")
    if start in INITIAL:
        subprocess.run([tool, "--init", INITIAL[start], "-o", path], check=True)
    made = {run[0]: os.path.join(folder, run[0] + ".onnx") for run in RUNS}
    arguments = [made.get(argument, argument) for argument in arguments]
    images = CIFAR if name.startswith("resnet") else MNIST
    command = [tool, path, "-o", os.path.join(folder, name + ".onnx"), *images, *map(str, arguments), "--report",
               os.path.join(folder, name + ".json"), "--log", os.path.join(folder, name + ".jsonl"), "--quiet"]
    before, begin = processor_seconds(), time.monotonic()
    subprocess.run(command, check=True)
    print(f"{name}: {processor_seconds() - before:.0f} s of processor, {time.monotonic() - begin:.0f} s", flush=True)


def check(folder, name, floating, factor, loss, least):
    steps = load(folder, floating)["steps"]
    dense = next((step for step in steps if step["name"] == "train"), steps[0])
    last = load(folder, name)
    accuracy, left = last["exported"]["test_accuracy_percent"], last["steps"][-1]["non_zero"]
    base, times = dense["test_accuracy_percent"], dense["weights"] / max(1, left)
    reached = times >= factor and base - accuracy <= loss + 1e-9 and accuracy >= least
    print(f"{name:20} {base:7.2f} % {accuracy:7.2f} % {times:7.1f}x  {'reached' if reached else 'missed'}")
    return reached


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--folder", default="compress-bench", help="where models and reports go")
    parser.add_argument("--only", nargs="*", help="names of runs; the others' results must be in the folder")
    parser.add_argument("--check", action="store_true", help="run nothing, compare what is in the folder")
    options = parser.parse_args()
    if not os.path.isdir(SHARED):
        print(f"run.py: error: {SHARED}: is not there", file=sys.stderr)
        return 1
    os.makedirs(options.folder, exist_ok=True)
    tool = os.path.join(options.build, "bin", "pim-compress")
    for name, start, arguments in RUNS:
        if not options.check and (options.only is None or name in options.only):
            train(tool, options.folder, name, start, arguments)
    print("network               float    compressed  weights")
    found = [goal for goal in GOALS
             if all(os.path.exists(os.path.join(options.folder, name + ".json")) for name in goal[:2])]
    return 0 if all([check(options.folder, *goal) for goal in found]) else 1


if __name__ == "__main__":
    sys.exit(main())
