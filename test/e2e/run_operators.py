#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of operators that neither the recorded backend suite nor random graphs have, compiled for the
host and compared with what onnxruntime 1.30 gave for them (operator_results.json). With --record,
onnxruntime (npm install in bench/speed) is asked again and the file written anew."""

import json
import math
import os
import sys

import harness
import npy
import onnx_writer as onnx
from harness import expect
from onnx_writer import BOOL, DOUBLE, FLOAT, INT32, INT64, INT8, UINT8
from ort_runner import Runtime

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operator_results.json")
RELATIVE, ABSOLUTE = 1e-4, 1e-5
MICROSOFT = "com.microsoft"
NPY = {FLOAT: "<f4", DOUBLE: "<f8", INT64: "<i8", INT32: "<i4", INT8: "|i1", UINT8: "|u1", BOOL: "|b1"}
RUNTIME = {FLOAT: "float32", DOUBLE: "float64", INT64: "int64", INT32: "int32", INT8: "int8",
           UINT8: "uint8", BOOL: "bool"}
CASES = {}


class Case:
    """Operands are (kind, shape, values) for inputs; `constants` likewise, by name."""

    def __init__(self, nodes, inputs, outputs, constants, opset, domains):
        self.inputs = inputs
        self.bytes = onnx.model(
            nodes, [onnx.value(name, shape, kind) for name, (kind, shape, _) in inputs.items()],
            [onnx.value(name, ["d%d" % i for i in range(rank)], kind)
             for name, (kind, rank) in outputs.items()],
            [onnx.tensor(name, shape, values, kind)
             for name, (kind, shape, values) in constants.items()],
            opset, ir_version=8 if opset < 20 else 10, domains=domains)


def case(name, nodes, inputs, outputs, constants=None, opset=17, domains=()):
    CASES[name] = Case(nodes, inputs, outputs, constants or {}, opset, domains)


def one(name, op, inputs, result, opset=17, attributes=(), domain="", constants=None):
    """One node: `inputs` in order, some of which may be in `constants`; `result`: (kind, rank)."""
    constants = constants or {}
    case(name, [onnx.node(op, list(inputs), ["y"], "", attributes, domain)],
         {key: value for key, value in inputs.items() if key and key not in constants},
         {"y": result}, constants, opset, (domain,) if domain else ())


def ramp(*shape, start=-1.0, step=0.375, kind=FLOAT):
    count = math.prod(shape)
    return kind, shape, [start + step * (7 * i % (count + 1)) for i in range(count)]


def whole(shape, values, kind=INT64):
    return kind, shape, values


for direction in ("LEFT", "RIGHT"):
    one(f"shift {direction}", "BitShift", {"x": whole((4,), [16, 4, 255, 1], UINT8), "s": whole((4,), [1, 2, 3, 7], UINT8)},
        (UINT8, 1), attributes=[onnx.attribute_string("direction", direction)])
one("not by bits", "BitwiseNot", {"x": whole((2, 2), [0, 5, -1, -128], INT8)}, (INT8, 2), 18)
for window in ("BlackmanWindow", "HammingWindow"):
    for periodic in (0, 1):
        one(f"{window} periodic {periodic}", window, {"n": whole((), [10])}, (FLOAT, 1),
            attributes=[onnx.attribute_int("periodic", periodic)])
one("compress rows", "Compress", {"x": ramp(3, 2), "c": (BOOL, (3,), [0, 1, 1])}, (FLOAT, 2),
    attributes=[onnx.attribute_int("axis", 0)])
one("compress columns by a short list", "Compress", {"x": ramp(3, 4), "c": (BOOL, (3,), [1, 0, 1])}, (FLOAT, 2),
    attributes=[onnx.attribute_int("axis", -1)])
one("compress flat", "Compress", {"x": ramp(3, 2), "c": (BOOL, (5,), [0, 1, 0, 0, 1])}, (FLOAT, 1))
one("determinants", "Det", {"x": ramp(2, 3, 3)}, (FLOAT, 1))
one("determinant", "Det", {"x": ramp(2, 2)}, (FLOAT, 0))
for p in (1, 2, 3):
    one(f"global pool of norm {p}", "GlobalLpPool", {"x": ramp(1, 2, 3, 4)}, (FLOAT, 4),
        attributes=[onnx.attribute_int("p", p)])
for axis in (-1, 1):
    for p in (1, 2):
        one(f"norm {p} along {axis}", "LpNormalization", {"x": ramp(2, 3, 2)}, (FLOAT, 3),
            attributes=[onnx.attribute_int("axis", axis), onnx.attribute_int("p", p)])
one("mean and variance", "MeanVarianceNormalization", {"x": ramp(2, 3, 2, 2)}, (FLOAT, 4))
one("mean and variance of rows", "MeanVarianceNormalization", {"x": ramp(2, 3, 2, 2)}, (FLOAT, 4),
    attributes=[onnx.attribute_ints("axes", [-1])])
one("not zero", "NonZero", {"x": (FLOAT, (2, 3), [0, 1, 0, -2, 0, 3])}, (INT64, 2))
one("not zero, true", "NonZero", {"x": (BOOL, (4,), [1, 0, 0, 1])}, (INT64, 2))
for sided in (0, 1):
    one(f"windows of a signal, onesided {sided}", "STFT",
        {"x": ramp(1, 16, 1), "step": whole((), [4]), "w": (FLOAT, (8,), [0.5, 1, 1, 1, 1, 1, 1, 0.5])}, (FLOAT, 4),
        attributes=[onnx.attribute_int("onesided", sided)])
one("mel bands", "MelWeightMatrix",
    {"bands": whole((), [8], INT32), "length": whole((), [16], INT32), "rate": whole((), [8192], INT32),
     "low": (FLOAT, (), [0.0]), "high": (FLOAT, (), [4096.0])}, (FLOAT, 2))
one("scatter, the old one", "Scatter", {"x": ramp(3, 3), "i": whole((2, 3), [1, 0, 2, 0, 2, 1]), "u": ramp(2, 3, start=5)},
    (FLOAT, 2), 10, attributes=[onnx.attribute_int("axis", 0)])
for reduction in ("none", "sum", "mean"):
    for weighted in (False, True):
        inputs = {"x": ramp(3, 4), "label": whole((3,), [1, 3, 0])}
        if weighted:
            inputs["w"] = (FLOAT, (4,), [0.5, 1, 2, 1])
        one(f"loss {reduction}{' weighted' * weighted}", "SoftmaxCrossEntropyLoss", inputs,
            (FLOAT, 1 if reduction == "none" else 0), 13,
            attributes=[onnx.attribute_string("reduction", reduction)])
one("loss without a class", "SoftmaxCrossEntropyLoss", {"x": ramp(3, 4, 2), "label": whole((3, 2), [1, 3, 0, 2, 1, 1])},
    (FLOAT, 0), 13, attributes=[onnx.attribute_int("ignore_index", 1)])
one("simplified layer norm", "SimplifiedLayerNormalization", {"x": ramp(2, 4), "s": (FLOAT, (4,), [1, 2, 0.5, 1])},
    (FLOAT, 2), attributes=[onnx.attribute_int("axis", -1)])
one("quick gelu", "QuickGelu", {"x": ramp(2, 4)}, (FLOAT, 2), domain=MICROSOFT,
    attributes=[onnx.attribute_float("alpha", 1.702)])
one("gelu of a sum", "BiasGelu", {"x": ramp(2, 4), "b": ramp(4)}, (FLOAT, 2), domain=MICROSOFT)
one("fast gelu", "FastGelu", {"x": ramp(2, 4), "b": ramp(4)}, (FLOAT, 2), domain=MICROSOFT)
for activation, parameters in (("Relu", ()), ("Tanh", ()), ("LeakyRelu", (0.25,)), ("Clip", (-0.5, 1.5)),
                               ("HardSigmoid", (0.25, 0.5))):
    attributes = [onnx.attribute_string("activation", activation), onnx.attribute_ints("pads", [1, 0, 1, 0])]
    if parameters:
        attributes.append(onnx.attribute_floats("activation_params", parameters))
    one(f"fused convolution, {activation}", "FusedConv", {"x": ramp(1, 2, 4, 4), "w": ramp(3, 2, 3, 3), "b": ramp(3)},
        (FLOAT, 4), attributes=attributes, domain=MICROSOFT)
one("fused product", "FusedMatMul", {"a": ramp(2, 3, 4), "b": ramp(2, 5, 3)}, (FLOAT, 3), domain=MICROSOFT,
    attributes=[onnx.attribute_float("alpha", 0.5), onnx.attribute_int("transA", 1), onnx.attribute_int("transB", 1)])
one("fused gemm", "FusedGemm", {"a": ramp(2, 3), "b": ramp(3, 4), "c": ramp(4)}, (FLOAT, 2), domain=MICROSOFT,
    attributes=[onnx.attribute_string("activation", "LeakyRelu"), onnx.attribute_float("activation_alpha", 0.25),
                onnx.attribute_float("alpha", 0.5)])
one("skip and normalize", "SkipLayerNormalization",
    {"x": ramp(1, 2, 4), "skip": ramp(1, 2, 4, start=0.5), "g": ramp(4), "beta": ramp(4, start=0), "b": ramp(4)},
    (FLOAT, 3), domain=MICROSOFT, attributes=[onnx.attribute_float("epsilon", 1e-5)])
one("skip and normalize, simplified", "SkipSimplifiedLayerNormalization",
    {"x": ramp(1, 2, 4), "skip": ramp(1, 2, 4, start=0.5), "g": ramp(4)}, (FLOAT, 3), domain=MICROSOFT,
    attributes=[onnx.attribute_float("epsilon", 1e-5)])

# Geometry.
for corners in (0, 1):
    one(f"grid of a plane, corners {corners}", "AffineGrid",
        {"t": (FLOAT, (2, 2, 3), [1, 0.25, 0.5, -0.5, 2, 0, 0.75, 0, -1, 0.25, 1, 0.125]), "size": whole((4,), [2, 3, 4, 5])},
        (FLOAT, 4), 20, attributes=[onnx.attribute_int("align_corners", corners)])
    one(f"grid of a volume, corners {corners}", "AffineGrid",
        {"t": (FLOAT, (1, 3, 4), [1, 0.25, 0, 0.5, -0.5, 2, 0, 0, 0.25, 0, 1, -1]), "size": whole((5,), [1, 3, 2, 3, 4])},
        (FLOAT, 5), 20, attributes=[onnx.attribute_int("align_corners", corners)])
    for mode in ("linear", "nearest", "cubic"):
        for padding in ("zeros", "border", "reflection"):
            if mode == "cubic" and padding == "border" and corners:
                continue  # onnxruntime clamps other positions than ONNX's reference does
            one(f"sample a plane, {mode} {padding} {corners}", "GridSample",
                {"x": ramp(1, 2, 3, 4), "g": ramp(1, 2, 5, 2, start=-1.375, step=0.14)}, (FLOAT, 4), 20,
                attributes=[onnx.attribute_string("mode", mode), onnx.attribute_string("padding_mode", padding),
                            onnx.attribute_int("align_corners", corners)])
    one(f"sample a volume, corners {corners}", "GridSample",
        {"x": ramp(1, 1, 2, 3, 4), "g": ramp(1, 2, 2, 2, 3, start=-1.3, step=0.11)}, (FLOAT, 5), 20,
        attributes=[onnx.attribute_int("align_corners", corners)])
for shape in ((2, 5), (6, 3), (7, 1)):
    one(f"centre {shape}", "CenterCropPad", {"x": ramp(4, 4), "s": whole((2,), list(shape))}, (FLOAT, 2), 18)
one("centre of one axis", "CenterCropPad", {"x": ramp(4, 5, 3), "s": whole((1,), [2])}, (FLOAT, 3), 18,
    attributes=[onnx.attribute_ints("axes", [-2])])
one("columns to image", "Col2Im", {"x": ramp(1, 5, 5), "image": whole((2,), [5, 5]), "block": whole((2,), [1, 5])}, (FLOAT, 4), 18)
one("columns to image, pads, strides, dilations", "Col2Im",
    {"x": ramp(1, 8, 16), "image": whole((2,), [6, 6]), "block": whole((2,), [2, 2])}, (FLOAT, 4), 18,
    attributes=[onnx.attribute_ints("pads", [1, 1, 1, 1]), onnx.attribute_ints("strides", [2, 2]),
                onnx.attribute_ints("dilations", [1, 1])])
for group, mask in ((1, False), (1, True), (2, True)):
    inputs = {"x": ramp(1, 2, 4, 4), "w": ramp(2, 2 // group, 2, 2), "o": ramp(1, 8 * group, 3, 3, start=-0.5, step=0.0625),
              "b": ramp(2)}
    if mask:
        inputs["m"] = ramp(1, 4 * group, 3, 3, start=0, step=0.03)
    one(f"deformed convolution, {group} groups{' masked' * mask}", "DeformConv", inputs, (FLOAT, 4), 19,
        attributes=[onnx.attribute_int("group", group), onnx.attribute_int("offset_group", group)])
for mode in ("avg", "max"):
    for transformation in ("half_pixel", "output_half_pixel"):
        one(f"regions, {mode} {transformation}", "RoiAlign",
            {"x": ramp(2, 2, 6, 6), "r": (FLOAT, (3, 4), [0, 0, 3, 4, 1, 2, 5, 5, 2.5, 0.5, 4, 3]), "b": whole((3,), [0, 1, 1])},
            (FLOAT, 4), 16, attributes=[onnx.attribute_string("mode", mode), onnx.attribute_int("output_height", 2),
                                        onnx.attribute_int("output_width", 3), onnx.attribute_int("sampling_ratio", 2),
                                        onnx.attribute_string("coordinate_transformation_mode", transformation)])
BOXES = (FLOAT, (1, 5, 4), [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1])
for most in (1, 3):
    one(f"boxes, at most {most}", "NonMaxSuppression",
        {"b": BOXES, "s": (FLOAT, (1, 2, 5), [0.9, 0.75, 0.6, 0.95, 0.5, 0.1, 0.2, 0.3, 0.4, 0.5]), "n": whole((1,), [most]),
         "iou": (FLOAT, (1,), [0.5]), "least": (FLOAT, (1,), [0.25])}, (INT64, 2), 11)
one("boxes by their centres", "NonMaxSuppression",
    {"b": (FLOAT, (1, 3, 4), [0.5, 0.5, 1, 1, 0.5, 0.6, 1, 1, 0.5, 10.5, 1, 1]), "s": (FLOAT, (1, 1, 3), [0.9, 0.75, 0.6]),
     "n": whole((1,), [3]), "iou": (FLOAT, (1,), [0.5])}, (INT64, 2), 11,
    attributes=[onnx.attribute_int("center_point_box", 1)])
one("maxima put back", "MaxUnpool", {"x": (FLOAT, (1, 1, 2, 2), [1, 2, 3, 4]), "i": whole((1, 1, 2, 2), [5, 7, 13, 15])},
    (FLOAT, 4), 11, attributes=[onnx.attribute_ints("kernel_shape", [2, 2]), onnx.attribute_ints("strides", [2, 2])])

# Transforms.
for inverse in (0, 1):
    one(f"transform, inverse {inverse}", "DFT", {"x": ramp(1, 5, 2)}, (FLOAT, 3),
        attributes=[onnx.attribute_int("axis", 1), onnx.attribute_int("inverse", inverse)])
one("transform of reals, one side", "DFT", {"x": ramp(2, 6, 1)}, (FLOAT, 3),
    attributes=[onnx.attribute_int("axis", 1), onnx.attribute_int("onesided", 1)])
one("transform of a length", "DFT", {"x": ramp(2, 6, 1), "n": whole((), [8])}, (FLOAT, 3),
    attributes=[onnx.attribute_int("axis", 1)])
one("transform along an operand", "DFT", {"x": ramp(2, 4, 3, 1), "": 0, "axis": whole((), [-2])}, (FLOAT, 4), 20)
for periodic in (0, 1):
    one(f"Hann window {periodic}", "HannWindow", {"n": whole((), [10])}, (FLOAT, 1),
        attributes=[onnx.attribute_int("periodic", periodic)])

# Lists.
case("split into a sequence", [
    onnx.node("SplitToSequence", ["x", "n"], ["s"], "", [onnx.attribute_int("axis", 1)]),
    onnx.node("SequenceAt", ["s", "at"], ["y"]), onnx.node("SequenceLength", ["s"], ["count"])],
    {"x": ramp(2, 5)}, {"y": (FLOAT, 2), "count": (INT64, 0)}, {"n": whole((), [2]), "at": whole((), [-1])}, 13)
case("split into rows", [
    onnx.node("SplitToSequence", ["x"], ["s"], "", [onnx.attribute_int("axis", 0), onnx.attribute_int("keepdims", 0)]),
    onnx.node("SequenceAt", ["s", "at"], ["y"])],
    {"x": ramp(3, 4)}, {"y": (FLOAT, 1)}, {"at": whole((), [1])}, 13)
for ordered in (0, 1):
    for axis in (None, 0, 1):
        attributes = [onnx.attribute_int("sorted", ordered)]
        if axis is not None:
            attributes.append(onnx.attribute_int("axis", axis))
        case(f"unique, sorted {ordered} axis {axis}", [
            onnx.node("Unique", ["x"], ["y", "first", "back", "count"], "", attributes)],
            {"x": (FLOAT, (3, 3), [2, 1, 2, 0, 0, 0, 2, 1, 2])},
            {"y": (FLOAT, 1 if axis is None else 2), "first": (INT64, 1), "back": (INT64, 1), "count": (INT64, 1)}, opset=11)
for reduction in ("none", "sum", "mean"):
    for weighted in (False, True):
        inputs = {"x": ramp(2, 4, 3), "label": whole((2, 3), [1, 3, 0, 2, 1, 1])}
        if weighted:
            inputs["w"] = (FLOAT, (4,), [0.5, 1, 2, 1])
        one(f"likelihood {reduction}{' weighted' * weighted}", "NegativeLogLikelihoodLoss", inputs,
            (FLOAT, 2 if reduction == "none" else 0), 13,
            attributes=[onnx.attribute_string("reduction", reduction), onnx.attribute_int("ignore_index", 1)])
for k in (-1, 0, 2):
    one(f"diagonal {k}", "EyeLike", {"x": ramp(3, 4)}, (FLOAT, 2), 9, attributes=[onnx.attribute_int("k", k)])
for batch in (0, 1):
    one(f"reversed, batch axis {batch}", "ReverseSequence", {"x": ramp(4, 4, 2), "n": whole((4,), [1, 4, 2, 3])}, (FLOAT, 3), 10,
        attributes=[onnx.attribute_int("batch_axis", batch), onnx.attribute_int("time_axis", 1 - batch)])
for op in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
    one(op, op, {"a": whole((2, 2), [12, -5, 7, 100], INT32), "b": whole((2,), [10, 3], INT32)}, (INT32, 2), 18)

for mode in ("TF", "IDF", "TFIDF"):
    for skips in (0, 3):
        one(f"n-grams {mode}, {skips} skipped", "TfIdfVectorizer", {"x": whole((2, 6), [1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8])},
            (FLOAT, 2), 9, attributes=[
                onnx.attribute_string("mode", mode), onnx.attribute_int("min_gram_length", 1),
                onnx.attribute_int("max_gram_length", 2), onnx.attribute_int("max_skip_count", skips),
                onnx.attribute_ints("ngram_counts", [0, 4]), onnx.attribute_ints("ngram_indexes", [0, 1, 2, 3, 4, 5, 6]),
                onnx.attribute_ints("pool_int64s", [2, 3, 5, 4, 5, 6, 7, 8, 6, 7]),
                onnx.attribute_floats("weights", [1, 0.5, 2, 1, 3, 0.25, 1])])
one("columns of features", "ArrayFeatureExtractor", {"x": ramp(3, 4), "i": whole((1, 2), [2, 0])}, (FLOAT, 2), 13, domain="ai.onnx.ml")
one("above a threshold", "Binarizer", {"x": ramp(3, 4)}, (FLOAT, 2), 13, domain="ai.onnx.ml",
    attributes=[onnx.attribute_float("threshold", 0.125)])

# Classical models.
LEARNING = "ai.onnx.ml"
POINTS = {"x": ramp(5, 2, start=-2, step=0.375)}
TRANSFORMS = ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT")


def classifier(name, op, attributes, labels=3, inputs=None):
    case(name, [onnx.node(op, ["x"], ["label", "score"], "",
                          [*attributes, onnx.attribute_ints("classlabels_ints", [10 + 3 * label for label in range(labels)])],
                          LEARNING)], inputs or POINTS, {"label": (INT64, 1), "score": (FLOAT, 2)}, domains=(LEARNING,))


def support_vectors(classes, kernel="RBF", transform="NONE", probabilities=False):
    pairs = range(classes * (classes - 1) // 2)
    attributes = [onnx.attribute_string("kernel_type", kernel), onnx.attribute_floats("kernel_params", [0.5, 0.25, 2]),
                  onnx.attribute_string("post_transform", transform), onnx.attribute_ints("vectors_per_class", [2] * classes),
                  onnx.attribute_floats("support_vectors", [(7 * i % 11 - 5) / 4 for i in range(4 * classes)]),
                  onnx.attribute_floats("coefficients", [(5 * i % 9 - 4) / 4 for i in range(2 * classes * (classes - 1))]),
                  onnx.attribute_floats("rho", [0.1 * pair - 0.15 for pair in pairs])]
    if probabilities:
        attributes += [onnx.attribute_floats("prob_a", [-1 - 0.1 * pair for pair in pairs]),
                       onnx.attribute_floats("prob_b", [0.2 * pair - 0.1 for pair in pairs])]
    return attributes


for transform in TRANSFORMS:
    text = onnx.attribute_string("post_transform", transform)
    # PROBIT needs scores between 0 and 1.
    share = 0.0625 if transform == "PROBIT" else 1
    lines = [onnx.attribute_floats("coefficients", [share * value for value in (1, -0.5, 0.25, 2, -1, 0.75)]),
             onnx.attribute_floats("intercepts", [0.5, 0.375, 0.25]), text]
    classifier(f"lines of three classes, {transform}", "LinearClassifier", lines)
    # Of a score shared by two classes onnxruntime takes no softmax, and what it gives for PROBIT follows no rule.
    if transform in ("NONE", "LOGISTIC"):
        classifier(f"a line of two classes, {transform}", "LinearClassifier",
                   [onnx.attribute_floats("coefficients", [1, -0.5]), onnx.attribute_floats("intercepts", [0.25]), text], 2)
        classifier(f"support vectors of two classes, {transform}", "SVMClassifier", support_vectors(2, transform=transform), 2)
    if transform != "PROBIT":
        classifier(f"support vectors of four classes, {transform}", "SVMClassifier", support_vectors(4, transform=transform), 4)
    for classes in (2, 3):
        classifier(f"probabilities of {classes} classes, {transform}", "SVMClassifier",
                   support_vectors(classes, transform=transform, probabilities=True), classes)
for kernel in ("LINEAR", "POLY", "RBF", "SIGMOID"):
    classifier(f"support vectors, {kernel}", "SVMClassifier", support_vectors(3, kernel))
    one(f"support vectors of a real, {kernel}", "SVMRegressor", POINTS, (FLOAT, 2), domain=LEARNING, attributes=[
        onnx.attribute_string("kernel_type", kernel), onnx.attribute_floats("kernel_params", [0.5, 0.25, 2]),
        onnx.attribute_int("n_supports", 3), onnx.attribute_floats("support_vectors", [0.5, -1, 1, 0.25, -0.75, 2]),
        onnx.attribute_floats("coefficients", [1, -0.5, 0.25]), onnx.attribute_floats("rho", [0.125])])
for transform in ("NONE", "SOFTMAX", "LOGISTIC"):
    classifier(f"support vectors left out, {transform}", "SVMClassifier", [
        onnx.attribute_string("kernel_type", "LINEAR"), onnx.attribute_string("post_transform", transform),
        onnx.attribute_floats("kernel_params", [0, 0, 0]), onnx.attribute_floats("rho", [0.25]),
        onnx.attribute_floats("coefficients", [1, -0.5, 0.25, 2, -1, 0.75])])
one("probits of one line", "LinearRegressor", {"x": (FLOAT, (4, 1), [0.0625, 0.5, 0.75, 0.999])}, (FLOAT, 2), domain=LEARNING,
    attributes=[onnx.attribute_floats("coefficients", [1]), onnx.attribute_string("post_transform", "PROBIT")])
one("one of categories", "OneHotEncoder", {"x": whole((2, 3), [3, 1, 7, 2, 3, 3])}, (FLOAT, 3), domain=LEARNING,
    attributes=[onnx.attribute_ints("cats_int64s", [3, 1, 7])])
one("one of categories by reals", "OneHotEncoder", {"x": (FLOAT, (3,), [1.0, 7.5, 2.0])}, (FLOAT, 2), domain=LEARNING,
    attributes=[onnx.attribute_ints("cats_int64s", [3, 1, 7])])
for widths in ((2, 3), (3, 2), (1, 4)):
    one(f"features side by side {widths}", "FeatureVectorizer", {"a": ramp(2, 2), "b": ramp(2, 3, start=10)}, (FLOAT, 2),
        domain=LEARNING, attributes=[onnx.attribute_ints("inputdimensions", widths)])
one("features side by side, lists", "FeatureVectorizer", {"a": whole((2,), [1, 2]), "b": whole((3,), [3, 4, 5])}, (FLOAT, 2),
    domain=LEARNING, attributes=[onnx.attribute_ints("inputdimensions", [2, 3])])

# Types of less than a byte, there and back.
for kind, name in ((22, "i4"), (21, "u4"), (26, "i2"), (25, "u2"), (24, "f8E8M0")):
    case(f"through {name}", [onnx.node("Cast", ["x"], ["t"], "", [onnx.attribute_int("to", kind)]),
                             onnx.node("Cast", ["t"], ["y"], "back", [onnx.attribute_int("to", FLOAT)])],
         {"x": (FLOAT, (8,), [0, 1, 2, 3, 0.375, 1.25, 1.75, 2.625])}, {"y": (FLOAT, 1)}, opset=25)
    if name == "f8E8M0":
        continue
    case(f"quantized to {name}", [onnx.node("QuantizeLinear", ["x", "s"], ["t"], "", [onnx.attribute_int("output_dtype", kind)]),
                                  onnx.node("DequantizeLinear", ["t", "s"], ["y"])],
         {"x": (FLOAT, (8,), [-9, -1, -0.25, 0, 0.25, 0.75, 1.3, 9])}, {"y": (FLOAT, 1)}, {"s": (FLOAT, (), [0.5])}, opset=25)

# Quantized operators of onnxruntime.
SCALES = {"s": (FLOAT, (), [0.25]), "z": whole((), [3], UINT8), "t": (FLOAT, (), [0.5]), "u": whole((), [100], UINT8)}
BYTES = whole((1, 2, 2, 3), [0, 3, 9, 250, 17, 128, 64, 5, 90, 255, 33, 7], UINT8)
for op in ("QLinearAdd", "QLinearMul"):
    one(op, op, {"x": BYTES, "s": 0, "z": 0, "x2": BYTES, "t": 0, "u": 0, "s2": 0, "u2": 0}, (UINT8, 4), domain=MICROSOFT,
        constants={**SCALES, "s2": (FLOAT, (), [4.0]), "u2": whole((), [20], UINT8)})
for op, attributes in (("QLinearSigmoid", ()), ("QLinearLeakyRelu", [onnx.attribute_float("alpha", 0.25)]),
                       ("QLinearGlobalAveragePool", ()),
                       ("QLinearAveragePool", [onnx.attribute_ints("kernel_shape", [2, 2])]),
                       ("QLinearSoftmax", [onnx.attribute_int("opset", 13), onnx.attribute_int("axis", -1)])):
    result = {"t": (FLOAT, (), [1 / 256]), "u": whole((), [0], UINT8)} if op in ("QLinearSigmoid", "QLinearSoftmax") else {}
    one(op, op, {"x": BYTES, "s": 0, "z": 0, "t": 0, "u": 0}, (UINT8, 4), attributes=attributes, domain=MICROSOFT,
        constants={**SCALES, **result})
one("QLinearConcat", "QLinearConcat", {"t": 0, "u": 0, "x": BYTES, "s": 0, "z": 0, "x2": BYTES, "t2": 0, "u2": 0}, (UINT8, 4),
    domain=MICROSOFT, attributes=[onnx.attribute_int("axis", 1)],
    constants={**SCALES, "t2": (FLOAT, (), [0.125]), "u2": whole((), [7], UINT8)})
one("MatMulIntegerToFloat", "MatMulIntegerToFloat",
    {"a": whole((2, 3), [1, 200, 7, 90, 3, 255], UINT8), "b": whole((3, 2), [5, -3, 100, -128, 127, 0], INT8), "s": 0, "t": 0,
     "z": 0, "v": 0, "c": ramp(2)}, (FLOAT, 2), domain=MICROSOFT,
    constants={**SCALES, "v": whole((), [1], INT8)})

# Transformers as onnxruntime's optimizer writes them.
ROWS = {"q": ramp(2, 3, 8, step=0.11), "k": ramp(2, 4, 8, step=0.09), "v": ramp(2, 4, 8, step=0.13)}
HEADS = [onnx.attribute_int("num_heads", 2)]
one("attention of heads", "MultiHeadAttention", ROWS, (FLOAT, 3), attributes=HEADS, domain=MICROSOFT)
one("attention of heads with biases and added scores", "MultiHeadAttention",
    {**ROWS, "b": ramp(24, step=0.05), "": 0, "a": ramp(1, 2, 3, 4, step=0.07)}, (FLOAT, 3),
    attributes=[*HEADS, onnx.attribute_float("scale", 0.25)], domain=MICROSOFT)
one("attention of heads with a mask", "MultiHeadAttention",
    {**ROWS, "": 0, "m": whole((2, 4), [1, 1, 0, 1, 1, 0, 0, 1], INT32)}, (FLOAT, 3), attributes=HEADS, domain=MICROSOFT)
WEIGHTS = {"x": ramp(2, 3, 4, step=0.11), "w": ramp(4, 12, step=0.03), "b": ramp(12, step=0.07)}
one("attention of an input", "Attention", WEIGHTS, (FLOAT, 3), attributes=HEADS, domain=MICROSOFT)
one("attention of an input, looking back", "Attention", WEIGHTS, (FLOAT, 3), domain=MICROSOFT,
    attributes=[*HEADS, onnx.attribute_int("unidirectional", 1)])
one("attention of an input with lengths", "Attention", {**WEIGHTS, "m": whole((2,), [2, 3], INT32)}, (FLOAT, 3), attributes=HEADS,
    domain=MICROSOFT)
EMBEDDED = {"ids": whole((2, 3), [1, 0, 4, 2, 2, 3], INT32), "segments": whole((2, 3), [0, 0, 1, 1, 1, 0], INT32),
            "words": ramp(5, 4), "positions": ramp(6, 4, start=0.5), "parts": ramp(2, 4, start=-0.25), "g": ramp(4), "beta": ramp(4, start=0)}
case("embeddings", [onnx.node("EmbedLayerNormalization", [*EMBEDDED, "mask"], ["y", "n"], "", [onnx.attribute_float("epsilon", 1e-6)],
                              MICROSOFT)],
     {**EMBEDDED, "mask": whole((2, 3), [1, 1, 0, 1, 1, 1], INT32)}, {"y": (FLOAT, 3), "n": (INT32, 1)}, domains=(MICROSOFT,))
PACKED = whole((3, 2, 8), [(37 * i + 11) % 256 for i in range(48)], UINT8)
for zeros in (False, True):
    inputs = {"x": ramp(2, 20, step=0.1), "w": PACKED, "s": ramp(6, start=0.125, step=0.03)}
    if zeros:
        inputs["z"] = whole((3,), [0x75, 0x8A, 0xF1], UINT8)
    one(f"product with four bits{', zero points' * zeros}", "MatMulNBits", inputs, (FLOAT, 2), domain=MICROSOFT,
        constants={key: value for key, value in inputs.items() if key != "x"},
        attributes=[onnx.attribute_int("K", 20), onnx.attribute_int("N", 3), onnx.attribute_int("bits", 4), onnx.attribute_int("block_size", 16)])
one("product quantized by its input", "DynamicQuantizeMatMul",
    {"x": ramp(2, 4), "w": whole((4, 3), [5, -3, 100, -128, 127, 0, 7, 9, -55, 64, -1, 33], INT8), "s": (FLOAT, (), [0.02]),
     "z": whole((), [3], INT8), "b": ramp(3)}, (FLOAT, 2), domain=MICROSOFT,
    constants={"w": whole((4, 3), [5, -3, 100, -128, 127, 0, 7, 9, -55, 64, -1, 33], INT8), "s": (FLOAT, (), [0.02]),
               "z": whole((), [3], INT8)})
one("QLinearWhere", "QLinearWhere", {"c": (BOOL, (1, 2, 2, 3), [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1]), "x": BYTES, "s": 0, "z": 0, "x2": BYTES,
                                     "t": 0, "u": 0, "s2": 0, "u2": 0}, (UINT8, 4), domain=MICROSOFT,
    constants={**SCALES, "s2": (FLOAT, (), [4.0]), "u2": whole((), [20], UINT8)})

# Sequences and optionals end in a tensor.
FLOATS = {"a": ramp(2, 3), "b": ramp(2, 3, start=2)}
case("sequence: construct, erase, insert", [
    onnx.node("SequenceConstruct", ["a", "b", "a"], ["s"]), onnx.node("SequenceErase", ["s", "at"], ["e"]),
    onnx.node("SequenceEmpty", [], ["none"]), onnx.node("SequenceInsert", ["none", "b"], ["i"], "put"),
    onnx.node("SequenceAt", ["i", "first"], ["t"]), onnx.node("SequenceInsert", ["e", "t", "first"], ["f"]),
    onnx.node("SequenceLength", ["f"], ["n"]),
    onnx.node("ConcatFromSequence", ["f"], ["y"], "", [onnx.attribute_int("axis", 1)])],
    FLOATS, {"y": (FLOAT, 2), "n": (INT64, 0)}, {"at": whole((), [-2]), "first": whole((), [0])})
DOUBLED = onnx.graph([onnx.node("Add", ["p", "p"], ["q"])], [onnx.value("p", (2, 3))], [onnx.value("q", (2, 3))])
case("sequence: map", [
    onnx.node("SequenceConstruct", ["a", "b"], ["s"]),
    onnx.node("SequenceMap", ["s"], ["m"], "", [onnx.attribute_graph("body", DOUBLED)]),
    onnx.node("ConcatFromSequence", ["m"], ["y"], "", [onnx.attribute_int("axis", 0)])],
    FLOATS, {"y": (FLOAT, 2)})
case("optional", [
    onnx.node("Optional", ["a"], ["o"]), onnx.node("OptionalHasElement", ["o"], ["has"]),
    onnx.node("OptionalGetElement", ["o"], ["y"])], {"a": ramp(2, 3)}, {"y": (FLOAT, 2), "has": (BOOL, 0)}, opset=18)
SUM = onnx.graph([onnx.node("Add", ["state", "row"], ["next"]), onnx.node("Mul", ["next", "row"], ["out"])],
                 [onnx.value("state", (3,)), onnx.value("row", (3,))],
                 [onnx.value("next", (3,)), onnx.value("out", (3,))])
for backwards in (0, 1):
    case(f"scan, direction {backwards}", [
        onnx.node("Scan", ["init", "x"], ["final", "y"], "",
                  [onnx.attribute_graph("body", SUM), onnx.attribute_int("num_scan_inputs", 1),
                   onnx.attribute_ints("scan_input_directions", [backwards]),
                   onnx.attribute_ints("scan_output_directions", [backwards])])],
        {"init": ramp(3), "x": ramp(4, 3)}, {"final": (FLOAT, 1), "y": (FLOAT, 2)}, opset=16)
for backwards in (0, 1):
    case(f"scan of batches, direction {backwards}", [
        onnx.node("Scan", ["", "init", "x"], ["final", "y"], "",
                  [onnx.attribute_graph("body", SUM), onnx.attribute_int("num_scan_inputs", 1),
                   onnx.attribute_ints("directions", [backwards])])],
        {"init": ramp(2, 3), "x": ramp(2, 4, 3)}, {"final": (FLOAT, 2), "y": (FLOAT, 3)}, opset=8)


def run_here(tools, case, folder):
    model, program, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".npz"))
    with open(model, "wb") as file:
        file.write(case.bytes)
    arguments = []
    for name, (kind, shape, values) in case.inputs.items():
        path = os.path.join(folder, name + ".npy")
        npy.write(path, NPY[kind], shape, onnx.packed(kind, values))
        arguments += ["--input", f"{name}={path}"]
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    tools.succeed("pim-run", program, *arguments, "--output", result, "--quiet")
    return {name: (list(shape), list(values)) for name, (_, shape, values) in npy.read_npz(result).items()}


def compare(tools, case, folder, wanted):
    found = run_here(tools, case, folder)
    expect(set(found) == set(wanted), f"results {sorted(found)}, expected {sorted(wanted)}")
    for name, (shape, values) in wanted.items():
        expect(found[name][0] == shape, f"{name} has shape {found[name][0]}, expected {shape}")
        for index, (a, b) in enumerate(zip(found[name][1], values)):
            expect(abs(a - b) <= ABSOLUTE + RELATIVE * abs(b), f"{name}[{index}] is {a}, expected {b}")


def record(folder):
    runtime, results = Runtime(), {}
    for name, case in CASES.items():
        model, ports = os.path.join(folder, "case.onnx"), {}
        with open(model, "wb") as file:
            file.write(case.bytes)
        for port, (kind, shape, values) in case.inputs.items():
            path = os.path.join(folder, port + ".bin")
            with open(path, "wb") as file:
                file.write(onnx.packed(kind, values))
            ports[port] = (RUNTIME[kind], shape, path)
        try:
            results[name] = {key: [list(shape), list(values)] for key, (shape, values)
                             in runtime.run(model, ports, folder).items()}
        except harness.Failure as failure:
            print(f"{name}: {failure}")
    runtime.close()
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in results.items()) + "\n}\n")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--record", action="store_true", help="write operator_results.json anew")
    options = parser.parse_args()
    results = harness.Results("operators")
    with harness.scratch() as folder:
        if options.record:
            record(folder)
        recorded = harness.read_json(RESULTS)
        for name, case in CASES.items():
            results.run(name, lambda: compare(harness.Tools(options.build), case, folder, recorded[name]))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
