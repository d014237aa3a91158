# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""VGG-8 for images of 32 x 32, the network of NeuroSim's examples: six 3 x 3 convolutions of 128, 128, 256,
256, 512 and 512 channels with a pooling behind each second one, then 1024 and 10 outputs. Weights are
drawn at random: what an inference costs does not depend on them."""

import array
import os
import random

import npy
import onnx_writer as onnx

CHANNELS = (3, 128, 128, 256, 256, 512, 512)


def _weights(draw, count):
    """`count` numbers, repeated from a block of a prime length: drawing millions takes seconds."""
    block = array.array("f", (draw.gauss(0, 0.03) for _ in range(min(count, 65521))))
    return (block * (count // len(block) + 1))[:count]


def write(folder):
    """Returns the paths of the model and of an image for it."""
    draw = random.Random(8)
    nodes, constants, last = [], [], "x"

    def add(op, inputs, name, attributes=()):
        nonlocal last
        nodes.append(onnx.node(op, [last, *inputs], [name], name, attributes))
        last = name

    def constant(name, shape):
        count = 1
        for extent in shape:
            count *= extent
        constants.append(onnx.tensor(name, shape, _weights(draw, count)))
        return name

    for i, (inner, outer) in enumerate(zip(CHANNELS, CHANNELS[1:]), 1):
        add("Conv", [constant(f"w{i}", [outer, inner, 3, 3])], f"conv{i}",
            [onnx.attribute_ints("pads", [1] * 4), onnx.attribute_ints("kernel_shape", [3, 3])])
        add("Relu", [], f"relu{i}")
        if i % 2 == 0:
            add("MaxPool", [], f"pool{i}", [onnx.attribute_ints("kernel_shape", [2, 2]),
                                            onnx.attribute_ints("strides", [2, 2])])
    add("Flatten", [], "flatten")
    add("MatMul", [constant("w7", [8192, 1024])], "fc1")
    add("Relu", [], "relu7")
    add("MatMul", [constant("w8", [1024, 10])], "fc2")
    model, images = os.path.join(folder, "vgg8.onnx"), os.path.join(folder, "vgg8.npy")
    with open(model, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value("x", [1, 3, 32, 32])],
                              [onnx.value(last, [1, 10])], constants))
    npy.write(images, "<f4", (1, 3, 32, 32),
              array.array("f", (draw.random() for _ in range(3 * 32 * 32))).tobytes())
    return model, images
