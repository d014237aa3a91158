#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pim-compress as a user calls it: a LeNet-5 trained on generated digits, pruned and quantized, compiled
and simulated; a run that is killed and resumed; what is wrong with its input."""

import os
import signal
import struct
import subprocess
import sys
import time

import harness
import npy
import onnx_reader
import onnx_writer as onnx
from harness import DIGITS, expect
from run_bad_input import check_error, images_idx

TEST = ("--test", os.path.join(DIGITS, "test-images-idx3-ubyte.gz"), "--test-labels",
        os.path.join(DIGITS, "test-labels-idx1-ubyte.gz"))
CALIBRATION = os.path.join(DIGITS, "calibration-images-idx3-ubyte.gz")
LABELS = os.path.join(DIGITS, "calibration-labels-idx1-ubyte.gz")
SMALL = ("--train", CALIBRATION, "--labels", LABELS, "--scale", "1/255", "--quiet")


class Suite:
    def __init__(self, options, folder):
        self.tools = harness.Tools(options.build)
        self.full = options.full
        self.folder = folder
        self.results = harness.Results("compress")
        self.lenet = self.path("lenet5.onnx")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    def refuse(self, name, words, *arguments, model=None):
        """Exit status 1, one line, no output."""
        output = self.path("refused.onnx")

        def run():
            if os.path.exists(output + ".ckpt"):
                os.remove(output + ".ckpt")
            check_error(self.tools.run("pim-compress", model or self.lenet, "-o", output, *arguments,
                                       timeout=300), "pim-compress", words)
            expect(not os.path.exists(output), "an output was left behind")
        self.results.run(f"bad input: {name}", run)


def whole_way(suite):
    """Trains, prunes in two rounds, quantizes; the simulator must agree with the file's accuracy."""
    tools, count = suite.tools, 20000 if suite.full else 4000
    tools.succeed("generate-digits", 2, count, suite.path("train"))
    small, report, log = suite.path("small.onnx"), suite.path("small.json"), suite.path("small.jsonl")
    printed = tools.succeed(
        "pim-compress", suite.lenet, "-o", small, "--train", suite.path("train-images-idx3-ubyte.gz"),
        "--labels", suite.path("train-labels-idx1-ubyte.gz"), *TEST, "--scale", "1/255",
        "--batch", 50, "--epochs", 6, "--admm-epochs", 3, "--tune-epochs", 3, "--rate", 0.002, "--prune",
        "conv2:filter=0.25;fc1:filter=0.5|fc1:columns=128;fc2:columns=40", "--weight-bits",
        "4;conv1=8", "--activation-bits", 4, "--remove-channels", "--report", report, "--log", log)
    expect("quantize-tune" in printed.stdout, "the table lacks a step")
    result = harness.read_json(report)
    steps = {step["name"]: step for step in result["steps"]}
    expect(list(steps) == ["as given", "train", "prune", "prune-tune", "prune-2", "prune-tune-2",
                           "quantize", "quantize-tune"], f"steps {list(steps)}")
    dense, final = steps["train"], steps["quantize-tune"]
    expect(dense["test_accuracy_percent"] > 90, f"float network: {dense['test_accuracy_percent']} %")
    expect(final["test_accuracy_percent"] > dense["test_accuracy_percent"] - 4,
           f"compressed: {final['test_accuracy_percent']} %")
    layers = {layer["name"]: layer for layer in final["layers"]}
    expect(layers["conv2"]["filters_left"] == 12 and layers["fc1"]["columns_left"] <= 128,
           "the patterns do not hold")
    with open(log, encoding="utf-8") as file:
        lines = file.read().splitlines()
    expect(sum('"primal"' in line for line in lines) == (2 + 2 + 5) * 3,
           "residuals of every layer and epoch")
    return small, result["exported"]["test_accuracy_percent"]


def simulated(suite, model, accuracy):
    """Compiles for a digital and an analog chip; every value checked, the accuracy that of the file."""
    for target in ("sot-and", "reram-sme"):
        program, report = suite.path(f"{target}.pimb"), suite.path(f"{target}.json")
        suite.tools.succeed("pimc", model, "-o", program, "--target", target, "--scale", "1/255",
                            "--calibrate", CALIBRATION)
        suite.tools.succeed("pim-run", program, "--input", TEST[1], "--labels", TEST[3], "--check",
                            "--quiet", "--report", report)
        found = 100 * harness.read_json(report)["quality"]["top1"]
        expect(abs(found - accuracy) <= 1.0, f"{target}: {found} %, the file has {accuracy} %")


def fewer_arrays(suite, model):
    """pimc takes the bits of the weights from the metadata: 4 where it would take 8."""
    used = []
    for flags in ((), ("--weight-code", "fixed:8")):
        report = suite.path("arrays.json")
        suite.tools.succeed("pimc", model, "-o", suite.path("arrays.pimb"), "--target", "reram-xbar", "--optimize",
                            "arrays", "--scale", "1/255", "--report", report, "--quiet", *flags)
        used.append(harness.read_json(report)["arrays"]["used"])
    expect(used[0] <= 0.75 * used[1], f"{used[0]} arrays by the metadata, {used[1]} with 8 bits")


def classifier(suite):
    """LeNet-5 with a ternary classifier behind a sign unit: its form in the file, then chips: digital, then analog, whose
    cells hold the biases too."""
    start, model = suite.path("imac.onnx"), suite.path("ternary.onnx")
    suite.tools.succeed("pim-compress", "--init", "lenet5-imac", "-o", start)
    suite.tools.succeed("pim-compress", start, "-o", model, *SMALL, "--epochs", 4, "--batch", 20, "--rate", 0.002,
                        "--quantize", "fc*=ternary", "--scales", "layer", "--biases", "fc*=levels", "--admm-epochs", 2,
                        "--tune-epochs", 3)
    nodes, constants = onnx_reader.graph_nodes(model), onnx_reader.initializers(model)
    operators = [op for op, _ in nodes]
    expect(operators.count("DequantizeLinear") == 3, f"operators {operators}")
    behind = operators[operators.index("Sign"):]
    expect(behind == ["Sign"] + ["Gemm", "Sigmoid"] * 3, f"operators {operators}")
    for op, inputs in nodes:
        if op == "DequantizeLinear":
            (kind, _, levels), (_, shape, _) = constants[inputs[0]], constants[inputs[1]]
            expect(kind == "i8" and set(levels) <= {-1, 0, 1}, f"{inputs[0]}: {kind}, levels {sorted(set(levels))}")
            expect(not shape, f"{inputs[1]}: shape {shape}, expected one scale")
    program, report = suite.path("ternary.pimb"), suite.path("ternary.json")
    for target, flags in (("sot-and", ("--calibrate", CALIBRATION)), ("imac-14nm", ())):
        suite.tools.succeed("pimc", model, "-o", program, "--target", target, "--scale", "1/255", "--report", report,
                            *flags)
        suite.tools.succeed("pim-run", program, "--input", TEST[1], "--limit", 50, "--check", "--quiet")
    # 401, 121 and 85 rows in arrays of 32 x 32 pairs: 13 x 4, 4 x 3 and 3 x 1.
    expect(harness.read_json(report)["arrays"]["used"] == 67, "the classifier is not in analog arrays")


def killed(suite):
    """SIGKILL in the middle; --resume must end with the bytes of the run that was left alone."""
    arguments = ("--prune", "fc1:filter=0.5", "--weight-bits", 4, "--epochs", 3, "--admm-epochs", 40,
                 "--tune-epochs", 2, "--batch", 20)
    whole, parts = suite.path("whole.onnx"), suite.path("parts.onnx")
    suite.tools.succeed("pim-compress", suite.lenet, "-o", whole, *SMALL, *arguments)
    command = [os.path.join(suite.tools.folder, "pim-compress"), suite.lenet, "-o", parts,
               *map(str, SMALL + arguments)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while not os.path.exists(parts + ".ckpt") and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
    expect(process.returncode == -signal.SIGKILL, "the run ended before it could be killed")
    expect(not os.path.exists(parts), "half a model was written")
    suite.tools.succeed("pim-compress", suite.lenet, "-o", parts, *SMALL, *arguments, "--resume")
    with open(whole, "rb") as one, open(parts, "rb") as other:
        expect(one.read() == other.read(), "the resumed run wrote another model")


def piped(suite):
    """What goes to a pipe or a device leaves nothing beside it."""
    pipe = suite.path("pipe")
    os.mkfifo(pipe)
    command = [os.path.join(suite.tools.folder, "pim-compress"), suite.lenet, "-o", pipe,
               *map(str, SMALL + ("--epochs", 1))]
    with subprocess.Popen(command) as process:
        with open(pipe, "rb") as file:
            expect(len(file.read()) > 100000, "no model came through the pipe")
    expect(process.returncode == 0, "the run failed")
    expect(not os.path.exists(pipe + ".ckpt"), "a checkpoint was left beside the pipe")
    check_error(suite.tools.run("pim-compress", suite.lenet, "-o", pipe, *SMALL, "--resume"),
                "pim-compress", "pipe: has no checkpoint beside it.*--checkpoint")


def goals(suite):
    report = suite.path("goal.json")
    suite.tools.succeed("pim-compress", os.path.join(DIGITS, "lenet5.onnx"), "-o",
                        suite.path("goal.onnx"), *SMALL, "--goal", "arrays=1.5x", "--target",
                        "reram-xbar", "--admm-epochs", 1, "--tune-epochs", 1, "--report", report)
    last = harness.read_json(report)["steps"][-1]
    kept = {layer["name"]: layer["columns_left"] for layer in last["layers"]}
    # 128 rows an array: the two layers with more of them keep a multiple.
    expect(kept["conv2"] == 128 or kept["fc1"] in (128, 256, 384), f"no whole arrays saved: {kept}")


def bad_input(suite):
    labels = suite.write("labels.txt", b"".join(b"%d\n" % (i % 12) for i in range(200)))
    suite.refuse("labels out of range", "label 10.*classes 0 to 9", "--train", CALIBRATION, "--labels",
                 labels, "--scale", "1/255", "--quiet")
    suite.refuse("too few labels", "labels for 200 samples", "--train", CALIBRATION, "--labels",
                 suite.write("few.txt", b"1\n2\n"), "--quiet")
    suite.refuse("no labels", "without labels", "--train", CALIBRATION, "--quiet")
    suite.refuse("images of a wrong shape", "27|shape", "--train",
                 suite.write("wrong-idx3-ubyte", images_idx(4, 27, 27)), "--labels",
                 suite.write("four.txt", b"1\n2\n3\n4\n"), "--quiet")
    nan = suite.path("nan.npy")
    npy.write(nan, "<f4", (4, 1, 28, 28), struct.pack("<f", float("nan")) * (4 * 784))
    suite.refuse("images that are not finite", "finite", "--train", nan, "--labels",
                 suite.path("four.txt"), "--quiet")
    suite.refuse("no such training data", "absent", "--train", suite.path("absent.npy"), "--quiet")

    shape = [onnx.value("x", [1, 1, 28, 28])], [onnx.value("y", [1, 10])]
    plain = suite.write("plain.onnx", onnx.model([onnx.node("Relu", ["x"], ["y"])], *shape))
    suite.refuse("a graph without weights", "no weights", *SMALL, model=plain)
    sort = suite.write("sort.onnx", onnx.model(
        [onnx.node("Flatten", ["x"], ["f"]), onnx.node("NonZero", ["f"], ["y"], "strange")], *shape))
    suite.refuse("an operator without gradient", "'strange' .NonZero.*cannot be trained", *SMALL,
                 model=sort)
    suite.refuse("no such model", "absent", *SMALL, model=suite.path("absent.onnx"))
    suite.refuse("a model that is none", "onnx", *SMALL,
                 model=suite.write("text.onnx", b"This is a letter.\n"))

    suite.refuse("unknown pattern", "stripes", *SMALL, "--prune", "stripes=0.5")
    suite.refuse("pattern for an absent layer", "conv9", *SMALL, "--prune", "conv9:filter=0.5")
    suite.refuse("pattern that does not fit", "fc1", *SMALL, "--prune", "fc1:pattern=4/9")
    suite.refuse("unknown sharing of scales", "'row'", *SMALL, "--weight-bits", 4, "--scales", "row")
    suite.refuse("levels for biases of a convolution", "'conv1' is a convolution", *SMALL, "--weight-bits", 4,
                 "--biases", "levels")
    suite.refuse("a teacher of other images", "teacher.*another input shape", *SMALL, "--distill", 0.5, "--teacher",
                 suite.write("teacher.onnx", onnx.model(
                     [onnx.node("Flatten", ["z"], ["f"]), onnx.node("MatMul", ["f", "w"], ["y"])],
                     [onnx.value("z", [1, 4])], [onnx.value("y", [1, 10])],
                     [onnx.tensor("w", [4, 10], [0.0] * 40)])))
    suite.refuse("unknown code", "roman", *SMALL, "--quantize", "roman:4")
    suite.refuse("activation bits without weights", "--quantize", *SMALL, "--activation-bits", 4)
    suite.refuse("goal out of reach", "out of reach", *SMALL, "--goal", "arrays=1000x", "--target",
                 "reram-xbar")
    suite.refuse("goal that is none", "'speed=2x'", *SMALL, "--goal", "speed=2x", "--target", "sot-and")
    suite.refuse("goal for an unknown chip", "unknown target 'sot-xand'", *SMALL, "--goal",
                 "arrays=2x", "--target", "sot-xand")
    suite.refuse("a loss that is no number", "step 'train', epoch .*lower the rate", *SMALL,
                 "--optimizer", "sgd", "--rate", 1000, "--epochs", 2)
    suite.refuse("resume without a checkpoint", "ckpt: is not there", *SMALL, "--resume")

    def damaged():
        output = suite.path("refused.onnx")
        suite.write("refused.onnx.ckpt", b"PK\3\4 no archive")
        check_error(suite.tools.run("pim-compress", suite.lenet, "-o", output, *SMALL, "--resume"),
                    "pim-compress", "refused.onnx.ckpt")
    suite.results.run("bad input: a damaged checkpoint", damaged)


def usage(suite):
    """Exit status 2: flags that contradict each other, numbers out of range."""
    for name, *arguments in (
            ("two ways to say the codes", "--quantize", "fixed:4", "--weight-bits", 4),
            ("goal and patterns", "--goal", "arrays=2x", "--target", "sot-and", "--prune", "filter=0.5"),
            ("goal without chip", "--goal", "arrays=2x"),
            ("scales without codes", "--scales", "layer"),
            ("biases without codes", "--biases", "levels"), ("teacher without distillation", "--teacher", suite.lenet),
            ("hints without distillation", "--hints", 1), ("normalization without codes", "--normalize"),
            ("freezing without codes", "--freeze", 0.5),
            ("weight bits", "--weight-bits", 9), ("momentum", "--optimizer", "sgd", "--momentum", 2),
            ("schedule", "--schedule", "sometimes"), ("epochs", "--epochs", "many"),
            ("deviation", "--std", 0)):
        def run():
            process = suite.tools.run("pim-compress", suite.lenet, "-o", suite.path("usage.onnx"),
                                      *SMALL, *arguments)
            expect(process.returncode == 2, f"exit status {process.returncode}, expected 2")
            expect(process.stderr.startswith("pim-compress: error: "), process.stderr[:200])
        suite.results.run(f"usage: {name}", run)


def main():
    options = harness.make_parser(__doc__).parse_args()
    with harness.scratch() as folder:
        suite = Suite(options, folder)
        if not os.path.exists(os.path.join(options.build, "bin", "pim-compress")):
            suite.results.skip("pim-compress", "was not built (PIM_BUILD_COMPRESS)")
            return suite.results.finish(options.results)
        suite.results.run("an untrained LeNet-5", suite.tools.succeed, "pim-compress", "--init",
                          "lenet5", "-o", suite.lenet)
        made = suite.results.run("train, prune, quantize", whole_way, suite)
        if made:
            suite.results.run("compile and simulate", simulated, suite, *made)
            suite.results.run("arrays by the recorded codes", fewer_arrays, suite, made[0])
        suite.results.run("a ternary classifier behind a sign unit", classifier, suite)
        suite.results.run("killed and resumed", killed, suite)
        suite.results.run("into a pipe", piped, suite)
        suite.results.run("a goal", goals, suite)
        bad_input(suite)
        usage(suite)
        return suite.results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
