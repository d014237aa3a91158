#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares models that arrive quantized with onnxruntime, layer by layer: each layer, from the integers
that it reads to those that it writes, is cut out as a model of its own, compiled for a chip and given
onnxruntime's integers. At least 99.9 % of the results must be onnxruntime's, the others one step off; and each of
these must lie halfway between two integers, as far as floats can tell, when computed without any rounding.
Needs onnxruntime (npm install in bench/speed) and ../shared/data. Without --full: the small models."""

import glob
import os
import struct
import sys

import harness
import npy
import onnx_reader
import onnx_writer as onnx
from exact_layers import ExactLayer
from harness import expect
from ort_runner import Runtime

QUICK = ("cifar10_resnet8_int8_qdq", "kws_dscnn_int8_qdq", "cifar10_tinymobilenet_int8_qlinear")
LONG = ("vww_mobilenet_int8_qdq", "imagenet_mobilenetv1_025_128_qdq", "imagenet_mobilenetv2_int8_qdq")
CHIP = "sot-and"
EQUAL = 0.999
# How far from halfway between two integers, in steps, a result may lie whose rounding the last bits of
# onnxruntime's floats decide.
LAST_BITS = 1e-4
# Where the integers of a QLinear operator are among its inputs and what scales them:
# [(integers, scale, zero point)...], (scale, zero point) of the result.
QLINEAR = {
    "QLinearConv": ([(0, 1, 2)], (6, 7)), "QLinearMatMul": ([(0, 1, 2)], (6, 7)),
    "QGemm": ([(0, 1, 2)], (7, 8)), "QLinearAdd": ([(0, 1, 2), (3, 4, 5)], (6, 7)),
    "QLinearMul": ([(0, 1, 2), (3, 4, 5)], (6, 7)),
    "QLinearGlobalAveragePool": ([(0, 1, 2)], (3, 4)), "QLinearAveragePool": ([(0, 1, 2)], (3, 4)),
    "QLinearLeakyRelu": ([(0, 1, 2)], (3, 4)), "QLinearSigmoid": ([(0, 1, 2)], (3, 4)),
}


class Node:
    def __init__(self, content):
        self.content = content
        values = {}
        for field, _, value in onnx_reader.fields(content):
            values.setdefault(field, []).append(value)
        self.inputs = [name.decode() for name in values.get(1, [])]
        self.outputs = [name.decode() for name in values.get(2, [])]
        self.op = values[4][0].decode()
        self.name = values.get(3, [b""])[0].decode() or self.outputs[0]


class Model:
    """A model whose parts can be taken out; every part keeps the bytes of its nodes."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.fields = list(onnx_reader.fields(file.read()))
        self.graph = list(onnx_reader.fields(next(v for f, _, v in self.fields if f == 7)))
        self.nodes = [Node(value) for field, _, value in self.graph if field == 1]
        self.initializers = {}
        for field, _, value in self.graph:
            if field == 5:
                name = next(v for f, _, v in onnx_reader.fields(value) if f == 8)
                self.initializers[name.decode()] = value
        self.producer = {name: node for node in self.nodes for name in node.outputs}

    def _pack(self, graph):
        out = b"".join(onnx.integer(f, v) if wire == 0 else onnx.data(f, v)
                       for f, wire, v in self.fields if f in (1, 8))
        return out + onnx.data(7, graph)

    def exposing(self, names):
        """The model with more outputs: {name: element type}."""
        graph = b"".join(onnx.integer(f, v) if wire == 0 else onnx.data(f, v)
                         for f, wire, v in self.graph)
        for name, kind in names.items():
            # A type without a shape.
            graph += onnx.data(12, onnx.data(1, name) + onnx.data(2, onnx.data(1, onnx.integer(1, kind))))
        return self._pack(graph)

    def part(self, nodes, inputs, output, extra):
        """The model of some nodes; `inputs`: {name: shape} of floats, `extra`: nodes around them."""
        used = {name for node in nodes for name in node.inputs}
        used |= {name for content in extra for name in Node(content).inputs}
        made = {name for node in nodes for name in node.outputs}
        content = b"".join(onnx.data(1, node) for node in extra[:-1])
        content += b"".join(onnx.data(1, node.content) for node in nodes)
        content += onnx.data(1, extra[-1]) + onnx.data(2, "part")
        content += b"".join(onnx.data(5, self.initializers[name]) for name in sorted(used - made)
                            if name in self.initializers)
        content += b"".join(onnx.data(11, onnx.value(name, shape)) for name, shape in inputs.items())
        content += onnx.data(12, onnx.value(output, ("?",)))
        return self._pack(content)

    def number(self, name):
        """An initializer's one value."""
        return onnx_reader.parse_tensor(self.initializers[name])[2][0] if name else 0


class Layer:
    """From integers to integers: sources and result are (name, scale, zero point), by names."""

    def __init__(self, name, nodes, sources, result):
        self.name, self.nodes, self.sources, self.result = name, nodes, sources, result


def qdq_layer(model, quantize):
    """The nodes behind a QuantizeLinear, back to the integers that they read; None without any."""
    nodes, sources, seen, queue = [], [], set(), [quantize]
    while queue:
        node = queue.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        nodes.append(node)
        for name in node.inputs:
            maker = model.producer.get(name)
            if node.op == "DequantizeLinear" and name == node.inputs[0]:
                if maker:
                    sources.append((name, node.inputs[1], node.inputs[2]))
            elif maker:
                queue.append(maker)
            elif name and name not in model.initializers:
                return None  # reads the model's floats
    nodes.sort(key=model.nodes.index)
    if not sources or len(nodes) < 3:
        return None
    return Layer(quantize.name, nodes, sources, (quantize.outputs[0], *quantize.inputs[1:3]))


def layers_of(model):
    layers = []
    for node in model.nodes:
        if node.op == "QuantizeLinear":
            layers.append(qdq_layer(model, node))
        elif node.op in QLINEAR:
            operands, (scale, zero) = QLINEAR[node.op]
            sources = [tuple(node.inputs[i] for i in places) for places in operands]
            if all(name in model.producer for name, _, _ in sources):
                layers.append(Layer(node.name, [node], sources,
                                    (node.outputs[0], node.inputs[scale], node.inputs[zero])))
    return [layer for layer in layers if layer]


def kind_of(model, zero):
    return next(v for f, _, v in onnx_reader.fields(model.initializers[zero]) if f == 2)


def run_layer(tools, model, layer, integers, folder):
    """Returns how many values there are, which differ, and the largest difference."""
    extra, inputs, arguments, nodes = [], {}, [], list(layer.nodes)
    for index, (name, scale, zero) in enumerate(dict.fromkeys(layer.sources)):
        shape, values = integers[name]
        s, z = model.number(scale), model.number(zero)
        path = os.path.join(folder, f"source-{index}.npy")
        npy.write(path, "<f4", shape, struct.pack(f"<{len(values)}f", *((v - z) * s for v in values)))
        # The chip's inputs are reals; these round to onnxruntime's integers.
        extra.append(onnx.node("QuantizeLinear", [f"source-{index}", scale, zero], [name],
                               f"source-{index}"))
        inputs[f"source-{index}"] = shape
        arguments += ["--input", f"source-{index}={path}"]
    name, scale, zero = layer.result
    extra.append(onnx.node("DequantizeLinear", [name, scale, zero], ["result"], "result"))
    path, program = os.path.join(folder, "part.onnx"), os.path.join(folder, "part.pimb")
    with open(path, "wb") as file:
        file.write(model.part(nodes, inputs, "result", extra))
    tools.succeed("pimc", path, "-o", program, "--target", CHIP, "--quiet", timeout=120)
    tools.succeed("pim-run", program, *arguments, "--output", os.path.join(folder, "out.npz"),
                  "--quiet", timeout=120)
    _, shape, found = npy.read_npz(os.path.join(folder, "out.npz"))["result"]
    wanted_shape, wanted = integers[name]
    expect(tuple(shape) == tuple(wanted_shape), f"layer '{layer.name}': shape {tuple(shape)}, "
           f"onnxruntime gives {tuple(wanted_shape)}")
    s, z = model.number(scale), model.number(zero)
    differences = [abs(round(a / s) + z - b) for a, b in zip(found, wanted)]
    return len(wanted), [at for at, d in enumerate(differences) if d], max(differences)


def run_model(tools, runtime, name, folder, rows):
    path = glob.glob(os.path.join(harness.SHARED_DATA, "models", name, "*.onnx"))[0]
    model = Model(path)
    layers = layers_of(model)
    expect(layers, "no layer from integers to integers")
    exposed = {}
    for layer in layers:
        for value, _, zero in [*layer.sources, layer.result]:
            exposed[value] = kind_of(model, zero)
    for output in onnx_reader.graph_ports(path)[1]:
        exposed.pop(output, None)
    whole = os.path.join(folder, name + ".onnx")
    with open(whole, "wb") as file:
        file.write(model.exposing(exposed))
    inputs = {}
    for index, port in enumerate(onnx_reader.graph_ports(path)[0]):
        _, shape, values = onnx_reader.read_tensor(
            os.path.join(os.path.dirname(path), "test_data_set_0", f"input_{index}.pb"))
        raw = os.path.join(folder, f"input-{index}.bin")
        with open(raw, "wb") as file:
            file.write(struct.pack(f"<{len(values)}f", *values))
        inputs[port] = ("float32", shape, raw)
    integers = runtime.run(whole, inputs, folder)
    total, differing, exact = 0, 0, ExactLayer(model, integers)
    worst, farthest = (0.0, ""), 0.0
    for layer in layers:
        count, wrong, step = run_layer(tools, model, layer, integers, folder)
        expect(step <= 1, f"layer '{layer.name}' differs by {step} steps ({len(wrong)} of {count} values)")
        worst = max(worst, (len(wrong) / count, layer.name))
        for at in wrong:
            distance = float(exact.from_half(layer, at))
            expect(distance <= LAST_BITS, f"layer '{layer.name}' differs in value {at}, which lies {distance:.2g} "
                   "steps from halfway between two integers")
            farthest = max(farthest, distance)
        total += count
        differing += len(wrong)
    expect(differing <= total * (1 - EQUAL), f"{differing} of {total} values differ")
    rows.append(f"{name:36} {len(layers):6} {total:9} {differing:9} {100 - 100 * differing / total:9.4f}"
                f" {farthest:9.1e} {100 * worst[0]:8.3f} {worst[1]}")


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--model", action="append", help="only this one (repeatable)")
    options = parser.parse_args()
    results = harness.Results("quantized-layers")
    names = options.model or QUICK + (LONG if options.full else ())
    missing = Runtime.missing()
    if missing:
        results.skip("all models", missing)
        print(f"quantized-layers: {missing}")
        return results.finish(options.results)
    runtime, rows = Runtime(), []
    with harness.scratch() as folder:
        for name in names:
            results.run(name, run_model, harness.Tools(options.build), runtime, name, folder, rows)
    runtime.close()
    print(f"{'model':36} {'layers':>6} {'values':>9} {'differ':>9} {'equal %':>9} {'from half':>9} {'worst %':>8}")
    print("\n".join(rows))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
