# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes small ONNX files, sound and unsound ones, without the onnx package.

Only the protobuf fields that the tests need; field numbers are those of onnx.proto.
"""

import struct

FLOAT, INT64 = 1, 7


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


def node(op, inputs, outputs, name="", attributes=(), domain=""):
    content = b"".join(data(1, value) for value in inputs)
    content += b"".join(data(2, value) for value in outputs)
    content += data(3, name or op.lower()) + data(4, op)
    content += b"".join(data(5, attribute) for attribute in attributes)
    return content + (data(7, domain) if domain else b"")


def tensor(name, shape, values):
    content = b"".join(integer(1, extent) for extent in shape) + integer(2, FLOAT)
    return content + data(8, name) + data(9, struct.pack(f"<{len(values)}f", *values))


def external_tensor(name, shape, location, length=None):
    """A tensor whose bytes are in the file `location`."""
    content = b"".join(integer(1, extent) for extent in shape) + integer(2, FLOAT)
    content += data(8, name) + data(13, data(1, "location") + data(2, location))
    if length is not None:
        content += data(13, data(1, "length") + data(2, str(length)))
    return content + integer(14, 1)


def value(name, shape):
    """An input or output; a text in `shape` is an open dimension of that name."""
    dims = b"".join(data(1, data(2, extent) if isinstance(extent, str) else integer(1, extent))
                    for extent in shape)
    return data(1, name) + data(2, data(1, integer(1, FLOAT) + data(2, dims)))


def model(nodes, inputs, outputs, initializers=(), opset=13, ir_version=8):
    graph = b"".join(data(1, content) for content in nodes) + data(2, "graph")
    graph += b"".join(data(5, content) for content in initializers)
    graph += b"".join(data(11, content) for content in inputs)
    graph += b"".join(data(12, content) for content in outputs)
    return integer(1, ir_version) + data(7, graph) + data(8, data(1, "") + integer(2, opset))
