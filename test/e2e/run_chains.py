#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of 20,000 nodes, one behind the other, of data or of constants: what walks through a graph must not call
itself for every node, nor look at all nodes for each. They compile for the host and for a chip and compute what
one node does. --full adds a network of so many convolutions."""

import array
import os
import sys

import harness
import npy
import onnx_writer as onnx
from harness import expect

LENGTH = 20_000  # even, so that pairs of nodes cancel
SHAPE = (1, 2, 4, 4)
CONSTANTS = [onnx.tensor("shape", (4,), SHAPE, onnx.INT64), onnx.tensor("begin", (1,), (0,), onnx.INT64),
             onnx.tensor("end", (1,), (100,), onnx.INT64), onnx.tensor("constant", SHAPE, [0.5] * 32),
             onnx.tensor("swap", (2, 2, 1, 1), (0.0, 1.0, 1.0, 0.0))]
# Operator, operands behind the first, attributes; each leaves what is not negative as it is, or two of it do.
KINDS = {
    "Relu": ((), ()),
    "Neg": ((), ()),
    "Identity": ((), ()),
    "Reshape": (("shape",), ()),
    "Concat": ((), (onnx.attribute_int("axis", 1),)),
    "Transpose": ((), (onnx.attribute_ints("perm", (0, 1, 3, 2)),)),
    "Slice": (("begin", "end"), ()),
    "MaxPool": ((), (onnx.attribute_ints("kernel_shape", (1, 1)),)),
}
ONLY_DATA = ("MaxPool",)
LONG = {"Conv": (("swap",), ())}  # minutes


def chain(operator, operands, attributes, first):
    names = [first] + [f"v{index}" for index in range(LENGTH)]
    nodes = [onnx.node(operator, [taken, *operands], [made], f"n{index}", attributes)
             for index, (taken, made) in enumerate(zip(names, names[1:]))]
    return nodes, names[-1]


def write_model(path, kind, of_data):
    nodes, last = chain(*kind, "x" if of_data else "constant")
    nodes.append(onnx.node("Relu", [last], ["y"]) if of_data else onnx.node("Add", ["x", last], ["y"], "last"))
    with open(path, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value("x", SHAPE)], [onnx.value("y", SHAPE)], CONSTANTS))


def check(tools, folder, kind, of_data, target):
    model, program = os.path.join(folder, "chain.onnx"), os.path.join(folder, "chain.pimb")
    samples, results = os.path.join(folder, "x.npy"), os.path.join(folder, "y.npz")
    write_model(model, kind, of_data)
    values = array.array("f", (index / 32 for index in range(32)))
    npy.write(samples, "<f4", SHAPE, values.tobytes())
    tools.succeed("pimc", model, "-o", program, "--target", target, "--calibrate", samples, "--quiet", timeout=600)
    tools.succeed("pim-run", program, "--input", samples, "--output", results, "--quiet",
                  *(() if target == "host" else ("--check",)), timeout=600)
    _, _, found = npy.read_npz(results)["y"]
    allowed = 1e-6 if target == "host" else 0.02  # some steps of 8 bits
    worst = max(abs(y - x - (0 if of_data else 0.5)) for x, y in zip(values, found))
    expect(len(found) == len(values) and worst <= allowed, f"a result is off by {worst:.3g}")


def main():
    options = harness.make_parser(__doc__).parse_args()
    tools = harness.Tools(options.build)
    results = harness.Results("chains")
    with harness.scratch() as folder:
        for operator, kind in (KINDS | LONG if options.full else KINDS).items():
            for of_data in (True, False):
                if not of_data and operator in (*ONLY_DATA, *LONG):
                    continue
                for target in ("host", "sot-and"):
                    results.run(f"{LENGTH:,} {operator} of {'data' if of_data else 'constants'}, {target}",
                                check, tools, folder, (operator, *kind), of_data, target)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
