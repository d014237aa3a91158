# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What single results of a quantized layer are before they are rounded, computed without any rounding: scales are
the floats of the model, taken as the fractions that they are. Only what a result depends on is computed."""

import math
from fractions import Fraction

import onnx_reader


def attributes(node):
    """{name: integer, list of integers, or text} of a node, given as its bytes; others are left out."""
    found = {}
    for field, _, content in onnx_reader.fields(node):
        if field == 5:
            parts = list(onnx_reader.fields(content))
            name = next(value.decode() for tag, _, value in parts if tag == 1)
            for tag, wire, value in parts:
                if tag == 3:
                    found[name] = onnx_reader.varints(wire, value)[0]
                elif tag == 4:
                    found[name] = value.decode()
                elif tag == 8:
                    found[name] = found.get(name, []) + onnx_reader.varints(wire, value)
    return found


def unravel(flat, shape):
    index = []
    for extent in reversed(shape):
        flat, at = divmod(flat, extent)
        index.append(at)
    return index[::-1]


def ravel(index, shape):
    flat = 0
    for at, extent in zip(index, shape):
        flat = flat * extent + at
    return flat


class ExactLayer:
    """`model`: its nodes, initializers and producer of each name, as run_quantized_layers.Model has them;
    `integers`: {name: (shape, values)}, what its layers read and write."""

    def __init__(self, model, integers):
        self.model, self.integers, self.tensors = model, integers, {}

    def from_half(self, layer, flat):
        """How far result `flat` of a layer lies from halfway between two integers, in steps of the result."""
        name, scale, _ = layer.result
        node = self.model.producer[name]
        if node.op == "QuantizeLinear":
            steps = self.real(node.inputs[0], self.integers[name][0], flat) / self.constant(scale)
        else:
            steps = self.qlinear(node, self.integers[name][0], flat) / self.constant(scale)
        return abs(steps % 1 - Fraction(1, 2))

    def tensor(self, name):
        """(Shape, values) of integers or of an initializer."""
        if name in self.integers:
            return self.integers[name]
        if name not in self.tensors:
            _, shape, values = onnx_reader.parse_tensor(self.model.initializers[name])
            self.tensors[name] = (tuple(shape), values)
        return self.tensors[name]

    def constant(self, name, channel=0):
        """One of an initializer's values: the only one, or that of a channel."""
        values = self.tensor(name)[1]
        return Fraction(values[channel if len(values) > 1 else 0])

    def shape(self, name):
        if name in self.integers or name in self.model.initializers:
            return tuple(self.tensor(name)[0])
        return self.shape(self.model.producer[name].inputs[0])

    def dequantized(self, name, scale, zero, shape, flat, axis):
        channel = unravel(flat, shape)[axis] if shape else 0
        offset = self.constant(zero, channel) if zero else 0
        return (self.tensor(name)[1][flat] - offset) * self.constant(scale, channel)

    def real(self, name, shape, flat):
        """Element `flat` of a value of that shape."""
        if name in self.model.initializers:
            return Fraction(self.tensor(name)[1][flat])
        node = self.model.producer[name]
        named = attributes(node.content)
        inputs = node.inputs + [""] * 3
        if node.op == "DequantizeLinear":
            return self.dequantized(inputs[0], inputs[1], inputs[2], shape, flat, named.get("axis", 1)
                                    if len(shape) > 1 else 0)
        operand = lambda at: lambda shape, flat: self.real(inputs[at], shape, flat)
        shapes = [self.shape(name) for name in node.inputs if name]
        if node.op == "Relu":
            return max(self.real(inputs[0], shape, flat), Fraction(0))
        if node.op == "Clip":
            low, high = (self.constant(name) for name in inputs[1:3])
            return min(max(self.real(inputs[0], shape, flat), low), high)
        if node.op in ("Reshape", "Flatten"):
            return self.real(inputs[0], shapes[0], flat)
        if node.op == "Add":
            return self.real(inputs[0], shape, flat) + self.real(inputs[1], shape, flat)
        if node.op in ("GlobalAveragePool", "ReduceMean"):
            size = math.prod(shapes[0][2:])
            return sum(self.real(inputs[0], shapes[0], flat * size + i) for i in range(size)) / size
        if node.op == "Conv":
            return convolution(operand(0), operand(1), inputs[2] and operand(2), shapes, shape, flat, named)
        if node.op in ("MatMul", "Gemm"):
            return product(operand(0), operand(1), inputs[2] and operand(2), shapes, shape, flat, named)
        raise KeyError(node.op)

    def qlinear(self, node, shape, flat):
        """A result of a QLinear operator, as a real."""
        names, named = node.inputs, attributes(node.content)
        operand = lambda at, axis: lambda shape, flat: self.dequantized(
            names[at], names[at + 1], names[at + 2], shape, flat, axis)
        shapes = [self.shape(names[0]), self.shape(names[3])]
        if node.op == "QLinearAdd":
            return operand(0, 0)(shape, flat) + operand(3, 0)(shape, flat)
        at = {"QLinearConv": 8, "QGemm": 6}[node.op]
        weight_axis = 1 if node.op == "QGemm" and not named.get("transB") else 0
        bias = len(names) > at and names[at] and (lambda shape, channel: self.tensor(names[at])[1][channel]
                                                  * self.constant(names[1])
                                                  * self.constant(names[4], channel))
        compute = convolution if node.op == "QLinearConv" else product
        return compute(operand(0, 0), operand(3, weight_axis), bias, shapes, shape, flat, named)


def convolution(x, w, bias, shapes, shape, flat, named):
    """Two spatial dimensions with explicit padding; `x`, `w`, `bias`: functions of shape and element."""
    image, kernel = shapes[0], shapes[1]
    if named.get("auto_pad", "NOTSET") != "NOTSET" or len(image) != 4:
        raise KeyError("a convolution other than of two dimensions with explicit padding")
    batch, channel, *place = unravel(flat, shape)
    strides, dilations = named.get("strides") or [1, 1], named.get("dilations") or [1, 1]
    pads = named.get("pads") or [0] * 4
    first = channel // (shape[1] // (named.get("group") or 1)) * kernel[1]
    total = bias((shape[1],), channel) if bias else Fraction(0)
    for c in range(kernel[1]):
        for i in range(kernel[2]):
            for j in range(kernel[3]):
                at = [place[d] * strides[d] - pads[d] + k * dilations[d] for d, k in ((0, i), (1, j))]
                if 0 <= at[0] < image[2] and 0 <= at[1] < image[3]:
                    total += (x(image, ravel((batch, first + c, *at), image))
                              * w(kernel, ravel((channel, c, i, j), kernel)))
    return total


def product(a, b, bias, shapes, shape, flat, named):
    """Rows by columns of two matrices, the second as it is or transposed."""
    left, right = shapes[0], shapes[1]
    row, column = unravel(flat, shape)
    total = bias((shape[1],), column) if bias else Fraction(0)
    for k in range(math.prod(left) // shape[0]):
        place = (column, k) if named.get("transB") else (k, column)
        total += a(left, row * (math.prod(left) // shape[0]) + k) * b(right, ravel(place, right))
    return total
