# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads what the ONNX backend tests record: TensorProto files, and the names of a model's inputs and
outputs, without the onnx package. Field numbers are those of onnx.proto."""

import array
import math
import struct

# ONNX element type: (name, bytes, struct code or None)
TYPES = {1: ("f32", 4, "f"), 2: ("u8", 1, "B"), 3: ("i8", 1, "b"), 4: ("u16", 2, "H"),
         5: ("i16", 2, "h"), 6: ("i32", 4, "i"), 7: ("i64", 8, "q"), 8: ("string", 0, None),
         9: ("bool", 1, "B"), 10: ("f16", 2, "e"), 11: ("f64", 8, "d"), 12: ("u32", 4, "I"),
         13: ("u64", 8, "Q"), 16: ("bf16", 2, None), 17: ("f8E4M3FN", 1, None),
         18: ("f8E4M3FNUZ", 1, None), 19: ("f8E5M2", 1, None), 20: ("f8E5M2FNUZ", 1, None),
         21: ("u4", 0, None), 22: ("i4", 0, None), 23: ("f4E2M1", 0, None),
         24: ("f8E8M0", 1, None), 25: ("u2", 0, None), 26: ("i2", 0, None)}

# Bits of elements that come several to a byte.
PACKED = {"u4": 4, "i4": 4, "f4E2M1": 4, "u2": 2, "i2": 2}

# Small floats: bits of exponent and mantissa, bias, and whether minus zero is the one NaN.
SMALL_FLOATS = {"f8E4M3FN": (4, 3, 7, False), "f8E4M3FNUZ": (4, 3, 8, True),
                "f8E5M2": (5, 2, 15, False), "f8E5M2FNUZ": (5, 2, 16, True),
                "f4E2M1": (2, 1, 1, False)}


def _varint(content, at):
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(content):
    """Yields (number, wire type, value) of a message; a length-delimited value is bytes."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(content, at)
        elif wire == 1:
            value, at = content[at:at + 8], at + 8
        elif wire == 2:
            length, at = _varint(content, at)
            value, at = content[at:at + length], at + length
        elif wire == 5:
            value, at = content[at:at + 4], at + 4
        else:
            raise ValueError(f"wire type {wire}")
        yield number, wire, value


def _signed(value):
    return value - (1 << 64) if value >> 63 else value


def varints(wire, value):
    """The signed integers of a field, packed or not."""
    if wire == 0:
        return [_signed(value)]
    at, out = 0, []
    while at < len(value):
        number, at = _varint(value, at)
        out.append(_signed(number))
    return out


def _bfloat(bits):
    return struct.unpack("<f", struct.pack("<I", bits << 16))[0]


def _small_float(name, code):
    """The value of the bits of a float of 8 or 4 bits (ONNX, "Float stored in 8 bits")."""
    if name == "f8E8M0":
        return math.nan if code == 255 else 2.0 ** (code - 127)
    exponent_bits, mantissa_bits, bias, zero_is_nan = SMALL_FLOATS[name]
    sign = code >> (exponent_bits + mantissa_bits)
    exponent = code >> mantissa_bits & (1 << exponent_bits) - 1
    mantissa = code & (1 << mantissa_bits) - 1
    last = exponent == (1 << exponent_bits) - 1
    if zero_is_nan and sign and exponent == mantissa == 0:
        return math.nan
    if name == "f8E5M2" and last:
        return math.nan if mantissa else -math.inf if sign else math.inf
    if name == "f8E4M3FN" and last and mantissa == 7:
        return math.nan
    value = (mantissa / 2.0**mantissa_bits + (exponent > 0)) * 2.0 ** (max(exponent, 1) - bias)
    return -value if sign else value


def _unpack(data, count, name):
    bits, out = PACKED[name], []
    for index in range(count):
        value = data[index * bits // 8] >> (index * bits % 8) & (1 << bits) - 1
        if name in SMALL_FLOATS:
            value = _small_float(name, value)
        elif name[0] == "i" and value >> (bits - 1):
            value -= 1 << bits
        out.append(value)
    return out


def parse_tensor(content):
    """Returns (type name, shape, list of values) of a TensorProto."""
    shape, kind, raw, numbers, texts, reals = [], 0, None, [], [], b""
    for number, wire, value in fields(content):
        if number == 1:
            shape += varints(wire, value)
        elif number == 2:
            kind = value
        elif number in (4, 10):
            reals += value
        elif number in (5, 7, 11):
            numbers += varints(wire, value)
        elif number == 6:
            texts.append(value.decode("utf-8", "replace"))
        elif number == 9:
            raw = value
    name, width, code = TYPES[kind]
    count = 1
    for extent in shape:
        count *= extent
    if name == "string":
        return name, shape, texts
    if name in PACKED or name in SMALL_FLOATS or name == "f8E8M0":
        data = raw if raw is not None else bytes(number & 255 for number in numbers)
        if name in PACKED:
            return name, shape, _unpack(data, count, name)
        return name, shape, [_small_float(name, code) for code in data]
    if raw is None and reals:
        raw = bytes(reals)
    if raw is None:
        if name == "f16":
            numbers = [struct.unpack("<e", struct.pack("<H", number))[0] for number in numbers]
        elif name == "bf16":
            numbers = [_bfloat(number) for number in numbers]
        elif name in ("u64", "u32"):
            numbers = [number & (1 << 64) - 1 for number in numbers]
        return name, shape, numbers
    if name == "bf16":
        return name, shape, [_bfloat(bits) for (bits,) in struct.iter_unpack("<H", raw)]
    if code in "fdqiBbHhIQ":
        values = array.array({"q": "q", "Q": "Q"}.get(code, code))
        values.frombytes(raw)
        return name, shape, values.tolist()
    return name, shape, [value for (value,) in struct.iter_unpack("<" + code, raw)]


def read_tensor(path):
    with open(path, "rb") as file:
        return parse_tensor(file.read())


def read_sequence(path):
    """The tensors of a SequenceProto, or of an OptionalProto that holds a sequence or a tensor."""
    with open(path, "rb") as file:
        content = file.read()
    tensors = []
    for number, wire, value in fields(content):
        if number == 3:
            tensors.append(parse_tensor(value))
        elif number == 5 and wire == 2:
            tensors += [parse_tensor(tensor) for tag, _, tensor in fields(value) if tag == 3]
    return tensors


def _value_names(graph, field):
    names = []
    for number, _, value in fields(graph):
        if number == field:
            names += [name.decode() for tag, _, name in fields(value) if tag == 1]
    return names


def _graph(path):
    with open(path, "rb") as file:
        content = file.read()
    return next(value for number, _, value in fields(content) if number == 7)


def graph_nodes(path):
    """Returns (operator, names of the inputs) of each node, in order."""
    nodes = []
    for number, _, node in fields(_graph(path)):
        if number == 1:
            parts = list(fields(node))
            operator = next(value.decode() for tag, _, value in parts if tag == 4)
            nodes.append((operator, [value.decode() for tag, _, value in parts if tag == 1]))
    return nodes


def initializers(path):
    """Returns (type name, shape, list of values) of each, by name."""
    found = {}
    for number, _, tensor in fields(_graph(path)):
        if number == 5:
            name = next(value.decode() for tag, _, value in fields(tensor) if tag == 8)
            found[name] = parse_tensor(tensor)
    return found


def output_kinds(path):
    """Returns "tensor", "sequence" or "optional" (of a tensor) for each output."""
    kinds = []
    for number, _, info in fields(_graph(path)):
        if number != 12:
            continue
        declared = next((value for tag, _, value in fields(info) if tag == 2), b"")
        kind = "tensor"
        while declared:
            tag, _, content = next(fields(declared))
            if tag == 4:
                kind = "sequence"
            elif tag == 9:
                kind = "optional"
            else:
                break
            declared = next((value for inner, _, value in fields(content) if inner == 1), b"")
        kinds.append(kind)
    return kinds


def graph_ports(path):
    """Returns the names of the inputs without a value in the model, and of the outputs."""
    graph, given = _graph(path), set(initializers(path))
    inputs = [name for name in _value_names(graph, 11) if name not in given]
    return inputs, _value_names(graph, 12)
