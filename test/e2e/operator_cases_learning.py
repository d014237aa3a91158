# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Classical models: the domain ai.onnx.ml."""

import onnx_writer as onnx
from onnx_writer import FLOAT, INT64
from operator_cases import case, one, ramp, whole

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
