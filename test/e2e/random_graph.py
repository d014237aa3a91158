# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random ONNX graphs that are valid by construction, in the manner of NNSmith (Liu et al., ASPLOS 2023):
operators are drawn one after the other, each reads values that fit its types and shapes, and where
an operator is not defined everywhere, others before it bring the values into its domain.

Every value knows its largest magnitude and by how much two sound implementations may differ in it.
So a comparison needs no tolerance of its own, and operators that jump (comparisons, roundings,
arg max) read only values that all implementations compute to the bit.
"""

import random
from dataclasses import dataclass
from typing import Tuple

import onnx_writer as onnx
from onnx_writer import BOOL, FLOAT, INT64

MAX_ELEMENTS = 2048
MAX_BOUND = 1e4
# Relative error of one float operation and of a short sum of products, generously.
EPSILON = 2e-6


def count(shape):
    product = 1
    for extent in shape:
        product *= extent
    return product


@dataclass(eq=False)
class Value:
    """A tensor of the graph. `bound`: no element is larger in magnitude; `noise`: what two
    implementations may differ by in an element, 0 where all agree to the bit."""
    name: str
    kind: int
    shape: Tuple[int, ...]
    bound: float = 1.0
    noise: float = 0.0

    @property
    def rank(self):
        return len(self.shape)

    @property
    def is_exact(self):
        return self.noise == 0


class Graph:
    """A graph that grows. Operators in random_operators.py add to it."""

    def __init__(self, seed, opset):
        self.random = random.Random(seed)
        self.opset = opset
        self.nodes, self.initializers = [], []
        self.inputs, self.values = [], []
        self.data = {}  # of inputs: name -> list
        self.used = set()
        self.operators = []
        self.serial = 0

    def name(self, prefix):
        self.serial += 1
        return f"{prefix}{self.serial}"

    # Sources

    def shape(self, lowest=0, highest=4):
        shape = [self.random.randint(1, 5) for _ in range(self.random.randint(lowest, highest))]
        while count(shape) > MAX_ELEMENTS // 4:
            shape[shape.index(max(shape))] -= 1
        return tuple(shape)

    def samples(self, kind, shape, bound=2.0, low=None):
        """Values of a tensor: floats are multiples of 1/64, so that text and bits say the same."""
        if kind == BOOL:
            return [self.random.random() < 0.5 for _ in range(count(shape))]
        low = -bound if low is None else low
        if kind == FLOAT:
            return [round(self.random.uniform(low, bound) * 64) / 64 for _ in range(count(shape))]
        return [self.random.randint(int(low), int(bound)) for _ in range(count(shape))]

    def input(self, kind=FLOAT, shape=None, bound=2.0):
        shape = self.shape() if shape is None else tuple(shape)
        value = Value(self.name("in"), kind, shape, 1 if kind == BOOL else bound)
        self.inputs.append(value)
        self.values.append(value)
        self.data[value.name] = self.samples(kind, shape, bound)
        return value

    def constant(self, kind, shape, data):
        """An initializer. The bound is that of its data."""
        name = self.name("c")
        data = list(data)
        self.initializers.append(onnx.tensor(name, shape, data, kind))
        largest = max((abs(x) for x in data), default=0)
        return Value(name, kind, tuple(shape), float(largest))

    def parameter(self, shape, bound=1.0, low=None, kind=FLOAT):
        return self.constant(kind, shape, self.samples(kind, shape, bound, low))

    def ints(self, values):
        return self.constant(INT64, (len(values),), values)

    # Nodes

    def add(self, op, inputs, outputs, attributes=(), domain="", keep=True):
        """Adds a node; `outputs` are values without names, None for one that is left out. Returns
        them. Inputs may be None where optional. `keep`: later operators may read the results."""
        name = self.name(op.lower())
        names = []
        for value in outputs:
            if value is not None:
                value.name = self.name("v")
            names.append(value.name if value is not None else "")
        self.nodes.append(onnx.node(op, [v.name if v else "" for v in inputs], names, name,
                                    attributes, domain))
        self.used |= {value.name for value in inputs if value}
        self.operators.append(op)
        if keep:
            self.values += [value for value in outputs if value is not None]
        return [value for value in outputs if value is not None]

    def one(self, op, inputs, kind, shape, bound, noise, attributes=(), domain="", keep=True):
        """A node with one result."""
        value = Value("", kind, tuple(shape), bound, noise)
        return self.add(op, inputs, [value], attributes, domain, keep)[0]

    # Choices

    def pick(self, condition=lambda value: True, kind=FLOAT):
        """Some value that fits, the newest ones more often; None if there is none."""
        fitting = [v for v in self.values if v.kind == kind and condition(v)
                   and v.bound <= MAX_BOUND and v.noise <= 1e-3 * max(1, v.bound)]
        if not fitting:
            return None
        recent = fitting[-6:]
        return self.random.choice(recent if self.random.random() < 0.7 else fitting)

    def of_rank(self, lowest, highest=None, kind=FLOAT, exact=False):
        """A value of that rank; a new input where there is none."""
        highest = highest or lowest
        value = self.pick(lambda v: lowest <= v.rank <= highest and (v.is_exact or not exact), kind)
        return value or self.input(kind, self.shape(lowest, highest), 2 if kind == FLOAT else 9)

    def any(self, kind=FLOAT, exact=False):
        return self.of_rank(0, 4, kind, exact)

    def within(self, value, low, high):
        """`value` clipped; constant bounds."""
        bounds = [self.constant(FLOAT, (), [low]), self.constant(FLOAT, (), [high])]
        bound = min(max(abs(low), abs(high)), max(value.bound, abs(low), abs(high)))
        return self.one("Clip", [value, *bounds], FLOAT, value.shape, bound, value.noise, keep=False)

    def positive(self, value, least=0.5):
        """|value| + least."""
        size = self.one("Abs", [value], FLOAT, value.shape, value.bound, value.noise, keep=False)
        return self.one("Add", [size, self.constant(FLOAT, (), [least])], FLOAT, value.shape,
                        value.bound + least, value.noise, keep=False)

    def partner(self, value, kind=None, low=None, bound=2.0):
        """A value or a constant that broadcasts to the shape of `value` and does not widen it."""
        kind = value.kind if kind is None else kind

        def fits(other):
            if other.rank > value.rank:
                return False
            return all(a in (1, b) for a, b in zip(other.shape[::-1], value.shape[::-1]))
        if low is None and self.random.random() < 0.6:
            other = self.pick(fits, kind)
            if other:
                return other
        drop = self.random.randint(0, value.rank) if self.random.random() < 0.5 else 0
        shape = [1 if self.random.random() < 0.2 else extent for extent in value.shape[drop:]]
        return self.parameter(shape, bound, low, kind)

    # Results

    def outputs(self):
        leaves = [v for v in self.values if v.name not in self.used]
        return leaves or self.values[-1:]

    def bytes(self, every=False):
        """The model. `every`: each value that a node makes becomes an output."""
        inputs = [value for value in self.inputs if value.name in self.used]
        names = {value.name for value in self.inputs}
        outputs = [v for v in (self.values if every else self.outputs()) if v.name not in names]
        return onnx.model(self.nodes, [onnx.value(v.name, v.shape, v.kind) for v in inputs],
                          [onnx.value(v.name, v.shape, v.kind) for v in outputs],
                          self.initializers, self.opset, ir_version=8 if self.opset < 20 else 10)

    def used_inputs(self):
        return [value for value in self.inputs if value.name in self.used]

    def packed(self, value):
        """The bytes of an input's data."""
        return onnx.packed(value.kind, self.data[value.name])


def lipschitz(value, factor, bound, relative=EPSILON):
    """The noise of a function of `value` with that Lipschitz constant."""
    return factor * value.noise + relative * bound
