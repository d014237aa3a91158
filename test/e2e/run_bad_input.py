#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives the tools what is wrong. Each case must end with exit status 1 and one line on standard error
that starts `TOOL: error:` and says what is wrong; wrong use of the command line ends with 2."""

import os
import random
import re
import struct
import sys

import harness
import npy
import onnx_writer as onnx
from harness import DIGITS, ROOT, expect

LENET = os.path.join(DIGITS, "lenet5.onnx")
CALIBRATION = os.path.join(DIGITS, "calibration-images-idx3-ubyte.gz")
TEST_IMAGES = os.path.join(DIGITS, "test-images-idx3-ubyte.gz")
TEST_LABELS = os.path.join(DIGITS, "test-labels-idx1-ubyte.gz")


def check_error(process, tool, words):
    """`words`: a pattern that the message must contain."""
    expect(process.returncode == 1, f"exit status {process.returncode}, expected 1; "
           f"it said: {process.stderr.strip()[-300:] or 'nothing'}")
    # Warnings are lines of their own.
    lines = [line for line in process.stderr.rstrip("\n").split("\n")
             if not line.startswith(f"{tool}: warning: ")]
    expect(len(lines) == 1, f"{len(lines)} lines on standard error, expected one: "
           f"{process.stderr.strip()[:400]}")
    expect(lines[0].startswith(f"{tool}: error: "),
           f"the line does not start '{tool}: error: ': {lines[0][:300]}")
    expect(re.search(words, lines[0], re.IGNORECASE), f"nothing like '{words}' in: {lines[0][:300]}")
    expect(not lines[0].endswith("."), f"a full stop at the end of: {lines[0][:300]}")


class Cases:
    def __init__(self, options, folder):
        self.tools = harness.Tools(options.build)
        self.full = options.full
        self.results = harness.Results("bad-input")
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def refuse(self, name, words, tool, *arguments):
        self.results.run(name, lambda: check_error(self.tools.run(tool, *arguments, timeout=300),
                                                   tool, words))

    def compile(self, name, words, model, *arguments, target="sot-and", output=None, memory=None):
        """pimc must refuse, within `memory` bytes if given; no output may be left behind."""
        path = output or self.path("out.pimb")

        def run():
            if not output and os.path.exists(path):
                os.remove(path)  # an earlier case has failed
            check_error(self.tools.run("pimc", model, "-o", path, "--target", target, *arguments,
                                       timeout=300, memory=memory), "pimc", words)
            expect(output or not os.path.exists(path), "an output was left behind")
        self.results.run(name, run)


def images_idx(count, height, width, level=0):
    return struct.pack(">IIII", 0x803, count, height, width) + bytes([level]) * (count * height * width)


def identity_model(shape, **more):
    return onnx.model([onnx.node("Relu", ["x"], ["y"])], [onnx.value("x", shape)],
                      [onnx.value("y", shape)], **more)


def fully_connected(weights, shape=(4, 3)):
    rows, columns = shape
    return onnx.model([onnx.node("MatMul", ["x", "w"], ["y"])], [onnx.value("x", [1, rows])],
                      [onnx.value("y", [1, columns])], [onnx.tensor("w", shape, weights)])


def model_files(cases):
    """Files that are no sound ONNX model."""
    with open(LENET, "rb") as file:
        lenet = file.read()
    cases.compile("model: no such file", "no such file", cases.path("absent.onnx"))
    cases.compile("model: a folder", "folder|directory", cases.folder)
    cases.compile("model: empty file", "empty|onnx", cases.write("empty.onnx", b""))
    cases.compile("model: text named .onnx", "onnx",
                  cases.write("text.onnx", b"This is not a model.\nIt is a letter.\n"))
    cases.compile("model: text named .mlir", "mlir|expected",
                  cases.write("text.mlir", b"This is not a model.\n"))
    for share in (0.01, 0.3, 0.7, 0.999):
        cut = lenet[:int(len(lenet) * share)]
        cases.compile(f"model: cut to {share:.1%}", "onnx|protobuf|truncated",
                      cases.write("cut.onnx", cut), "--calibrate", CALIBRATION)

    random.seed(1)
    mutations = 60 if cases.full else 12

    def flip():
        for _ in range(mutations):
            altered = bytearray(lenet)
            for _ in range(random.choice((1, 4, 40))):
                # Mostly the structure: the bulk of the file is weights.
                position = random.randrange(1200) if random.random() < 0.7 else random.randrange(len(lenet))
                altered[position] ^= 1 << random.randrange(8)
            process = cases.tools.run("pimc", cases.write("flip.onnx", bytes(altered)), "-o",
                                      cases.path("flip.pimb"), "--target", "sot-and",
                                      "--emit", "tosa", timeout=120)
            if process.returncode != 0:  # 0: only a weight or a name changed, still a model
                check_error(process, "pimc", ".")
    cases.results.run(f"model: {mutations} times bits flipped", flip)


def graphs(cases):
    """ONNX files that parse but describe nothing sound."""
    node = onnx.node
    vector = [onnx.value("x", [1, 4])], [onnx.value("y", [1, 4])]
    cases.compile("graph: cycle", "cycl", cases.write("cycle.onnx", onnx.model(
        [node("Add", ["x", "b"], ["a"], "first"), node("Relu", ["a"], ["b"], "second"),
         node("Relu", ["b"], ["y"], "third")], *vector)))
    cases.compile("graph: missing initializer", "'w'|\"w\"", cases.write("missing.onnx", onnx.model(
        [node("MatMul", ["x", "w"], ["y"])], *vector)))
    cases.compile("graph: output that nothing makes", "'z'|\"z\"", cases.write("output.onnx", onnx.model(
        [node("Relu", ["x"], ["y"])], [onnx.value("x", [1, 4])], [onnx.value("z", [1, 4])])))
    cases.compile("graph: value made twice", "'y'|\"y\"", cases.write("twice.onnx", onnx.model(
        [node("Relu", ["x"], ["y"], "one"), node("Relu", ["x"], ["y"], "two")], *vector)))
    cases.compile("graph: empty", "node|output|empty|graph", cases.write("none.onnx", onnx.model([], [], [])))
    cases.compile("graph: unsupported operator", "DeformConv", cases.write("operator.onnx", onnx.model(
        [node("DeformConv", ["x"], ["y"], "strange")], *vector)))
    cases.compile("graph: unknown operator domain", "com.example", cases.write("domain.onnx", onnx.model(
        [node("Relu", ["x"], ["y"], "strange", domain="com.example")], *vector)))
    strange = onnx.graph([node("ImageDecoder", ["x"], ["z"], "hidden")], [], [onnx.value("z", [1, 4])])
    cases.compile("graph: no kernel on the host", r"2 nodes .* not supported: ai.onnx.ml.CastMap .* 'map'.*, ImageDecoder .*'hidden'",
                  cases.write("kernel.onnx", onnx.model(
                      [node("CastMap", ["x"], ["m"], "map", domain="ai.onnx.ml"),
                       node("If", ["c"], ["y"], "choice", [onnx.attribute_graph("then_branch", strange), onnx.attribute_graph(
                           "else_branch", onnx.graph([node("Relu", ["x"], ["z"], "plain")], [], [onnx.value("z", [1, 4])]))])],
                      [onnx.value("x", [1, 4]), onnx.value("c", [], onnx.BOOL)], [onnx.value("y", [1, 4]), onnx.value("m", [1, 4])],
                      opset=20, domains=("ai.onnx.ml",))), target="host")
    cases.compile("graph: opset of the future", "opset", cases.write(
        "opset.onnx", identity_model([1, 4], opset=9999)))
    cases.compile("graph: IR version of the future", "version", cases.write(
        "version.onnx", identity_model([1, 4], ir_version=9999)))
    cases.compile("graph: negative dimension", "dimension|shape|-3", cases.write(
        "negative.onnx", identity_model([1, -3])))
    cases.compile("graph: overflowing dimensions", "large|overflow|big|elements", cases.write(
        "overflow.onnx", identity_model([1 << 31, 1 << 31, 1 << 31])))
    cases.compile("graph: more elements than a tensor may have", "'x' has shape .* too large", cases.write(
        "gigantic.onnx", identity_model([1, (1 << 30) + 1])))
    # With random calibration inputs, so that the tensor is made.
    cases.compile("graph: a tensor that memory does not hold", "memory", cases.write(
        "enormous.onnx", identity_model([1, 1 << 30])), memory=6 << 30)
    cases.compile("graph: initializer too short", "w", cases.write("short.onnx",
                  fully_connected([1.0] * 5)))
    cases.compile("graph: initializer with overflowing shape", "w", cases.write("wide.onnx", onnx.model(
        [node("MatMul", ["x", "w"], ["y"])], *vector,
        [onnx.tensor("w", [1 << 40, 1 << 40], [1.0])])))
    cases.compile("graph: shapes that do not fit", "shape|dimension|x|fit", cases.write("fit.onnx", onnx.model(
        [node("MatMul", ["x", "w"], ["y"])], [onnx.value("x", [1, 4])], [onnx.value("y", [1, 3])],
        [onnx.tensor("w", [5, 3], [1.0] * 15)])))
    cases.compile("graph: kernel larger than the image", "kernel|shape|size|negative|window",
                  cases.write("kernel.onnx", onnx.model(
                      [node("MaxPool", ["x"], ["y"], attributes=[
                          onnx.attribute_ints("kernel_shape", [9, 9])])],
                      [onnx.value("x", [1, 1, 4, 4])], [onnx.value("y", [1, 1, 1, 1])])))
    cases.compile("graph: stride of zero", "stride", cases.write("stride.onnx", onnx.model(
        [node("MaxPool", ["x"], ["y"], attributes=[onnx.attribute_ints("kernel_shape", [2, 2]),
                                                   onnx.attribute_ints("strides", [0, 0])])],
        [onnx.value("x", [1, 1, 4, 4])], [onnx.value("y", [1, 1, 2, 2])])))
    samples = cases.path("samples.npy")
    npy.write(samples, "<f4", (2, 4), struct.pack("<8f", *range(8)))
    cases.compile("graph: NaN weight", "nan|finite", cases.write(
        "nan.onnx", fully_connected([1.0] * 11 + [float("nan")])), "--calibrate", samples)
    cases.compile("graph: infinite weight", "inf|finite", cases.write(
        "inf.onnx", fully_connected([1.0] * 11 + [float("inf")])), "--calibrate", samples)


def external_data(cases):
    inner = cases.path("inner")
    os.makedirs(inner, exist_ok=True)
    cases.write("weights.bin", struct.pack("<12f", *range(12)))
    os.symlink(cases.path("weights.bin"), os.path.join(inner, "link.bin"))

    def model(name, location, length=None):
        return cases.write(os.path.join("inner", name), onnx.model(
            [onnx.node("MatMul", ["x", "w"], ["y"])], [onnx.value("x", [1, 4])],
            [onnx.value("y", [1, 3])], [onnx.external_tensor("w", [4, 3], location, length)]))
    words = "outside|folder|external|location"
    cases.compile("external data: ../", words, model("up.onnx", "../weights.bin"))
    cases.compile("external data: absolute path", words, model("absolute.onnx", cases.path("weights.bin")))
    cases.compile("external data: through a link", words, model("link.onnx", "link.bin"))
    cases.compile("external data: absent file", "absent.bin", model("absent.onnx", "absent.bin"))
    cases.write(os.path.join("inner", "short.bin"), b"\0" * 8)
    cases.compile("external data: too short", "short.bin|bytes", model("short.onnx", "short.bin"))


def calibration(cases):
    cases.compile("calibration: no such file", "absent", LENET, "--calibrate", cases.path("absent.npy"))
    cases.compile("calibration: empty set", "empty|no sample|0 samples|samples", LENET, "--calibrate",
                  cases.write("none-idx3-ubyte", images_idx(0, 28, 28)))
    cases.compile("calibration: wrong shape", "27|shape", LENET, "--calibrate",
                  cases.write("wrong-idx3-ubyte", images_idx(4, 27, 27)))
    cases.compile("calibration: cut file", "bytes|truncated|short|cut", LENET, "--calibrate",
                  cases.write("cut-idx3-ubyte", images_idx(4, 28, 28)[:-100]))
    cases.compile("calibration: text", "format|text|recogni|neither|not a", LENET, "--calibrate",
                  cases.write("text.npy", b"1,2,3\n4,5,6\n"))
    with open(CALIBRATION, "rb") as file:
        cut = file.read()[:5000]
    cases.compile("calibration: cut gzip file", "gzip|compress|cut|truncated|corrupt", LENET, "--calibrate",
                  cases.write("cut.gz", cut))
    cases.compile("calibration: unknown input name", "nothing", LENET,
                  "--calibrate", "nothing=" + CALIBRATION)
    nan = cases.path("nan.npy")
    npy.write(nan, "<f4", (1, 1, 28, 28), struct.pack("<f", float("nan")) * 784)
    cases.compile("calibration: NaN samples", "nan|finite", LENET, "--calibrate", nan)
    cases.compile("calibration: three means for one channel", "mean|channel", LENET,
                  "--calibrate", CALIBRATION, "--mean", "1,2,3")


def targets(cases):
    def altered(name, edits):
        with open(os.path.join(ROOT, "targets", "sot-and.yaml"), encoding="utf-8") as file:
            text = file.read()
        for pattern, replacement in edits:
            text, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
            expect(count == 1, f"targets/sot-and.yaml has nothing like '{pattern}'")
        return cases.write(name, text.encode())

    def refuse(name, words, *edits):
        try:
            path = altered("target.yaml", edits)
        except harness.Failure as failure:
            reason = str(failure)

            def fail():
                raise harness.Failure(reason)
            cases.results.run(name, fail)
            return
        cases.compile(name, words, LENET, "--calibrate", CALIBRATION, "--scale", "1/255", target=path)

    cases.compile("target: unknown name", "sot-end", LENET, "--calibrate", CALIBRATION, target="sot-end")
    cases.compile("target: no such file", "absent", LENET, "--calibrate", CALIBRATION,
                  target=cases.path("absent.yaml"))
    where = r"target\.yaml:\d+:\d+: "
    refuse("target: unknown key", where + ".*rowz", (r"^(\s+)rows:", r"\1rowz:"))
    refuse("target: text for a number", where, (r"^(\s+rows:).*", r"\1 many"))
    refuse("target: zero rows", where, (r"^(\s+rows:).*", r"\1 0"))
    refuse("target: negative number", where, (r"^(\s+rows:).*", r"\1 -4"))
    refuse("target: unknown kind", where, (r"^(\s+kind:).*", r"\1 abacus"))
    refuse("target: broken YAML", where, (r"^array:", "array: ["))
    refuse("target: the model does not fit", "9 are short", (r"^(\s+arrays:).*", r"\1 1"),
           (r"^(\s+mesh_rows:).*", r"\1 1"), (r"^(\s+mesh_cols:).*", r"\1 1"),
           (r"^(\s+rounds:).*", r"\1 forbidden"))
    cases.compile("target: empty file", "target", LENET, "--calibrate", CALIBRATION,
                  target=cases.write("nothing.yaml", b""))


def outputs(cases, program):
    nowhere = cases.path("no/such/folder/out")
    cases.compile("output: no such folder", "no/such/folder", LENET, "--calibrate", CALIBRATION,
                  output=nowhere)
    cases.compile("output: report in no folder", "no/such/folder", LENET, "--calibrate", CALIBRATION,
                  "--report", nowhere)
    cases.compile("output: a folder", "folder|directory", LENET, "--calibrate", CALIBRATION,
                  output=cases.folder)
    if program:
        for option in ("--output", "--report"):
            cases.refuse(f"output: pim-run {option} in no folder", "no/such/folder", "pim-run", program,
                         "--input", TEST_IMAGES, "--limit", "1", option, nowhere)


def programs(cases, program):
    """.pimb files that are not what pimc wrote."""
    with open(program, "rb") as file:
        content = file.read()

    def refuse(name, words, altered):
        path = cases.write("altered.pimb", altered)
        cases.refuse(name, words, "pim-run", path, "--input", TEST_IMAGES, "--limit", "1")
    cases.refuse("program: no such file", "no such file", "pim-run", cases.path("absent.pimb"),
                 "--input", TEST_IMAGES)
    cases.refuse("program: a folder", "folder|directory|regular file", "pim-run", cases.folder, "--input", TEST_IMAGES)
    refuse("program: empty", "empty|pimb|program", b"")
    refuse("program: text", "pimb|program", b"This is not a program.\n" * 40)
    refuse("program: an ONNX model", "pimb|program", open(LENET, "rb").read())
    for share in (0.0001, 0.01, 0.3, 0.7, 0.9999):
        refuse(f"program: cut to {share:.2%}", ".", content[:max(1, int(len(content) * share))])
    refuse("program: longer than it says", ".", content + b"\0" * 4096)

    random.seed(2)
    mutations = 100 if cases.full else 20

    def flip():
        for _ in range(mutations):
            altered = bytearray(content)
            position = random.randrange(8192) if random.random() < 0.5 else random.randrange(len(content))
            altered[position] ^= 1 << random.randrange(8)
            path = cases.write("flip.pimb", bytes(altered))
            process = cases.tools.run("pim-run", path, "--input", TEST_IMAGES, "--limit", "1", timeout=120)
            if process.returncode != 0:
                check_error(process, "pim-run", ".")
            else:
                # Padding between segments carries nothing and may be covered by no checksum.
                expect(content[position] == 0, f"bit flipped at byte {position}: not noticed")
    cases.results.run(f"program: {mutations} times a bit flipped", flip)


def inputs(cases, program):
    run = ("pim-run", program, "--input")
    cases.refuse("input: none given", "input", "pim-run", program)
    cases.refuse("input: no such file", "absent", *run, cases.path("absent.npy"))
    cases.refuse("input: wrong shape", "27|shape", *run, cases.write("w-idx3-ubyte", images_idx(4, 27, 27)))
    cases.refuse("input: empty set", "empty|no sample|0 samples|samples", *run,
                 cases.write("e-idx3-ubyte", images_idx(0, 28, 28)))
    cases.refuse("input: labels instead of images", "shape|labels|dimension", *run, TEST_LABELS)
    cases.refuse("input: text", "format|text|recogni|neither|not a", *run, cases.write("t.npy", b"1,2,3\n"))
    cases.refuse("input: two files for one input", "input", *run, TEST_IMAGES, "--input", TEST_IMAGES)
    cases.refuse("input: unknown name", "nothing", *run, "nothing=" + TEST_IMAGES)
    cases.refuse("input: offset beyond the end", "offset|samples", *run, TEST_IMAGES, "--offset", "500")
    cases.refuse("labels: fewer than samples", "label", *run, TEST_IMAGES, "--labels",
                 cases.write("l-idx1-ubyte", struct.pack(">II", 0x801, 3) + b"\1\2\3"))
    cases.refuse("labels: images instead of labels", "label", *run, TEST_IMAGES, "--labels", TEST_IMAGES)
    cases.refuse("labels: a class the network has not", "label|class", *run, TEST_IMAGES, "--labels",
                 cases.write("c-idx1-ubyte", struct.pack(">II", 0x801, 500) + b"\x63" * 500))
    for name, setting, words in (("unknown key", "adc.bitz=5", "adc.bitz"),
                                 ("no value", "adc.bits", "adc.bits"),
                                 ("not a number", "adc.bits=five", "five"),
                                 ("out of range", "adc.bits=-1", "adc.bits"),
                                 ("geometry that is compiled in", "array.rows=64", "array.rows")):
        cases.refuse(f"set: {name}", words, *run, TEST_IMAGES, "--limit", "1", "--set", setting)


def usage(cases):
    """Wrong use of the command line: exit status 2, and a line that names the tool."""
    def wrong(name, tool, *arguments):
        def run():
            process = cases.tools.run(tool, *arguments, timeout=60)
            expect(process.returncode == 2, f"exit status {process.returncode}, expected 2; it said: "
                   f"{process.stderr.strip()[:300]}")
            expect(process.stderr.startswith(f"{tool}: error: "), f"it said: {process.stderr[:300]}")
        cases.results.run(f"usage: {name}", run)

    def right(tool, option):
        def run():
            process = cases.tools.run(tool, option, timeout=60)
            expect(process.returncode == 0, f"exit status {process.returncode}, expected 0")
            expect(tool in process.stdout, f"'{tool}' is not in what it prints")
        cases.results.run(f"usage: {tool} {option}", run)
    for tool in ("pimc", "pim-run"):
        wrong(f"{tool} without arguments", tool)
        wrong(f"{tool} with an unknown option", tool, "--no-such-option")
        right(tool, "--help")
        right(tool, "--version")
    for tool in ("pim-opt", "pim-translate"):
        right(tool, "--help")
    out = cases.path("out.pimb")
    wrong("--weight-bits 9", "pimc", LENET, "-o", out, "--weight-bits", "9")
    wrong("--activation-bits 0", "pimc", LENET, "-o", out, "--activation-bits", "0")
    wrong("--emit unknown", "pimc", LENET, "-o", out, "--emit", "everything")
    wrong("--input-shape without shape", "pimc", LENET, "-o", out, "--input-shape", "image")
    wrong("--std 0", "pimc", LENET, "-o", out, "--std", "0")
    wrong("--limit text", "pim-run", out, "--input", TEST_IMAGES, "--limit", "many")


def main():
    options = harness.make_parser(__doc__).parse_args()
    with harness.scratch() as folder:
        cases = Cases(options, folder)
        program = os.path.join(folder, "lenet5.pimb")
        made = cases.results.run("a sound program to start from", cases.tools.succeed, "pimc", LENET,
                                 "-o", program, "--target", "reram-xbar", "--calibrate", CALIBRATION,
                                 "--scale", "1/255")
        model_files(cases)
        graphs(cases)
        external_data(cases)
        calibration(cases)
        targets(cases)
        outputs(cases, program if made else None)
        if made:
            programs(cases, program)
            inputs(cases, program)
        usage(cases)
        return cases.results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
