#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks before and after pim-compress on one chip: compiles both, simulates them with --check and prints a
Markdown table of arrays, area, energy, power, images a second and accuracy. Both get the fewest arrays
(--optimize arrays), the dense network with 8 bits and with each layer in arrays of its own. Area is that of the
arrays in use, the rest of the chip being the same. Exits with 1 if a value differs from the reference."""

import argparse
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "test", "e2e")]
import harness  # noqa: E402
import models  # noqa: E402

RESNET = os.path.join(models.SHARED_DATA, "models", "cifar10_resnet20", "model.onnx")
PREPROCESS = {"mnist": models.UNIT, "cifar10": models.IMAGENET}
# Name, dense model, whether it is trained, compressed model (files of --folder), dataset. What a dense network
# costs does not depend on its weights' values.
PAIRS = [("LeNet-5 (`caffe40-tuned`)", "caffe.onnx", False, "caffe40-tuned.onnx", "mnist"),
         ("ResNet-20 (`resnet4-bits`)", RESNET, True, "resnet4-bits.onnx", "cifar10")]


def measure(options, folder, model, dataset, preprocess, flags):
    program, mapping, report = (os.path.join(folder, name) for name in ("x.pimb", "map.json", "run.json"))
    tools = harness.Tools(options.build)
    tools.succeed("pimc", model, "-o", program, "--target", options.target, "--optimize", "arrays", "--report",
                  mapping, "--quiet", "--calibrate", dataset.calibration, "--calibration-samples", 128, *flags,
                  *preprocess)
    labels = ("--labels", dataset.labels) if dataset.labels else ()
    tools.succeed("pim-run", program, "--input", dataset.images, *labels, "--check", "--limit", options.limit,
                  "--report", report, "--quiet")
    result = harness.read_json(report)
    result["arrays"] = harness.read_json(mapping)["arrays"]
    return result


def row(name, result, target, is_trained):
    """`target` is the report's list of the chip's parameters."""
    cost, quality = result["cost"], result["quality"]
    used = result["arrays"]["used"]
    on_chip = int(target["chip.mesh_rows"]) * int(target["chip.mesh_cols"]) * int(target["core.arrays"])
    area = sum(result["area_mm2"][part] for part in ("array", "popcount", "adc", "dac", "shift_add")) * used / on_chip
    energy, interval = cost["energy_j"], cost["interval_s"]
    top1 = f"{100 * quality['top1']:.2f} %" if is_trained else ""
    return (f"| {name} | {used} | {area:.3f} mm2 | {1e6 * energy:.2f} uJ | {1e3 * cost['average_power_w']:.2f} mW | "
            f"{1 / interval:,.0f} | {top1} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--folder", default="compress-bench", help="where run.py left its models")
    parser.add_argument("--target", default="sot-and")
    parser.add_argument("--limit", type=int, default=1000, help="images to simulate")
    options = parser.parse_args()
    print("| network | arrays | their area | energy | power | images/s | top-1 |\n|---|--:|--:|--:|--:|--:|--:|")
    wrong = 0
    with harness.scratch() as folder:
        for name, dense, is_trained, compressed, dataset in PAIRS:
            dense, compressed = (os.path.join(options.folder, path) for path in (dense, compressed))
            if not (os.path.exists(dense) and os.path.exists(compressed)):
                print(f"on_chip.py: {name}: not in {options.folder}; run.py makes it", file=sys.stderr)
                continue
            data = models.prepare_dataset(dataset, folder)
            for label, path, flags, known in ((name + ", 8 bits", dense, ("--no-shared-arrays",), is_trained),
                                              (name + ", compressed", compressed, (), True)):
                result = measure(options, folder, path, data, PREPROCESS[dataset], flags)
                wrong += result["quality"]["mismatched_values"]
                print(row(label, result, result["target"]["parameters"], known), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
