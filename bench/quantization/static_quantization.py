# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime's static quantization, as its documentation describes it ("Quantize ONNX models", format QDQ,
defaults with per_channel=True): activations u8 with a zero point and the range of everything seen, weights i8,
symmetric, with a scale for each output channel, biases i32; a Q/DQ pair around whatever a quantized operator
reads or makes, but none between an operator and the Relu or Clip behind it; batch norms folded before.

onnxruntime's own tool is a Python package; this makes the same kind of model with what the tests have."""

import math
import os
import struct

import onnx_reader
import onnx_writer as onnx

WEIGHTED = {"Conv": 0, "ConvTranspose": 1, "Gemm": 1, "MatMul": -1}  # axis of the output channels
QUANTIZED = (*WEIGHTED, "Add", "Mul", "Concat", "GlobalAveragePool", "AveragePool", "MaxPool", "ReduceMean")
SAME_SCALE = ("MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Slice", "Pad")
ABSORBED = ("Relu", "Clip")
LEAST_OPSET = 13


class Node:
    def __init__(self, op, inputs, outputs, attributes=(), name=""):
        self.op, self.inputs, self.outputs = op, list(inputs), list(outputs)
        self.attributes, self.name = list(attributes), name

    @staticmethod
    def read(content):
        parts = list(onnx_reader.fields(content))
        texts = {field: [v.decode() for f, _, v in parts if f == field] for field in (1, 2, 3, 4)}
        return Node(texts[4][0], texts[1], texts[2], [v for f, _, v in parts if f == 5], "".join(texts[3]))

    def attribute(self, name):
        """The fields of an attribute, by number; None without it."""
        for content in self.attributes:
            parts = list(onnx_reader.fields(content))
            if next(v for f, _, v in parts if f == 1).decode() == name:
                return parts
        return None

    def integer(self, name, otherwise=0):
        parts = self.attribute(name)
        return next((v for f, _, v in parts if f == 3), 0) if parts else otherwise

    def content(self, name):
        return onnx.node(self.op, self.inputs, self.outputs, name, self.attributes)


class Graph:
    """A float model that can be changed. Constants are (shape, floats) or the bytes of other tensors."""

    def __init__(self, path):
        with open(path, "rb") as file:
            fields = list(onnx_reader.fields(file.read()))
        versions = [dict((f, v) for f, _, v in onnx_reader.fields(value)) for f, _, value in fields if f == 8]
        self.opset = max(LEAST_OPSET, *(entry[2] for entry in versions if not entry.get(1)))
        self.graph = list(onnx_reader.fields(next(v for f, _, v in fields if f == 7)))
        self.nodes = [Node.read(v) for f, _, v in self.graph if f == 1]
        self.reals, self.others = {}, {}
        for content in (v for f, _, v in self.graph if f == 5):
            self._add_constant(next(v for f, _, v in onnx_reader.fields(content) if f == 8).decode(),
                               content, os.path.dirname(path))
        for node in [node for node in self.nodes if node.op == "Constant"]:
            tensor = next(v for f, _, v in node.attribute("value") if f == 5)
            self._add_constant(node.outputs[0], tensor, os.path.dirname(path))
            self.nodes.remove(node)
        for node in self.nodes:  # attributes that later opsets have as operands
            if node.op == "Squeeze" and node.attribute("axes"):
                axes = []
                for f, wire, v in node.attribute("axes"):
                    axes += onnx_reader.varints(wire, v) if f == 8 else []
                self.others[node.outputs[0] + "_axes"] = onnx.tensor(
                    node.outputs[0] + "_axes", (len(axes),), axes, onnx.INT64)
                node.inputs.append(node.outputs[0] + "_axes")
                node.attributes = []
        (self.input,), (self.output, *_) = onnx_reader.graph_ports(path)

    def _add_constant(self, name, content, folder):
        parts = list(onnx_reader.fields(content))
        where = {}
        for entry in (v for f, _, v in parts if f == 13):
            pair = [v.decode() for f, _, v in onnx_reader.fields(entry)]
            where[pair[0]] = pair[1]
        if where:
            with open(os.path.join(folder, where["location"]), "rb") as file:
                file.seek(int(where.get("offset", 0)))
                raw = file.read(int(where["length"])) if "length" in where else file.read()
            kept = b"".join(onnx.integer(f, v) if wire == 0 else onnx.data(f, v)
                            for f, wire, v in parts if f in (1, 2, 8))
            content = kept + onnx.data(9, raw)
        kind, shape, values = onnx_reader.parse_tensor(content)
        if kind == "f32":
            self.reals[name] = (tuple(shape), list(values))
        else:
            self.others[name] = b"".join(onnx.integer(f, v) if wire == 0 else onnx.data(f, v)
                                         for f, wire, v in onnx_reader.fields(content) if f != 8
                                         ) + onnx.data(8, name)

    def is_constant(self, name):
        return name in self.reals or name in self.others

    def readers(self, name):
        return [node for node in self.nodes if name in node.inputs]

    def fold_batch_norms(self):
        for norm in [node for node in self.nodes if node.op == "BatchNormalization"]:
            conv = next((node for node in self.nodes if norm.inputs[0] in node.outputs), None)
            if not conv or conv.op != "Conv" or len(self.readers(conv.outputs[0])) != 1:
                continue
            epsilon = norm.attribute("epsilon")
            epsilon = struct.unpack("<f", next(v for f, _, v in epsilon if f == 2))[0] if epsilon else 1e-5
            gamma, beta, mean, variance = (self.reals[name][1] for name in norm.inputs[1:5])
            factor = [g / math.sqrt(v + epsilon) for g, v in zip(gamma, variance)]
            shape, weights = self.reals[conv.inputs[1]]
            size = len(weights) // shape[0]
            bias = self.reals[conv.inputs[2]][1] if len(conv.inputs) > 2 else [0.0] * shape[0]
            stem = conv.outputs[0]
            self.reals[stem + "_w"] = (shape, [w * factor[i // size] for i, w in enumerate(weights)])
            self.reals[stem + "_b"] = ((shape[0],), [(b - m) * f + t for b, m, f, t
                                                     in zip(bias, mean, factor, beta)])
            conv.inputs = [conv.inputs[0], stem + "_w", stem + "_b"]
            conv.outputs = [norm.outputs[0]]
            self.nodes.remove(norm)

    def activations(self):
        """What a quantized operator reads or makes, but for what an absorbed one reads."""
        chosen = []
        for node in self.nodes:
            if node.op not in QUANTIZED:
                continue
            data = node.inputs[:1] if node.op in ("Conv", "Gemm", "ConvTranspose") else node.inputs
            chosen += [name for name in data if name and name not in self.others]
            result = node.outputs[0]
            readers = self.readers(result)
            if len(readers) == 1 and readers[0].op in ABSORBED:
                result = readers[0].outputs[0]
            chosen.append(result)
        weights = {node.inputs[1] for node in self.nodes if node.op in WEIGHTED}
        return [name for name in dict.fromkeys(chosen) if name not in weights]

    def bytes(self, outputs=()):
        """The model; `outputs`: further ones, of floats."""
        content = b"".join(onnx.data(1, node.content(f"{node.op}_{index}"))
                           for index, node in enumerate(self.nodes)) + onnx.data(2, "graph")
        content += b"".join(onnx.data(5, onnx.tensor(name, shape, values))
                            for name, (shape, values) in self.reals.items())
        content += b"".join(onnx.data(5, tensor) for tensor in self.others.values())
        given = set(self.reals) | set(self.others)
        for field, _, value in self.graph:
            name = next(v for f, _, v in onnx_reader.fields(value) if f == 1) if field in (11, 12) else b""
            if field == 12 or (field == 11 and name.decode() not in given):
                content += onnx.data(field, value)
        for name in outputs:
            content += onnx.data(12, onnx.data(1, name) + onnx.data(2, onnx.data(1, onnx.integer(1, 1))))
        opset = onnx.data(8, onnx.data(1, "") + onnx.integer(2, self.opset))
        return onnx.integer(1, 8) + onnx.data(7, content) + opset


def activation_params(low, high):
    """Scale and zero point of u8 for a range that holds 0."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255 or 1.0
    scale = struct.unpack("<f", struct.pack("<f", scale))[0]
    return scale, min(255, max(0, round(-low / scale)))


class Quantizer:
    def __init__(self, graph, ranges):
        """`ranges`: (least, largest) of each activation."""
        self.graph = graph
        self.nodes, self.made, self.params = [], {}, {}
        for name, ends in ranges.items():
            source = self._source(name)
            self.params[name] = activation_params(*ranges.get(source, ends))

    def constant(self, name, shape, values, kind):
        self.graph.others[name] = onnx.tensor(name, shape, values, kind)
        return name

    def _source(self, name):
        """The tensor whose integers `name` has, moved or chosen from."""
        producer = next((node for node in self.graph.nodes if name in node.outputs), None)
        return self._source(producer.inputs[0]) if producer and producer.op in SAME_SCALE else name

    def activation(self, name):
        """The name of `name` after Q and DQ."""
        if name not in self.made:
            scale, zero = self.params[name]
            operands = [self.constant(name + "_s", (), [scale], onnx.FLOAT),
                        self.constant(name + "_z", (), [zero], onnx.UINT8)]
            self.nodes += [Node("QuantizeLinear", [name, *operands], [name + "_q"]),
                           Node("DequantizeLinear", [name + "_q", *operands], [name + "_dq"])]
            self.made[name] = name + "_dq"
        return self.made[name]

    def weights(self, node):
        """Replaces weights and bias of a node by integers with a DQ."""
        name = node.inputs[1]
        shape, values = self.graph.reals[name]
        axis = WEIGHTED[node.op] % len(shape)
        if node.op == "Gemm" and node.integer("transB"):
            axis = 0
        inner = math.prod(shape[axis + 1:])
        channels = shape[axis]
        largest = [0.0] * channels
        for index, value in enumerate(values):
            channel = index // inner % channels
            largest[channel] = max(largest[channel], abs(value))
        scales = [most / 127 or 1.0 for most in largest]
        integers = [min(127, max(-127, round(value / scales[index // inner % channels])))
                    for index, value in enumerate(values)]
        stem = node.outputs[0]
        operands = [self.constant(stem + "_wq", shape, integers, onnx.INT8),
                    self.constant(stem + "_ws", (channels,), scales, onnx.FLOAT),
                    self.constant(stem + "_wz", (channels,), [0] * channels, onnx.INT8)]
        self.nodes.append(Node("DequantizeLinear", operands, [stem + "_wdq"],
                               [onnx.attribute_int("axis", axis)]))
        node.inputs[1] = stem + "_wdq"
        if len(node.inputs) > 2 and node.inputs[2] in self.graph.reals and node.op != "MatMul":
            scale = self.params[node.inputs[0]][0]
            steps = [scale * s for s in scales]
            bias = self.graph.reals[node.inputs[2]][1]
            operands = [self.constant(stem + "_bq", (channels,), [round(b / s) for b, s in zip(bias, steps)],
                                      onnx.INT32),
                        self.constant(stem + "_bs", (channels,), steps, onnx.FLOAT),
                        self.constant(stem + "_bz", (channels,), [0] * channels, onnx.INT32)]
            self.nodes.append(Node("DequantizeLinear", operands, [stem + "_bdq"],
                                   [onnx.attribute_int("axis", 0)]))
            node.inputs[2] = stem + "_bdq"

    def run(self):
        wanted = set(self.params)
        for node in self.graph.nodes:
            if node.op in WEIGHTED and node.inputs[1] in self.graph.reals:
                self.weights(node)
            reads = [name for name in node.inputs if name in wanted]
            node.inputs = [self.activation(name) if name in reads else name for name in node.inputs]
            self.nodes.append(node)
        if self.graph.output in wanted:  # the model's result goes through Q and DQ too
            for node in self.nodes:
                if node.outputs == [self.graph.output]:
                    node.outputs = [self.graph.output + "_float"]
            scale, zero = self.params[self.graph.output]
            operands = [self.constant("out_s", (), [scale], onnx.FLOAT),
                        self.constant("out_z", (), [zero], onnx.UINT8)]
            self.nodes += [Node("QuantizeLinear", [self.graph.output + "_float", *operands], ["out_q"]),
                           Node("DequantizeLinear", ["out_q", *operands], [self.graph.output])]
        self.graph.nodes = self.nodes
        return self.graph
