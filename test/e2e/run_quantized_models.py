#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares models that arrive quantized with onnxruntime, sample by sample and as a whole. On a chip the
accuracy may be 0.3 points lower at most than with graph optimization off, where onnxruntime computes Q/DQ
literally, in floats; and 99.5 % of the samples must have the same best class as with its floats or as with its
integer kernels (optimization on, its default). A deep network whose classes are hard to tell turns the last bit of a
float sum into other classes, so its floats and its integers differ in more: how much such a network makes of nothing
is shown beside, as the share of its classes in floats that stay if one value of each input is moved by one step of its
quantization. Needs onnxruntime (npm install in bench/speed) and ../shared/data. Without --full: some
samples of the small models."""

import os
import sys

import harness
import npy
import onnx_reader
from harness import expect
from models import MODELS, prepare_dataset, read_samples
from ort_runner import Runtime, best_classes

# They arrive as Q/DQ, QOperator or dynamically quantized.
QUICK = ("mnist_int8_dynamic", "cifar10_resnet8_int8_qdq", "cifar10_tinymobilenet_int8_qlinear",
         "kws_dscnn_int8_qdq")
LONG = ("imagenet_mobilenetv1_025_128_qdq", "imagenet_mobilenetv2_int8_qdq")
QUICK_SAMPLES = 200
CHIP = "sot-and"
SAME = 0.995
LARGEST_LOSS = 0.003


def with_one_moved(path, name, values, samples):
    """The samples with one value of each moved by one step, towards zero; None if the input is not quantized."""
    steps = [inputs[1] for operator, inputs in onnx_reader.graph_nodes(path)
             if operator == "QuantizeLinear" and inputs[0] == name]
    if not steps:
        return None
    step, size = onnx_reader.initializers(path)[steps[0]][2][0], len(values) // samples
    moved = values[:]
    for sample in range(samples):
        at = sample * size + 7919 * (sample + 1) % size  # anywhere
        moved[at] += step if moved[at] < 0 else -step
    return moved


def classes_of_runtime(runtime, model, values, samples, folder):
    """onnxruntime's best class of each sample: in floats, by its integer kernels, and in floats with one value of each
    input moved (None if nothing is there to move)."""
    (name,), outputs = onnx_reader.graph_ports(model.path)
    recorded = os.path.join(os.path.dirname(model.path), "test_data_set_0", "input_0.pb")
    _, shape, _ = onnx_reader.read_tensor(recorded)
    path = os.path.join(folder, "samples.bin")

    def classes(inputs, optimization):
        with open(path, "wb") as file:
            inputs.tofile(file)
        return best_classes(runtime.run(model.path, {name: ("float32", shape, path)}, folder, samples,
                                        optimization)[outputs[0]][1], samples)

    moved = with_one_moved(model.path, name, values, samples)
    return (classes(values, "disabled"), classes(values, "all"), moved and classes(moved, "disabled"))


def classes_of_chip(tools, model, dataset, samples, folder):
    program, result = (os.path.join(folder, model.name + end) for end in (".pimb", ".npz"))
    calibration = ("--calibrate", dataset.calibration) if model.calibrates else ()
    tools.succeed("pimc", model.path, "-o", program, "--target", CHIP, "--quiet", *calibration,
                  *model.preprocess, *model.extra)
    tools.succeed("pim-run", program, "--input", dataset.images, "--limit", samples, "--output", result,
                  "--quiet")
    _, outputs = onnx_reader.graph_ports(model.path)
    return best_classes(npy.read_npz(result)[outputs[0]][2], samples)


def share(found, wanted):
    return sum(a == b for a, b in zip(found, wanted)) / len(found)


def run_model(tools, runtime, model, dataset, samples, folder, rows):
    values, labels = read_samples(model, dataset, samples)
    wanted, integers, moved = classes_of_runtime(runtime, model, values, samples, folder)
    found = classes_of_chip(tools, model, dataset, samples, folder)
    same, before, after = share(found, wanted), share(wanted, labels), share(found, labels)
    kernels, own, theirs = share(found, integers), share(integers, wanted), share(integers, labels)
    rows.append(f"{model.name:36} {samples:7} {100 * before:11.2f} {100 * theirs:11.2f} {100 * after:7.2f} "
                f"{100 * same:9.2f} {100 * kernels:13.2f} {100 * own:10.2f} "
                + (f"{100 * share(moved, wanted):10.2f}" if moved else ""))
    expect(max(same, kernels) >= SAME, f"{100 * same:.2f} % of the best classes are those of onnxruntime's floats, "
           f"{100 * kernels:.2f} % those of its integer kernels, expected {100 * SAME} of either")
    expect(before - after <= LARGEST_LOSS + 1e-9, f"top-1 is {100 * after:.2f} %, onnxruntime's is "
           f"{100 * before:.2f}")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--model", action="append", choices=QUICK + LONG, help="only this one (repeatable)")
    options = parser.parse_args()
    results = harness.Results("quantized-models")
    names = options.model or QUICK + (LONG if options.full else ())
    missing = Runtime.missing()
    if missing:
        results.skip("all models", missing)
        print(f"quantized-models: {missing}")
        return results.finish(options.results)
    runtime, rows = Runtime(), []
    with harness.scratch() as folder:
        for model in MODELS:
            if model.name not in names:
                continue
            samples = model.samples["full"] if options.full else QUICK_SAMPLES
            results.run(model.name, run_model, harness.Tools(options.build), runtime, model,
                        prepare_dataset(model.dataset, folder), samples, folder, rows)
    runtime.close()
    print(f"{'model':36} {'samples':>7} {'its floats':>11} {'its kernels':>11} {CHIP:>7} {'as floats':>9} "
          f"{'as integers':>13} {'its own':>10} {'one moved':>10}")
    print("\n".join(rows))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
