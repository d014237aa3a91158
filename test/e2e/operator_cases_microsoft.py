# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators that onnxruntime adds: quantized ones, and the transformers that its optimizer writes."""

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT32, INT8, UINT8
from operator_cases import case, one, ramp, whole

MICROSOFT = "com.microsoft"

# Quantized operators.
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
one("QLinearAveragePool with odd zero points", "QLinearAveragePool",
    {"x": whole((1, 2, 4, 4), [(37 * i + 5) % 64 - 32 for i in range(32)], INT8), "s": 0, "z": 0, "t": 0, "u": 0}, (INT8, 4), domain=MICROSOFT,
    attributes=[onnx.attribute_ints("kernel_shape", [2, 2]), onnx.attribute_ints("strides", [2, 2])],
    constants={"s": (FLOAT, (), [0.03125]), "z": whole((), [-3], INT8), "t": (FLOAT, (), [0.03125]), "u": whole((), [-3], INT8)})
LAST = onnx.attribute_int("channels_last", 1)
IMAGE = whole((1, 3, 4, 2), [(37 * i + 5) % 256 for i in range(24)], UINT8)
one("QLinearAveragePool, channels last", "QLinearAveragePool", {"x": IMAGE, "s": 0, "z": 0, "t": 0, "u": 0}, (UINT8, 4),
    domain=MICROSOFT, constants=SCALES, attributes=[LAST, onnx.attribute_ints("kernel_shape", [2, 3]), onnx.attribute_ints("strides", [1, 2]),
                                                    onnx.attribute_ints("pads", [1, 0, 0, 1]), onnx.attribute_int("count_include_pad", 1)])
one("QLinearGlobalAveragePool, channels last", "QLinearGlobalAveragePool", {"x": IMAGE, "s": 0, "z": 0, "t": 0, "u": 0}, (UINT8, 4),
    domain=MICROSOFT, constants=SCALES, attributes=[LAST])
FILTERS = {"w": whole((3, 2, 2, 2), [(29 * i + 11) % 256 - 128 for i in range(24)], INT8), "ws": (FLOAT, (), [0.0078125]),
           "wz": whole((), [0], INT8), "b": whole((3,), [100, -2000, 30], INT32)}
one("QLinearConv, channels last", "QLinearConv",
    {"x": IMAGE, "s": 0, "z": 0, "w": 0, "ws": 0, "wz": 0, "t": 0, "u": 0, "b": 0}, (UINT8, 4), domain=MICROSOFT,
    constants={**SCALES, **FILTERS}, attributes=[LAST, onnx.attribute_ints("pads", [0, 1, 1, 0])])
one("QLinearSoftmax of rows, as before opset 13", "QLinearSoftmax", {"x": BYTES, "s": 0, "z": 0, "t": 0, "u": 0}, (UINT8, 4), domain=MICROSOFT,
    constants={**SCALES, "t": (FLOAT, (), [1 / 256]), "u": whole((), [0], UINT8)},
    attributes=[onnx.attribute_int("opset", 12), onnx.attribute_int("axis", 2)])
one("QLinearConcat", "QLinearConcat", {"t": 0, "u": 0, "x": BYTES, "s": 0, "z": 0, "x2": BYTES, "t2": 0, "u2": 0}, (UINT8, 4),
    domain=MICROSOFT, attributes=[onnx.attribute_int("axis", 1)],
    constants={**SCALES, "t2": (FLOAT, (), [0.125]), "u2": whole((), [7], UINT8)})
one("MatMulIntegerToFloat", "MatMulIntegerToFloat",
    {"a": whole((2, 3), [1, 200, 7, 90, 3, 255], UINT8), "b": whole((3, 2), [5, -3, 100, -128, 127, 0], INT8), "s": 0, "t": 0,
     "z": 0, "v": 0, "c": ramp(2)}, (FLOAT, 2), domain=MICROSOFT,
    constants={**SCALES, "v": whole((), [1], INT8)})

# Transformers.
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
