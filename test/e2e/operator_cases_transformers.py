# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention and LSTMs as onnxruntime's quantizer and its optimizer of transformers write them."""

import onnx_writer as onnx
from onnx_writer import FLOAT, INT32, INT8, UINT8
from operator_cases import case, one, ramp, whole

MICROSOFT = "com.microsoft"

# Quantized, and with keys and values from before.
HEADS = [onnx.attribute_int("num_heads", 2)]
PAST = ramp(2, 2, 2, 3, 2, step=0.021)  # keys and values of three places
case("attention of an input, looking back, with keys before", [
    onnx.node("Attention", ["x", "w", "b", "", "past"], ["y", "present"], "",
              [*HEADS, onnx.attribute_int("unidirectional", 1)], MICROSOFT)],
    {"x": ramp(2, 2, 4, step=0.11), "w": ramp(4, 12, step=0.03), "b": ramp(12, step=0.07), "past": PAST},
    {"y": (FLOAT, 3), "present": (FLOAT, 5)}, domains=(MICROSOFT,))
OPERANDS = {"x": whole((2, 3, 4), [(91 * i + 7) % 256 for i in range(24)], UINT8),
            "w": whole((4, 12), [(53 * i + 5) % 255 - 127 for i in range(48)], INT8), "b": ramp(12, step=0.07),
            "sx": (FLOAT, (), [0.0125]), "sw": (FLOAT, (), [0.0075])}
ZEROS = {"zx": whole((), [121], UINT8), "zw": whole((), [3], INT8)}
one("attention of bytes", "QAttention", OPERANDS, (FLOAT, 3), attributes=HEADS, domain=MICROSOFT)
one("attention of bytes with lengths and zero points", "QAttention",
    {**OPERANDS, "m": whole((2,), [2, 3], INT32), **ZEROS}, (FLOAT, 3), attributes=HEADS, domain=MICROSOFT)
one("attention of bytes, a scale for each column", "QAttention",
    {**OPERANDS, "sw": ramp(12, start=0.004, step=0.0005), "": 0, **ZEROS, "zw": whole((12,), [0] * 12, INT8)},
    (FLOAT, 3), attributes=[*HEADS, onnx.attribute_int("unidirectional", 1)], domain=MICROSOFT,
    constants={"sw": ramp(12, start=0.004, step=0.0005), "zw": whole((12,), [0] * 12, INT8)})
case("attention of bytes with keys before", [
    onnx.node("QAttention", [*OPERANDS, "", "zx", "zw", "past"], ["y", "present"], "", HEADS, MICROSOFT)],
    {**OPERANDS, **ZEROS, "past": PAST}, {"y": (FLOAT, 3), "present": (FLOAT, 5)}, domains=(MICROSOFT,))

# Positions that turn, and fewer heads of keys than of queries.
TABLES = {"cos": ramp(8, 2, step=0.11), "sin": ramp(8, 2, start=0.5, step=0.07)}
for interleaved in (0, 1):
    attributes = [onnx.attribute_int("interleaved", interleaved)]
    one(f"turned by given places, interleaved {interleaved}", "RotaryEmbedding",
        {"x": ramp(2, 3, 8, step=0.11), "p": whole((2, 3), [0, 1, 2, 4, 5, 7]), **TABLES}, (FLOAT, 3),
        attributes=attributes, domain=MICROSOFT)
    one(f"turned from a place on, interleaved {interleaved}", "RotaryEmbedding",
        {"x": ramp(2, 2, 3, 4, step=0.11), "p": whole((1,), [4]), **TABLES}, (FLOAT, 4), attributes=attributes,
        domain=MICROSOFT)
GROUPS = [onnx.attribute_int("num_heads", 4), onnx.attribute_int("kv_num_heads", 2)]
WIDE = {"cos": ramp(8, 8, step=0.031), "sin": ramp(8, 8, start=0.5, step=0.017)}  # onnxruntime wants heads of 16
FIRST = {"q": ramp(1, 3, 64, step=0.011), "k": ramp(1, 3, 32, step=0.021), "v": ramp(1, 3, 32, step=0.027)}
LENGTHS = {"last": whole((1,), [2], INT32), "all": whole((), [3], INT32)}
OUTPUTS = {"y": (FLOAT, 3), "keys": (FLOAT, 4), "values": (FLOAT, 4)}


def grouped(name, inputs, names, attributes=()):
    case(name, [onnx.node("GroupQueryAttention", names, list(OUTPUTS), "", [*GROUPS, *attributes], MICROSOFT)],
         inputs, OUTPUTS, domains=(MICROSOFT,))


grouped("attention of groups", {**FIRST, **LENGTHS}, [*FIRST, "", "", *LENGTHS])
grouped("attention of groups, turned", {**FIRST, **LENGTHS, **WIDE}, [*FIRST, "", "", *LENGTHS, *WIDE],
        [onnx.attribute_int("do_rotary", 1)])
grouped("attention of groups, in a window", {**FIRST, **LENGTHS}, [*FIRST, "", "", *LENGTHS],
        [onnx.attribute_int("local_window_size", 2)])
BEFORE = {"pk": ramp(1, 2, 5, 16, step=0.009), "pv": ramp(1, 2, 5, 16, step=0.013)}
LATER = {"last": whole((1,), [5], INT32), "all": whole((), [6], INT32)}
FOLLOWING = {"q": ramp(1, 1, 64, step=0.031), "k": ramp(1, 1, 32, step=0.061), "v": ramp(1, 1, 32, step=0.047)}
grouped("attention of groups, turned, with keys before", {**FOLLOWING, **BEFORE, **LATER, **WIDE},
        [*FOLLOWING, *BEFORE, *LATER, *WIDE], [onnx.attribute_int("do_rotary", 1)])
PACKED = {"q": ramp(1, 3, 128, step=0.007)}
grouped("attention of groups, packed", {**PACKED, **LENGTHS, **WIDE}, ["q", "", "", "", "", *LENGTHS, *WIDE],
        [onnx.attribute_int("do_rotary", 1)])

# Weights of bytes.
HIDDEN, FEATURES = 3, 4
for directions, per_row, kind in ((1, False, INT8), (2, True, INT8), (1, False, UINT8)):
    scales = (directions, 4 * HIDDEN) if per_row else (directions,)
    offset = 0 if kind == UINT8 else 128
    count = scales[0] * (scales[1] if per_row else 1)
    weights = {"w": whole((directions, FEATURES, 4 * HIDDEN), [(73 * i + 11) % 256 - offset for i in range(directions * FEATURES * 4 * HIDDEN)], kind),
               "r": whole((directions, HIDDEN, 4 * HIDDEN), [(59 * i + 3) % 256 - offset for i in range(directions * HIDDEN * 4 * HIDDEN)], kind)}
    quantized = {"ws": (FLOAT, scales, [0.004 + 0.0005 * i for i in range(count)]),
                 "wz": whole(scales, [0 if per_row else 130 - offset] * count, kind),
                 "rs": (FLOAT, scales, [0.005 + 0.0004 * i for i in range(count)]),
                 "rz": whole(scales, [0 if per_row else 125 - offset] * count, kind)}
    bias = {"b": ramp(directions, 8 * HIDDEN, step=0.04)}
    case(f"LSTM with weights of bytes, {directions} ways, {'unsigned' if kind == UINT8 else 'a scale for each row' if per_row else 'signed'}", [
        onnx.node("DynamicQuantizeLSTM", ["x", "w", "r", "b", "", "", "", "", *quantized], ["y", "h", "c"], "",
                  [onnx.attribute_int("hidden_size", HIDDEN),
                   onnx.attribute_string("direction", "bidirectional" if directions == 2 else "forward")], MICROSOFT)],
        {"x": ramp(5, 2, FEATURES, step=0.07)}, {"y": (FLOAT, 4), "h": (FLOAT, 3), "c": (FLOAT, 3)},
        {**weights, **bias, **quantized}, domains=(MICROSOFT,))
