# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads what the ONNX backend tests record: TensorProto files, and the names of a model's inputs and
outputs, without the onnx package. Field numbers are those of onnx.proto."""

import array
import struct

# ONNX element type: (name, bytes, struct code or None)
TYPES = {1: ("f32", 4, "f"), 2: ("u8", 1, "B"), 3: ("i8", 1, "b"), 4: ("u16", 2, "H"),
         5: ("i16", 2, "h"), 6: ("i32", 4, "i"), 7: ("i64", 8, "q"), 8: ("string", 0, None),
         9: ("bool", 1, "B"), 10: ("f16", 2, "e"), 11: ("f64", 8, "d"), 12: ("u32", 4, "I"),
         13: ("u64", 8, "Q"), 16: ("bf16", 2, None), 21: ("u4", 0, None), 22: ("i4", 0, None)}


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


def _nibbles(data, count, signed):
    out = []
    for index in range(count):
        value = data[index // 2] >> (4 * (index % 2)) & 15
        out.append(value - 16 if signed and value >= 8 else value)
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
    if name in ("i4", "u4"):
        data = raw if raw is not None else bytes(number & 255 for number in numbers)
        return name, shape, _nibbles(data, count, name == "i4")
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


def graph_ports(path):
    """Returns the names of the inputs without a value in the model, and of the outputs."""
    graph, given = _graph(path), set(initializers(path))
    inputs = [name for name in _value_names(graph, 11) if name not in given]
    return inputs, _value_names(graph, 12)
