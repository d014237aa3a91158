# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Integer TOSA as text, as front ends write it that take quantized networks: just enough for the
end-to-end tests."""


def tensor(shape, element):
    return "tensor<" + "".join(f"{extent}x" for extent in shape) + element + ">"


def nested(shape, values):
    """`values`, an iterator, as MLIR writes the elements of a tensor of `shape`."""
    if not shape:
        return str(next(values))
    return "[" + ", ".join(nested(shape[1:], values) for _ in range(shape[0])) + "]"


class Function:
    """A function `main`; methods add an op and return its result, (name, shape, element)."""

    def __init__(self, *inputs):
        """`inputs`: (shape, element)."""
        self.inputs = [(f"%x{i}", *port) for i, port in enumerate(inputs)]
        self.lines = []

    def add(self, text, shape, element):
        name = f"%{len(self.lines)}"
        self.lines.append(f"  {name} = {text} -> {tensor(shape, element)}")
        return name, tuple(shape), element

    def op(self, name, operands, shape, element, attributes=""):
        types = ", ".join(kind if isinstance(kind, str) else tensor(kind, of)
                          for _, kind, of in operands)
        values = ", ".join(operand[0] for operand in operands)
        return self.add(f"tosa.{name} {values} {attributes} : ({types})", shape, element)

    def constant(self, shape, values, element="i8"):
        value = nested(shape, iter(values))
        return self.add(f'"tosa.const"() {{values = dense<{value}> : {tensor(shape, element)}}} : ()',
                        shape, element)

    def scalar(self, value, element="i8"):
        return self.constant((1,), (value,), element)

    def shape(self, extents):
        name = f"%{len(self.lines)}"
        self.lines.append(f"  {name} = tosa.const_shape {{values = dense<{list(extents)}> : "
                          f"tensor<{len(extents)}xindex>}} : () -> !tosa.shape<{len(extents)}>")
        return name, f"!tosa.shape<{len(extents)}>", ""

    def convolve(self, value, weights, bias, zero, pad=(0, 0, 0, 0), stride=1):
        """conv2d, or depthwise_conv2d for weights [rows, columns, channels, 1]; sums of 32 bits."""
        is_depthwise = weights[1][3] == 1 and weights[1][2] == value[1][3] > 1
        kernel, outputs = ((weights[1][:2], value[1][3]) if is_depthwise
                           else (weights[1][1:3], weights[1][0]))
        extents = [(value[1][i + 1] + pad[2 * i] + pad[2 * i + 1] - kernel[i]) // stride + 1
                   for i in (0, 1)]
        attributes = (f"{{acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: "
                      f"{', '.join(map(str, pad))}>, stride = array<i64: {stride}, {stride}>}}")
        return self.op("depthwise_conv2d" if is_depthwise else "conv2d",
                       (value, weights, bias, self.scalar(zero), self.scalar(0)),
                       (value[1][0], *extents, outputs), "i32", attributes)

    def rescale(self, value, factor, zero_in, zero_out, element, rounding="DOUBLE_ROUND",
                is_unsigned=False):
        """`factor`: of the real numbers, below 2^30; its 31 leading bits are taken."""
        shift = 30
        while factor < 1:
            factor, shift = factor * 2, shift + 1
        while factor >= 2:
            factor, shift = factor / 2, shift - 1
        attributes = (f"{{input_unsigned = {str(is_unsigned).lower()}, output_unsigned = false, "
                      f"per_channel = false, rounding_mode = {rounding}, scale32 = true}}")
        return self.op("rescale", (value, self.scalar(int(factor * (1 << 30)), "i32"),
                                   self.scalar(shift), self.scalar(zero_in, value[2]),
                                   self.scalar(zero_out, element)), value[1], element, attributes)

    def reshape(self, value, shape):
        return self.op("reshape", (value, self.shape(shape)), shape, value[2])

    def text(self, *outputs):
        arguments = ", ".join(f"{name}: {tensor(*port)}" for name, *port in self.inputs)
        types = ", ".join(tensor(*port) for _, *port in outputs)
        names = ", ".join(name for name, *_ in outputs)
        return "\n".join((f"func.func @main({arguments}) -> ({types}) {{", *self.lines,
                          f"  return {names} : {types}", "}", ""))
