#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives the weights of a "light" ONNX model values: its ConstantOfShape nodes of two dimensions or more
become tensors drawn from a Laplace distribution of the variance 2/fan_in (He et al., 2015), seeded."""

import argparse
import array
import math
import random

POOL = 1 << 20  # values that are drawn; each filter takes a run of them from a place of its own


def read_varint(content, at):
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def fields(content):
    """(number, wire type, value, bytes of the whole field) of a protobuf message."""
    at = 0
    while at < len(content):
        begin = at
        tag, at = read_varint(content, at)
        kind = tag & 7
        if kind == 0:
            value, at = read_varint(content, at)
        elif kind == 2:
            size, at = read_varint(content, at)
            value, at = content[at:at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = content[at:at + size], at + size
        yield tag >> 3, kind, value, content[begin:at]


def embed(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def shape_of(tensor):
    """The values of a one-dimensional tensor of 64-bit integers."""
    values = []
    for number, kind, value, _ in fields(tensor):
        if number == 7:
            at = 0
            while kind == 2 and at < len(value):
                entry, at = read_varint(value, at)
                values.append(entry)
            if kind == 0:
                values.append(value)
        elif number == 9:
            values += array.array("q", value)
    return values


def laplace(draw, pool, shape):
    fan_in = math.prod(shape[1:])
    scale = math.sqrt(1 / fan_in)  # variance 2*scale^2
    out = array.array("f")
    for _ in range(shape[0]):
        at = draw.randrange(POOL)
        run = pool[at:at + fan_in] if at + fan_in <= POOL else pool[at:] + pool[:at + fan_in - POOL]
        out.extend(scale * value for value in run)
    return out


def fill(model, seed):
    draw = random.Random(seed)
    pool = array.array("f", (draw.expovariate(1) * draw.choice((-1, 1)) for _ in range(POOL)))
    out = b""
    for number, _, graph, whole in fields(model):
        if number != 7:
            out += whole
            continue
        tensors = {}
        for inner, _, content, _ in fields(graph):
            if inner == 5:
                name = next(value for field, _, value, _ in fields(content) if field == 8)
                tensors[bytes(name)] = content
        parts = []
        for inner, _, content, part in fields(graph):
            if inner == 1:
                node = list(fields(content))
                op = next(bytes(value) for field, _, value, _ in node if field == 4)
                inputs = [bytes(value) for field, _, value, _ in node if field == 1]
                if op == b"ConstantOfShape" and inputs[0] in tensors:
                    shape = shape_of(tensors[inputs[0]])
                    if len(shape) >= 2:
                        name = next(value for field, _, value, _ in node if field == 2)
                        tensor = b"".join(varint(1 << 3) + varint(extent) for extent in shape)
                        tensor += varint(2 << 3) + varint(1) + embed(8, name)
                        values = laplace(draw, pool, shape)
                        parts.append(embed(5, tensor + embed(9, values.tobytes())))
                        continue
            parts.append(part)
        out += embed(7, b"".join(parts))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a light model of onnx/onnx")
    parser.add_argument("output")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with open(options.model, "rb") as file:
        model = file.read()
    with open(options.output, "wb") as file:
        file.write(fill(model, options.seed))


if __name__ == "__main__":
    main()
