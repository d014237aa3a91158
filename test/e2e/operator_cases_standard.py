# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators of the default domain, each a node of its own."""

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT32, INT64, INT8, UINT8
from operator_cases import case, one, ramp, whole

MICROSOFT = "com.microsoft"

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
one("greatest of regions", "MaxRoiPool",
    {"x": ramp(2, 2, 6, 6), "r": (FLOAT, (4, 5), [0, 0, 0, 3, 4, 1, 1, 2, 5, 5, 1, 4, 6, 12, 9, 0, 14, 14, 20, 20])}, (FLOAT, 4), 16,
    attributes=[onnx.attribute_ints("pooled_shape", [2, 3]), onnx.attribute_float("spatial_scale", 0.5)])
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
