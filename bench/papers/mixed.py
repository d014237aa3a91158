# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A processor with and without a co-processor of analog layers: convolutional networks whose fully connected
layers are ternary, with sigmoid neurons behind the sign of the features. Weights of VGG are drawn at random:
what an inference costs does not depend on them."""

import array
import os
import random

from measure import Workload

import npy
import onnx_writer as onnx
from harness import DIGITS

# Channels of 3 x 3 convolutions; a pooling of 2 x 2 behind each group.
VGG16 = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
VGG8 = ((128, 128), (256, 256), (512, 512))
NETWORKS = (("VGG-16, classifier of 512-10", VGG16, (512, 512, 10)),
            ("VGG-16, classifier of 4096-4096-10", VGG16, (512, 4096, 4096, 10)),
            ("VGG-8", VGG8, (8192, 1024, 10)))


class Weights:
    """Numbers repeated from a block of a prime length: drawing millions takes seconds."""

    def __init__(self):
        draw = random.Random(8)
        self.floats = array.array("f", (draw.gauss(0, 0.03) for _ in range(65521)))
        self.ternary = array.array("f", (draw.choice((-0.25, 0.0, 0.25)) for _ in range(65521)))

    @staticmethod
    def take(block, count):
        return (block * (count // len(block) + 1))[:count]


def write_vgg(folder, groups, sizes):
    """Returns the paths of the model and of an image for it."""
    weights, nodes, constants, last = Weights(), [], [], "x"

    def add(op, inputs, name, attributes=()):
        nonlocal last
        nodes.append(onnx.node(op, [last, *inputs], [name], name, attributes))
        last = name

    def constant(name, shape, block):
        count = 1
        for extent in shape:
            count *= extent
        constants.append(onnx.tensor(name, shape, weights.take(block, count)))
        return name

    channels = 3
    for g, group in enumerate(groups, 1):
        for c, outer in enumerate(group, 1):
            add("Conv", [constant(f"w{g}_{c}", [outer, channels, 3, 3], weights.floats)], f"conv{g}_{c}",
                [onnx.attribute_ints("pads", [1] * 4), onnx.attribute_ints("kernel_shape", [3, 3])])
            add("Relu", [], f"relu{g}_{c}")
            channels = outer
        add("MaxPool", [], f"pool{g}", [onnx.attribute_ints("kernel_shape", [2, 2]),
                                        onnx.attribute_ints("strides", [2, 2])])
    add("Flatten", [], "flatten")
    add("Sign", [], "sign")
    for i, (inner, outer) in enumerate(zip(sizes, sizes[1:]), 1):
        add("Gemm", [constant(f"fc{i}_w", [outer, inner], weights.ternary),
                     constant(f"fc{i}_b", [outer], weights.ternary)], f"fc{i}",
            [onnx.attribute_int("transB", 1)])
        add("Sigmoid", [], f"neurons{i}")
    model, images = os.path.join(folder, "vgg.onnx"), os.path.join(folder, "vgg.npy")
    with open(model, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value("x", [1, 3, 32, 32])], [onnx.value(last, [1, 10])],
                              constants))
    npy.write(images, "<f4", (1, 3, 32, 32), weights.take(weights.floats, 3 * 32 * 32).tobytes())
    return model, images


def arrays_for(sizes, side=32):
    """Of `side` x `side` weights: partitions along the inputs and the bias, times those along the outputs."""
    return sum(-(-(inner + 1) // side) * -(-outer // side) for inner, outer in zip(sizes, sizes[1:]))


def workloads(folder):
    """Yields networks with the sizes of their classifiers; each is gone with the next."""
    yield Workload("LeNet-5", os.path.join(DIGITS, "lenet5-analog.onnx"), ("--scale", "1/255"),
                   os.path.join(DIGITS, "test-images-idx3-ubyte.gz"),
                   os.path.join(DIGITS, "test-labels-idx1-ubyte.gz")), (400, 120, 84, 10)
    for name, groups, sizes in NETWORKS:
        model, images = write_vgg(folder, groups, sizes)
        yield Workload(name, model, (), images, None), sizes
