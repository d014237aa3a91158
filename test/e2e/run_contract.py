#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What users rely on beyond accuracy: reproducible bytes, results that do not depend on threads, every
kind of data file, every stage of --emit, the direction in which a coarser ADC moves the numbers."""

import array
import gzip
import os
import re
import sys
import zipfile

import harness
import npy
import onnx_writer
from harness import DIGITS, expect

LENET = os.path.join(DIGITS, "lenet5.onnx")
CALIBRATION = ("--calibrate", os.path.join(DIGITS, "calibration-images-idx3-ubyte.gz"),
               "--scale", "1/255")
IMAGES = os.path.join(DIGITS, "test-images-idx3-ubyte.gz")
LABELS = os.path.join(DIGITS, "test-labels-idx1-ubyte.gz")
STAGES = ("onnx", "tosa", "quant", "pim", "mapped", "isa")


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


class Contract:
    def __init__(self, tools, folder, target):
        self.tools, self.folder, self.target = tools, folder, target
        self.program = os.path.join(folder, f"lenet5-{target}.pimb")

    def path(self, name):
        return os.path.join(self.folder, f"{self.target}-{name}")

    def compile(self, output, model=LENET, *options):
        self.tools.succeed("pimc", model, "-o", output, "--target", self.target, *CALIBRATION, *options)

    def simulate(self, *options, images=IMAGES):
        """Returns (values of the only output, report)."""
        output, report = self.path("output.npz"), self.path("report.json")
        self.tools.succeed("pim-run", self.program, "--input", images, "--output", output,
                           "--report", report, *options)
        arrays = npy.read_npz(output)
        expect(list(arrays) == ["logits"], f"--output holds {list(arrays)}, expected logits")
        return arrays["logits"], harness.read_json(report)

    def makes_a_program(self):
        self.compile(self.program)

    def same_bytes_again(self):
        again = self.path("again.pimb")
        self.compile(again)
        expect(read_bytes(self.program) == read_bytes(again), "a second compilation gives other bytes")

    def same_bytes_on_two_threads(self):
        again = self.path("threads.pimb")
        self.compile(again, LENET, "-j", "2")
        expect(read_bytes(self.program) == read_bytes(again), "-j 2 gives other bytes")

    def output_has_the_batch_first(self):
        (_, shape, _), report = self.simulate("--limit", "7")
        expect(shape in ((7, 10), (7, 1, 10)), f"7 samples give the shape {shape}")
        expect(report["quality"]["samples"] == 7, f"{report['quality']['samples']} samples, expected 7")

    def threads_change_nothing(self):
        runs = {threads: self.simulate("--limit", "40", "--labels", LABELS, "--threads", threads)
                for threads in ("1", "2", "8")}
        for threads, (output, report) in runs.items():
            del report["simulation"]
            expect((output, report) == runs["1"], f"outputs or report differ with {threads} threads")

    def looking_changes_nothing(self):
        """How many samples run, and what is checked, printed and drawn, says nothing about time and energy."""
        _, plain = self.simulate("--limit", "1", "--quiet")
        for options in (("--limit", "30"), ("--limit", "3", "--check"), ("--limit", "2", "--seed", "5"),
                        ("--limit", "2", "--offset", "9", "--labels", LABELS)):
            _, report = self.simulate(*options)
            for part in ("cost", "energy_j", "area_mm2", "layers"):
                expect(report[part] == plain[part], f"{part} differs with {' '.join(options)}")

    def parts_add_up(self):
        _, report = self.simulate("--limit", "1")

        def same(total, parts, what):
            expect(abs(total - sum(parts)) <= 1e-9 * abs(total), f"{what}: {total}, parts {sum(parts)}")
        same(report["cost"]["energy_j"], report["energy_j"].values(), "energy")
        same(report["cost"]["area_mm2"], report["area_mm2"].values(), "area")
        for layer in report["layers"]:
            same(layer["energy_j"], layer["energy_parts_j"].values(), f"energy of {layer['name']}")
        for part, joules in report["energy_j"].items():
            layers = sum(layer["energy_parts_j"].get(part, 0) for layer in report["layers"])
            expect(layers <= joules * (1 + 1e-9), f"{part}: layers take {layers}, all is {joules}")

    def offset_and_limit_select(self):
        (_, _, whole), _ = self.simulate("--limit", "30")
        (_, _, part), _ = self.simulate("--offset", "10", "--limit", "5")
        expect(whole[100:150] == part, "--offset 10 --limit 5 is not that part of the whole")

    def every_data_format(self):
        """Five images as idx, .npy of bytes, .npy of floats, .npz and TensorProto."""
        expected, _ = self.simulate("--limit", "5")
        pixels = gzip.decompress(read_bytes(IMAGES))[16:16 + 5 * 784]
        floats = array.array("f", (level * (1 / 255) for level in pixels)).tobytes()
        shape = (5, 1, 28, 28)
        files = {"plain idx": (b"\0\0\x08\x03\0\0\0\x05\0\0\0\x1c\0\0\0\x1c" + pixels, "images"),
                 ".npy of bytes": (npy.encode("|u1", shape, pixels), "bytes.npy"),
                 ".npy of floats": (npy.encode("<f4", shape, floats), "floats.npy"),
                 ".pb": (b"".join(onnx_writer.integer(1, size) for size in shape) +
                         onnx_writer.integer(2, 1) + onnx_writer.data(9, floats), "tensor.pb")}
        for name, (content, file) in files.items():
            path = self.path(file)
            with open(path, "wb") as out:
                out.write(content)
            values, _ = self.simulate(images=path)
            expect(values == expected, f"{name} gives other outputs than the compressed idx file")
        archive = self.path("images.npz")
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("image.npy", npy.encode("|u1", shape, pixels))
        for images in (archive, "image=" + archive):
            values, _ = self.simulate(images=images)
            expect(values == expected, ".npz gives other outputs than the compressed idx file")

    def every_stage_is_printed(self):
        for stage in STAGES:
            path = self.path(stage + ".mlir")
            self.compile(path, LENET, "--emit", stage)
            expect(os.path.getsize(path) > 100, f"--emit {stage} prints nothing")
            self.tools.succeed("pim-opt", path, "-o", self.path("reparsed.mlir"))

    def tosa_is_accepted(self, stage="tosa"):
        text, program = self.path(stage + ".mlir"), self.path("from-tosa.pimb")
        self.compile(text, LENET, "--emit", stage)
        self.compile(program, text)
        expected, _ = self.simulate("--limit", "5")
        original, self.program = self.program, program
        try:
            values, _ = self.simulate("--limit", "5")
        finally:
            self.program = original
        expect(values == expected, "the network read back as TOSA gives other outputs")

    def integer_tosa_is_accepted(self):
        self.tosa_is_accepted("quant")

    def translations_invert(self):
        text, binary = self.path("program.mlir"), self.path("back.pimb")
        self.tools.succeed("pim-translate", "--binary-to-isa", self.program, "-o", text)
        self.tools.succeed("pim-translate", "--isa-to-binary", text, "-o", binary)
        expect(read_bytes(binary) == read_bytes(self.program), "binary to isa and back: other bytes")
        assembly = self.path("program.s")
        self.tools.succeed("pim-translate", "--binary-to-asm", self.program, "-o", assembly)
        expect("mvm" in open(assembly, encoding="utf-8").read(), "no mvm in the assembly")

    def no_labels_no_accuracy(self):
        _, report = self.simulate("--limit", "3")
        expect(report["quality"].get("top1") is None, "an accuracy without labels")

    def reports_are_documented(self):
        """Every key of both reports stands in docs/reports.md, in the table of its schema."""
        text = read_bytes(os.path.join(harness.ROOT, "docs", "reports.md")).decode()
        _, run = self.simulate("--limit", "2", "--labels", LABELS, "--check", "--power", "seeded:0.001")
        report = self.path("compile.json")
        self.compile(self.path("again.pimb"), LENET, "--report", report)
        parts = {"energy_j", "static_energy_j", "area_mm2", "parameters", "target", "energy_parts_j", "phases_s"}
        for content in (run, harness.read_json(report)):
            _, _, table = text.partition(f"## `{content['schema']}`")
            known = set(re.findall(r"[`.]([a-z0-9_]+)", table.split("\n## ")[0]))

            def look(value, place):
                for element in value[:1] if isinstance(value, list) else []:
                    look(element, place)
                for key, inner in value.items() if isinstance(value, dict) else []:
                    expect(key in known or place == content["schema"] and key == "schema",
                           f"{place}: docs/reports.md has no '{key}'")
                    if key not in parts:
                        look(inner, f"{place}, {key}")
            look(content, content["schema"])

    def check_is_clean(self):
        _, report = self.simulate("--limit", "20", "--check")
        expect(report["quality"]["mismatched_values"] == 0, "--check finds differences")

    def coarse_adc_costs_accuracy_and_saves_energy(self):
        reports = {}
        for bits in (8, 5, 3):
            _, reports[bits] = self.simulate("--labels", LABELS, "--set", f"adc.bits={bits}")
        top1 = {bits: report["quality"]["top1"] for bits, report in reports.items()}
        energy = {bits: report["cost"]["energy_j"] for bits, report in reports.items()}
        expect(energy[8] > energy[5] > energy[3], f"energy does not fall with the bits: {energy}")
        expect(top1[8] >= top1[5] >= top1[3], f"accuracy does not fall with the bits: {top1}")
        expect(top1[3] < top1[8] - 0.05, f"a 3-bit ADC costs nothing: {top1}")

    def wide_adc_changes_nothing(self):
        expected, _ = self.simulate("--limit", "20")
        values, _ = self.simulate("--limit", "20", "--set", "adc.bits=10")
        expect(values == expected, "10 bits give other outputs than 8, which are exact")


COMMON = ("same_bytes_again", "same_bytes_on_two_threads", "output_has_the_batch_first",
          "threads_change_nothing", "looking_changes_nothing", "parts_add_up",
          "offset_and_limit_select", "every_data_format", "every_stage_is_printed", "tosa_is_accepted",
          "integer_tosa_is_accepted", "translations_invert", "no_labels_no_accuracy", "check_is_clean",
          "reports_are_documented")
ONLY_XBAR = ("coarse_adc_costs_accuracy_and_saves_energy", "wide_adc_changes_nothing")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools, results = harness.Tools(options.build), harness.Results("contract")
    with harness.scratch() as folder:
        for target in ("sot-and", "reram-xbar"):
            contract = Contract(tools, folder, target)
            names = COMMON + (ONLY_XBAR if target == "reram-xbar" else ())
            before = results.count("failed")
            results.run(f"makes_a_program on {target}", contract.makes_a_program)
            if results.count("failed") > before:
                for name in names:
                    results.skip(f"{name} on {target}", "there is no program")
                continue
            for name in names:
                results.run(f"{name} on {target}", getattr(contract, name))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
