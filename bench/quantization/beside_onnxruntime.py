#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantizes networks to 8 bits twice, by pimc and as onnxruntime's static quantization does
(static_quantization.py), with the same calibration samples, and prints the accuracy of both beside that of
the float network. onnxruntime runs its model, and the float one, without graph optimization: Q/DQ literally.
Behind that: the samples that only onnxruntime's classifies rightly, those that only pimc's does, and how often
networks that are equally good would differ by so many or more (McNemar's exact test, two-sided), alone and as one of
all networks compared (Holm's adjustment: of all that stand below 0.05, not one is there by chance in 95 of 100 such
tables); how many samples each puts into another class than the float network does; and the signal-to-noise ratio of the
scores of each against those of the float network. Needs onnxruntime (npm
install in bench/speed) and ../shared/data."""

import argparse
import array
import dataclasses
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))

import harness
import npy
import onnx_reader
from models import MODELS, prepare_dataset, read_samples
from ort_runner import Runtime, best_classes
from static_quantization import Graph, Quantizer

NAMES = ("mnist_8", "mnist_cnn_pytorch", "mnist_fc_256x4", "mnist_pool_mlp", "fashion_cnn", "fashion_mlp",
         "cifar10_resnet20", "cifar10_resnet32", "cifar10_resnet8_fp32", "cifar10_mobilenet_alibaba",
         "cifar10_squeezenet_tf", "cifar10_tinymobilenet_fp32", "cifar10_cnn_large", "cifar10_resnet_2b",
         "cifar10_cnn_bn_tf")
COLUMNS = ("model", "float", "onnxruntime, static", "pimc", "only onnxruntime", "only pimc", "by chance", "of all",
           "turned, onnxruntime", "turned, pimc", "dB, onnxruntime", "dB, pimc")
TARGET = "sot-and"
CHUNK = 16  # samples whose activations are looked at in one call


class Samples:
    """Samples as the model's input wants them, in a file."""

    def __init__(self, model, dataset, count, path):
        values, self.labels = read_samples(model, dataset, count)
        recorded = os.path.join(os.path.dirname(model.path), "test_data_set_0", "input_0.pb")
        self.shape = tuple(onnx_reader.read_tensor(recorded)[1])
        if len(self.shape) == 4 and self.shape[3] == 3:  # channels last
            plane = self.shape[1] * self.shape[2]
            moved = array.array("f", bytes(4 * len(values)))
            for begin in range(0, len(values), 3 * plane):
                for channel in range(3):
                    first = begin + channel * plane
                    moved[begin + channel:begin + 3 * plane:3] = values[first:first + plane]
            values = moved
        self.count, self.values, self.path = len(self.labels), values, path

    def port(self, begin=0, end=None):
        size = len(self.values) // self.count
        with open(self.path, "wb") as file:
            self.values[begin * size:(end or self.count) * size].tofile(file)
        return ("float32", self.shape, self.path)


def run(runtime, folder, content, name, port, samples):
    path = os.path.join(folder, "candidate.onnx")
    with open(path, "wb") as file:
        file.write(content)
    return runtime.run(path, {name: port}, folder, samples)


def ranges_of(runtime, folder, graph, samples):
    """(Least, largest) of each activation."""
    names = graph.activations()
    ranges = {name: (min(graph.reals[name][1]), max(graph.reals[name][1]))
              for name in names if name in graph.reals}
    watched = [name for name in names if name not in ranges and name not in (graph.input, graph.output)]
    content = graph.bytes(watched)
    for begin in range(0, samples.count, CHUNK):
        end = min(begin + CHUNK, samples.count)
        found = run(runtime, folder, content, graph.input, samples.port(begin, end), end - begin)
        size = len(samples.values) // samples.count
        found[graph.input] = (None, samples.values[begin * size:end * size])
        for name in names:
            if name in found:
                low, high = min(found[name][1]), max(found[name][1])
                before = ranges.get(name, (low, high))
                ranges[name] = (min(low, before[0]), max(high, before[1]))
    return ranges


def chance_of(only_first, only_second):
    """McNemar's exact test: the chance that of so many samples on which two equally good networks disagree so few, or
    fewer, fall to either one."""
    count, fewer = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * sum(math.comb(count, k) for k in range(fewer + 1)) / 2 ** count)


def adjusted(chances):
    """The chances of several tests, adjusted for their number (Holm, 1979): the k-th smallest of n counts n - k + 1
    times, and none less than one that is smaller."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    result, largest = [0.0] * len(chances), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(chances) - rank) * chances[index]))
        result[index] = largest
    return result


def here(options, model, dataset, samples, folder):
    """The scores of the test samples as the chip computes them, for the network as pimc quantizes it."""
    program, result = os.path.join(folder, "p.pimb"), os.path.join(folder, "scores.npz")
    tools = harness.Tools(options.build)
    tools.succeed("pimc", model.path, "-o", program, "--target", TARGET, "--quiet", "--calibrate",
                  dataset.calibration, "--calibration-samples", options.calibration_samples,
                  *model.preprocess, *model.extra, *options.pimc)
    tools.succeed("pim-run", program, "--input", dataset.images, "--limit", samples, "--quiet",
                  "--output", result)
    return npy.read_npz(result)[onnx_reader.graph_ports(model.path)[1][0]][2]


def measure(runtime, options, model, folder):
    dataset = prepare_dataset(model.dataset, folder)
    limit = min(options.limit or model.samples["full"], model.samples["full"])
    test = Samples(model, dataset, limit, os.path.join(folder, "samples.bin"))
    calibration = Samples(model, dataclasses.replace(dataset, images=dataset.calibration),
                          options.calibration_samples, os.path.join(folder, "calibration.bin"))
    graph = Graph(model.path)
    graph.fold_batch_norms()
    before = run(runtime, folder, graph.bytes(), graph.input, test.port(), test.count)[graph.output][1]
    quantized = Quantizer(graph, ranges_of(runtime, folder, graph, calibration)).run()
    after = run(runtime, folder, quantized.bytes(), graph.input, test.port(), test.count)[graph.output][1]
    return row(before, after, here(options, model, dataset, limit, folder), test.labels)


def signal_to_noise(wanted, found, samples):
    """Of the scores, in dB; what all of a sample's scores have in common decides nothing and is left out. Infinite
    where nothing differs."""
    size, signal, noise = len(wanted) // samples, 0.0, 0.0
    for at in range(0, len(wanted), size):
        a, b = wanted[at:at + size], found[at:at + size]
        shift, other = sum(a) / size, sum(b) / size
        signal += sum((x - shift) ** 2 for x in a)
        noise += sum((x - shift - y + other) ** 2 for x, y in zip(a, b))
    if noise == 0:
        return math.inf
    return 10 * math.log10(signal / noise) if signal > 0 else -math.inf


@dataclasses.dataclass
class Row:
    """The figures of one network: top-1 of its three forms, then of onnxruntime's and pimc's the samples that only one
    gets right, those whose class is not that of the float network, and decibels."""
    top1: tuple
    only: tuple
    turned: tuple
    decibels: tuple

    @property
    def chance(self):
        return chance_of(*self.only)

    def line(self, name, among_all):
        cells = (name, *(f"{value:.2f}" for value in self.top1), *map(str, self.only), f"{self.chance:.2f}",
                 f"{among_all:.2f}", *map(str, self.turned), *(f"{value:.1f}" for value in self.decibels))
        return f"| {' | '.join(cells)} |"


def row(before, theirs, ours, labels):
    """The figures of one network by the scores of its three forms."""
    samples = len(labels)
    classes = [best_classes(scores, samples) for scores in (before, theirs, ours)]
    hits = [[found == label for found, label in zip(each, labels)] for each in classes]
    turned = tuple(sum(a != b for a, b in zip(classes[0], each)) for each in classes[1:])
    only_theirs = sum(a and not b for a, b in zip(*hits[1:]))
    only_ours = sum(b and not a for a, b in zip(*hits[1:]))
    return Row(tuple(100 * sum(right) / samples for right in hits), (only_theirs, only_ours), turned,
               tuple(signal_to_noise(before, scores, samples) for scores in (theirs, ours)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder (default: build)")
    parser.add_argument("--model", action="append", choices=NAMES, help="only this one (repeatable)")
    parser.add_argument("--calibration-samples", type=int, default=256)
    parser.add_argument("--limit", type=int, help="test samples used (default: all)")
    parser.add_argument("--pimc", action="append", default=[], metavar="OPTION",
                        help="a further option of pimc (repeatable), as --pimc=--calibration-method=min-max")
    options = parser.parse_args()
    runtime, rows = Runtime(), {}
    with harness.scratch() as folder:
        for model in MODELS:
            if model.name in (options.model or NAMES):
                rows[model.name] = measure(runtime, options, model, folder)
                print(f"{model.name}: {rows[model.name]}", file=sys.stderr, flush=True)
    runtime.close()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for (name, figures), among_all in zip(rows.items(), adjusted([each.chance for each in rows.values()])):
        print(figures.line(name, among_all))


if __name__ == "__main__":
    sys.exit(main())
