# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes small ONNX files, sound and unsound ones, without the onnx package.

Only the protobuf fields that the tests need; field numbers are those of onnx.proto.
"""

import array
import struct

# Element types, with the codes of `struct`; a bool is a byte.
FLOAT, UINT8, INT8, INT32, INT64, BOOL, DOUBLE = 1, 2, 3, 6, 7, 9, 11
CODES = {FLOAT: "f", UINT8: "B", INT8: "b", INT32: "i", INT64: "q", BOOL: "?", DOUBLE: "d"}


def varint(value):
    value &= (1 << 64) - 1  # negative numbers take ten bytes
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def integer(field, value):
    return varint(field << 3) + varint(value)


def data(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def attribute_ints(name, values):
    return data(1, name) + b"".join(integer(8, value) for value in values) + integer(20, 7)


def attribute_int(name, value):
    return data(1, name) + integer(3, value) + integer(20, 2)


def attribute_float(name, value):
    return data(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + integer(20, 1)


def attribute_floats(name, values):
    return data(1, name) + b"".join(varint(7 << 3 | 5) + struct.pack("<f", value) for value in values) + integer(20, 6)


def attribute_string(name, value):
    return data(1, name) + data(4, value) + integer(20, 3)


def attribute_tensor(name, content):
    return data(1, name) + data(5, content) + integer(20, 4)


def attribute_graph(name, content):
    return data(1, name) + data(6, content) + integer(20, 5)


def node(op, inputs, outputs, name="", attributes=(), domain=""):
    content = b"".join(data(1, value) for value in inputs)
    content += b"".join(data(2, value) for value in outputs)
    content += data(3, name or op.lower()) + data(4, op)
    content += b"".join(data(5, attribute) for attribute in attributes)
    return content + (data(7, domain) if domain else b"")


def packed(kind, values):
    """The elements as little-endian bytes."""
    # An array holds what the file does on the little-endian machines that this runs on.
    if isinstance(values, array.array) and values.typecode == CODES[kind]:
        return values.tobytes()
    return struct.pack(f"<{len(values)}{CODES[kind]}", *values)


def coded_tensor(name, shape, codes, kind):
    """A tensor whose elements are given by their bits, a byte each."""
    content = b"".join(integer(1, extent) for extent in shape) + integer(2, kind)
    return content + data(8, name) + data(9, bytes(codes))


def tensor(name, shape, values, kind=FLOAT):
    content = b"".join(integer(1, extent) for extent in shape) + integer(2, kind)
    return content + data(8, name) + data(9, packed(kind, values))


def external_tensor(name, shape, location, length=None):
    """A tensor whose bytes are in the file `location`."""
    content = b"".join(integer(1, extent) for extent in shape) + integer(2, FLOAT)
    content += data(8, name) + data(13, data(1, "location") + data(2, location))
    if length is not None:
        content += data(13, data(1, "length") + data(2, str(length)))
    return content + integer(14, 1)


def value(name, shape, kind=FLOAT):
    """An input or output; a text in `shape` is an open dimension of that name."""
    dims = b"".join(data(1, data(2, extent) if isinstance(extent, str) else integer(1, extent))
                    for extent in shape)
    return data(1, name) + data(2, data(1, integer(1, kind) + data(2, dims)))


def _tensor_type(kind):
    return data(1, integer(1, kind))


def _sequence_type(kind):
    return data(4, data(1, _tensor_type(kind)))


def sequence_value(name, kind=FLOAT):
    """An input or output that is a sequence of tensors of any shape."""
    return data(1, name) + data(2, _sequence_type(kind))


def optional_value(name, kind=FLOAT, is_sequence=False):
    """An input or output that is an optional tensor, or an optional sequence."""
    content = _sequence_type(kind) if is_sequence else _tensor_type(kind)
    return data(1, name) + data(2, data(9, data(1, content)))


def sequence(tensors):
    """A SequenceProto."""
    return data(1, "s") + integer(2, 1) + b"".join(data(3, content) for content in tensors)


def optional(content=None, is_sequence=False):
    """An OptionalProto of a tensor, a sequence, or nothing."""
    if content is None:
        return data(1, "o") + integer(2, 0)
    return data(1, "o") + (integer(2, 3) + data(5, content) if is_sequence
                           else integer(2, 1) + data(3, content))


def graph(nodes, inputs, outputs, initializers=()):
    content = b"".join(data(1, item) for item in nodes) + data(2, "graph")
    content += b"".join(data(5, item) for item in initializers)
    content += b"".join(data(11, item) for item in inputs)
    return content + b"".join(data(12, item) for item in outputs)


def model(nodes, inputs, outputs, initializers=(), opset=13, ir_version=8, domains=()):
    """`domains`: further ones that nodes are from, each in version 1."""
    content = graph(nodes, inputs, outputs, initializers)
    imports = data(8, data(1, "") + integer(2, opset))
    imports += b"".join(data(8, data(1, domain) + integer(2, 1)) for domain in domains)
    return integer(1, ir_version) + data(7, content) + imports
