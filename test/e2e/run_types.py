#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element types of 8 bits and less on the host: what Cast, QuantizeLinear and DequantizeLinear make of
them, and how several elements lie in a byte. What is expected is computed here, from the list of all
numbers of a type, not from their bits: the nearest is searched."""

import array
import math
import os
import random
import sys

import harness
import npy
import onnx_reader
import onnx_writer as onnx
from harness import expect
from onnx_writer import FLOAT, INT8

# ONNX numbers.
E4M3FN, E4M3FNUZ, E5M2, E5M2FNUZ, UINT4, INT4, E2M1, E8M0, UINT2, INT2 = range(17, 27)
VALUES = (E4M3FN, E4M3FNUZ, E5M2, E5M2FNUZ, E2M1)
INTEGERS = (UINT4, INT4, UINT2, INT2)
BITS = {E2M1: 4, UINT4: 4, INT4: 4, UINT2: 2, INT2: 2}
# Types without an infinity, and what stands for NaN where there is none.
FINITE, NAN = (E4M3FN, E4M3FNUZ, E5M2FNUZ, E2M1), {E2M1: -0.0}
OPSET, IR_VERSION = 25, 13


def name_of(kind):
    return onnx_reader.TYPES[kind][0]


def numbers_of(kind):
    """All numbers of a type, each with its code."""
    codes = range(1 << BITS.get(kind, 8))
    data = [onnx_reader.parse_tensor(onnx.coded_tensor("c", (1,), [code], kind))[2][0] for code in codes]
    return [(number, code) for code, number in zip(codes, data) if math.isfinite(number)]


def nearest(kind, x):
    """Halves go to the even code; by magnitude, so that the sign of zero is kept where there is one."""
    magnitudes = sorted({(number, code) for number, code in numbers_of(kind) if math.copysign(1, number) > 0})
    number, _ = min(magnitudes, key=lambda entry: (abs(entry[0] - abs(x)), entry[1] % 2))
    return math.copysign(number, x)


def cast_float(kind, x, saturate):
    """The tables of ONNX, "Float stored in 8 bits" and "Float stored in 4 bits"."""
    if math.isnan(x):
        return NAN.get(kind, math.nan)
    numbers = sorted(number for number, _ in numbers_of(kind))
    # From half a step above the largest on, a number is rounded away; that half itself goes to the even.
    step = numbers[-1] - numbers[-2]
    is_even = dict(numbers_of(kind))[numbers[-1]] % 2 == 0
    limit = numbers[-1] + step / 2
    if abs(x) < limit or (abs(x) == limit and is_even):
        # Where minus zero is NaN there is but one zero.
        return nearest(kind, x) + (0.0 if kind in (E4M3FNUZ, E5M2FNUZ) else -0.0)
    if saturate or kind == E2M1:
        return math.copysign(numbers[-1], x)
    return math.nan if kind in FINITE else math.copysign(math.inf, x)


def cast_scale(x, saturate, mode):
    """A power of two from 2^-127 to 2^127; x is not negative."""
    if math.isnan(x):
        return x
    if x < 2.0**-127:
        return 2.0**-127 if saturate else math.nan
    low = 2.0 ** math.floor(math.log2(x)) if math.isfinite(x) else math.inf
    up = {"up": x > low, "down": False, "nearest": x - low >= 2 * low - x}[mode] if math.isfinite(x) else False
    result = 2 * low if up else low
    return result if result <= 2.0**127 else 2.0**127 if saturate else math.nan


def cast_integer(kind, x):
    """Rounded, halves to even (ONNX, "4 bit integer types"); then the lowest bits."""
    bits = BITS[kind]
    value = round(x) & (1 << bits) - 1
    return value - (1 << bits) if kind in (INT4, INT2) and value >> (bits - 1) else value


def as_float(x):
    """Rounded to 32 bits."""
    return array.array("f", [x])[0]


def run_model(tools, folder, nodes, inputs, outputs, constants=(), opset=OPSET):
    """`inputs`: {name: (kind, shape, content of its file)}, `outputs`: {name: (kind, shape)}."""
    model, program, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".npz"))
    with open(model, "wb") as file:
        file.write(onnx.model(nodes, [onnx.value(name, shape, kind) for name, (kind, shape, _) in inputs.items()],
                              [onnx.value(name, shape, kind) for name, (kind, shape) in outputs.items()],
                              constants, opset, IR_VERSION))
    arguments = []
    for name, (_, _, content) in inputs.items():
        path = os.path.join(folder, name + ".pb")
        with open(path, "wb") as file:
            file.write(content)
        arguments += ["--input", f"{name}={path}"]
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    tools.succeed("pim-run", program, *arguments, "--output", result, "--quiet")
    return {name: list(values) for name, (_, _, values) in npy.read_npz(result).items()}


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


def expect_all(found, wanted, given, what):
    expect(len(found) == len(wanted), f"{what}: {len(found)} values, expected {len(wanted)}")
    for a, b, x in zip(found, wanted, given):
        expect(same(a, b), f"{what}: {x!r} becomes {a!r}, expected {b!r}")


def packed_bytes(kind, codes):
    """Several codes to a byte, the first in the lowest bits."""
    bits = BITS.get(kind, 8)
    out = bytearray((len(codes) * bits + 7) // 8)
    for index, code in enumerate(codes):
        out[index * bits // 8] |= (code & (1 << bits) - 1) << index * bits % 8
    return bytes(out)


def cast(to, source, target, **attributes):
    given = [onnx.attribute_int("to", to)]
    for name, value in attributes.items():
        given.append(onnx.attribute_string(name, value) if isinstance(value, str) else onnx.attribute_int(name, value))
    return onnx.node("Cast", [source], [target], target, given)


def samples(kind):
    """Numbers of the type, the middles of neighbours and what lies beside them, the edges, and others."""
    generator = random.Random(kind)
    numbers = sorted(number for number, _ in numbers_of(kind))
    numbers = numbers[::max(1, len(numbers) // 24)] + numbers[-3:]
    values = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e30, -1e30, 1e-30]
    for low, high in zip(numbers, numbers[1:]):
        values += [low, (low + high) / 2, low + (high - low) * 0.499, low + (high - low) * 0.501]
    values += [numbers[-1] + (numbers[-1] - numbers[-2]) * part for part in (0.4, 0.5, 0.6, 1)]
    values += [generator.uniform(-2, 2) * 2.0 ** generator.randint(-12, 12) for _ in range(40)]
    return [as_float(value) for value in values]


def cast_to_floats(tools, folder, kind):
    given = samples(kind)
    shape = (len(given),)
    nodes = [cast(kind, "x", "a"), cast(kind, "x", "b", saturate=0), cast(FLOAT, "b", "c")]
    found = run_model(tools, folder, nodes, {"x": (FLOAT, shape, onnx.tensor("x", shape, given))},
                      {"a": (kind, shape), "b": (kind, shape), "c": (FLOAT, shape)})
    for name, saturate in (("a", True), ("b", False), ("c", False)):
        expect_all(found[name], [cast_float(kind, x, saturate) for x in given], given, name)


def cast_to_scales(tools, folder):
    generator = random.Random(8)
    given = [0.0, math.inf, math.nan, 1.0, 1.5, 3.0, 1.4999, 2.0**-127, 2.0**127, 1.25 * 2.0**127, 1.75 * 2.0**127, 2.0**-128, 1e-40]
    given = [as_float(value) for value in given + [generator.uniform(1, 2) * 2.0 ** generator.randint(-120, 120) for _ in range(50)]]
    shape = (len(given),)
    ways = [(mode, saturate) for mode in ("up", "down", "nearest") for saturate in (1, 0)]
    nodes = [cast(E8M0, "x", f"y{index}", round_mode=mode, saturate=saturate) for index, (mode, saturate) in enumerate(ways)]
    nodes.append(cast(E8M0, "x", "plain"))
    outputs = {f"y{index}": (E8M0, shape) for index in range(len(ways))} | {"plain": (E8M0, shape)}
    found = run_model(tools, folder, nodes, {"x": (FLOAT, shape, onnx.tensor("x", shape, given))}, outputs)
    for index, (mode, saturate) in enumerate(ways):
        expect_all(found[f"y{index}"], [cast_scale(x, saturate, mode) for x in given], given, f"{mode}, saturate {saturate}")
    expect_all(found["plain"], found["y0"], given, "without attributes")


def cast_to_integers(tools, folder, kind):
    """Reals in the range, integers in and out of it."""
    low, high = min(numbers_of(kind))[0], max(numbers_of(kind))[0]
    reals = [low + 0.25 * step for step in range(int(4 * (high - low)) + 1)]
    whole = list(range(-20, 21))
    nodes = [cast(kind, "x", "a"), cast(kind, "n", "b"), cast(FLOAT, "a", "c"), cast(INT8, "b", "d")]
    found = run_model(tools, folder, nodes,
                      {"x": (FLOAT, (len(reals),), onnx.tensor("x", (len(reals),), reals)),
                       "n": (INT8, (41,), onnx.tensor("n", (41,), whole, INT8))},
                      {"a": (kind, (len(reals),)), "b": (kind, (41,)), "c": (FLOAT, (len(reals),)), "d": (INT8, (41,))})
    expect(found["a"] == found["c"] == [cast_integer(kind, x) for x in reals], f"of reals: {found['a']}")
    expect(found["b"] == found["d"] == [cast_integer(kind, x) for x in whole], f"of integers: {found['b']}")


def packed_elements(tools, folder, kind):
    """Inputs and constants, raw and as numbers; Identity and Reshape move them."""
    codes = list(range(1 << BITS.get(kind, 8)))
    codes = codes[::max(1, len(codes) // 16)]
    numbers = dict((code, number) for number, code in numbers_of(kind))
    for count in (1, 3, 6):
        chosen = [codes[(3 * index + 1) % len(codes)] for index in range(count)]
        wanted = [numbers.get(code, math.nan) for code in chosen]
        content = packed_bytes(kind, chosen)
        head = onnx.integer(1, count) + onnx.integer(2, kind)
        raw = head + onnx.data(8, "w") + onnx.data(9, content)
        listed = head + onnx.data(8, "v") + b"".join(onnx.integer(5, byte) for byte in content)
        nodes = [onnx.node("Identity", ["x"], ["y"]), cast(FLOAT, "w", "a"), cast(FLOAT, "v", "b"),
                 onnx.node("Reshape", ["w", "s"], ["r"]), cast(FLOAT, "r", "c")]
        for data in (raw, listed):
            found = run_model(tools, folder, nodes, {"x": (kind, (count,), data)},
                              {"y": (kind, (count,)), "a": (FLOAT, (count,)), "b": (FLOAT, (count,)), "c": (FLOAT, (1, count))},
                              [raw, listed, onnx.tensor("s", (2,), [1, -1], onnx.INT64)])
            for name in "yabc":
                expect_all(found[name], wanted, chosen, f"{count} elements, {name}")


def quantized(tools, folder, kind):
    """One scale, one for each row, one for each block of two; there and back."""
    given = [as_float(0.3 * value) for value in range(-12, 12)]
    is_integer = kind in INTEGERS
    low, high = min(numbers_of(kind))[0], max(numbers_of(kind))[0]
    for scales, axis, block, pick in (((), 1, 0, lambda i: 0), ((4,), 0, 0, lambda i: i // 6),
                                      ((4, 3), 1, 2, lambda i: i // 6 * 3 + i % 6 // 2)):
        count = math.prod(scales)
        scale = [0.25 + 0.125 * (index % 5) for index in range(count)]
        zero = [int(low) + index % 2 + 1 if is_integer else 0 for index in range(count)]
        attributes = [onnx.attribute_int("axis", axis), onnx.attribute_int("block_size", block)]
        nodes = [onnx.node("QuantizeLinear", ["x", "s", "z"], ["q"], "", attributes),
                 onnx.node("DequantizeLinear", ["q", "s", "z"], ["y"], "", attributes)]
        zeros = b"".join(onnx.integer(1, extent) for extent in scales) + onnx.integer(2, kind) + onnx.data(8, "z") \
            + onnx.data(9, packed_bytes(kind, zero))
        found = run_model(tools, folder, nodes, {"x": (FLOAT, (4, 6), onnx.tensor("x", (4, 6), given))},
                          {"q": (kind, (4, 6)), "y": (FLOAT, (4, 6))}, [onnx.tensor("s", scales, scale), zeros])
        quotients = [as_float(x / scale[pick(i)]) for i, x in enumerate(given)]
        if is_integer:
            wanted = [min(max(round(x) + zero[pick(i)], low), high) for i, x in enumerate(quotients)]
        else:
            wanted = [cast_float(kind, x, True) for x in quotients]
        expect_all(found["q"], wanted, quotients, f"scales of shape {scales}")
        back = [as_float((q - zero[pick(i)]) * scale[pick(i)]) for i, q in enumerate(wanted)]
        expect(found["y"] == back, f"back: {found['y']}, expected {back}")


def bits_kept(tools, folder):
    """BitCast between types of as many bits."""
    codes = list(range(16))
    content = onnx.integer(1, 16) + onnx.integer(2, UINT4) + onnx.data(8, "x") + onnx.data(9, packed_bytes(UINT4, codes))
    nodes = [onnx.node("BitCast", ["x"], ["a"], "a", [onnx.attribute_int("to", INT4)]),
             onnx.node("BitCast", ["x"], ["b"], "b", [onnx.attribute_int("to", E2M1)]),
             onnx.node("BitCast", ["b"], ["c"], "c", [onnx.attribute_int("to", UINT4)])]
    found = run_model(tools, folder, nodes, {"x": (UINT4, (16,), content)},
                      {"a": (INT4, (16,)), "b": (E2M1, (16,)), "c": (UINT4, (16,))}, opset=26)
    expect(found["a"] == [code - 16 if code > 7 else code for code in codes], f"integers: {found['a']}")
    numbers = dict((code, number) for number, code in numbers_of(E2M1))
    expect_all(found["b"], [numbers[code] for code in codes], codes, "floats")
    expect(found["c"] == codes, f"back: {found['c']}")


def scales_of_powers(tools, folder):
    """Blocks of E2M1 under scales of E8M0, as Microscaling has them."""
    codes = [(5 * index + 3) % 16 for index in range(16)]
    numbers = dict((code, number) for number, code in numbers_of(E2M1))
    exponents = [127, 130, 120, 126]
    nodes = [onnx.node("DequantizeLinear", ["x", "s"], ["y"], "",
                       [onnx.attribute_int("axis", 1), onnx.attribute_int("block_size", 4), onnx.attribute_int("output_dtype", FLOAT)])]
    content = onnx.integer(1, 2) + onnx.integer(1, 8) + onnx.integer(2, E2M1) + onnx.data(8, "x") + onnx.data(9, packed_bytes(E2M1, codes))
    found = run_model(tools, folder, nodes, {"x": (E2M1, (2, 8), content)}, {"y": (FLOAT, (2, 8))},
                      [onnx.coded_tensor("s", (2, 2), exponents, E8M0)])
    wanted = [numbers[code] * 2.0 ** (exponents[index // 4] - 127) for index, code in enumerate(codes)]
    expect(found["y"] == wanted, f"found {found['y']}, expected {wanted}")


def on_a_chip(tools, folder, kind):
    """An island of the host between two layers: what is rounded there stays rounded."""
    weights = onnx.tensor("w", (4, 4), [1.0 if row == column else 0.0 for row in range(4) for column in range(4)])
    nodes = [onnx.node("MatMul", ["x", "w"], ["h"]), cast(kind, "h", "c"), cast(FLOAT, "c", "y")]
    x = [3.0, 0.5, 1.5, 1.0] if kind != UINT2 else [3.0, 0.0, 1.0, 2.0]
    path, program, data, result = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".pb", ".npz"))
    model = onnx.model(nodes, [onnx.value("x", (1, 4))], [onnx.value("y", (1, 4))], [weights], OPSET, IR_VERSION)
    for name, content in ((path, model), (data, onnx.tensor("x", (1, 4), x))):
        with open(name, "wb") as file:
            file.write(content)
    tools.succeed("pimc", path, "-o", program, "--target", "sot-and", "--calibrate", data, "--quiet")
    tools.succeed("pim-run", program, "--input", data, "--output", result, "--check", "--quiet")
    found = npy.read_npz(result)["y"][2]
    numbers = [number for number, _ in numbers_of(kind)]
    expect(all(value in numbers for value in found), f"{list(found)} are no numbers of {name_of(kind)}")


def refused(tools, folder):
    """Data of the wrong length, numbers outside the range, and attributes without meaning."""
    model, program, data = (os.path.join(folder, "case" + end) for end in (".onnx", ".pimb", ".pb"))

    def write(path, content):
        with open(path, "wb") as file:
            file.write(content)

    def fails(tool, arguments, text):
        process = tools.run(tool, *arguments, "--quiet")
        lines = process.stderr.strip().splitlines()
        expect(process.returncode == 1 and len(lines) == 1 and text in lines[0],
               f"{tool} exits {process.returncode}: {process.stderr.strip()[:300]}, expected '{text}'")

    for kind in (*INTEGERS, E2M1, E8M0):
        right = len(packed_bytes(kind, [0] * 5))
        write(model, onnx.model([cast(FLOAT, "x", "y")], [onnx.value("x", (5,), kind)], [onnx.value("y", (5,))], (), OPSET, IR_VERSION))
        tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
        for length in (0, right - 1, right + 1, 2 * right):
            wrong = onnx.coded_tensor("x", (5,), bytes(length), kind)
            write(data, wrong)
            fails("pim-run", [program, "--input", data], f"tensor has {length} bytes of data, expected {right}")
            write(model, onnx.model([cast(FLOAT, "x", "y")], [], [onnx.value("y", (5,))], [wrong], OPSET, IR_VERSION))
            fails("pimc", [model, "-o", os.devnull, "--target", "host"], f"has {length} bytes of data, expected {right}")
    write(model, onnx.model([cast(FLOAT, "x", "y")], [onnx.value("x", (2,), INT2)], [onnx.value("y", (2,))], (), OPSET, IR_VERSION))
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    write(data, onnx.tensor("x", (2,), [1, 2], INT8))
    fails("pim-run", [program, "--input", data], "element 1 is 2, which is no i2")
    write(model, onnx.model([cast(E8M0, "x", "y", round_mode="sideways")], [onnx.value("x", (2,))], [onnx.value("y", (2,), E8M0)],
                            (), OPSET, IR_VERSION))
    tools.succeed("pimc", model, "-o", program, "--target", "host", "--quiet")
    write(data, onnx.tensor("x", (2,), [1, 2]))
    fails("pim-run", [program, "--input", data], "'round_mode' is 'sideways', expected up, down or nearest")


def main():
    options = harness.make_parser(__doc__).parse_args()
    results, tools = harness.Results("types"), harness.Tools(options.build)
    with harness.scratch() as folder:
        for test, kinds in ((cast_to_floats, VALUES), (cast_to_integers, INTEGERS), (packed_elements, (*VALUES, *INTEGERS, E8M0)),
                            (quantized, (*VALUES, *INTEGERS)), (on_a_chip, (E4M3FN, E2M1, UINT2))):
            for kind in kinds:
                results.run(f"{test.__name__.replace('_', ' ')}, {name_of(kind)}", test, tools, folder, kind)
        for test in (cast_to_scales, scales_of_powers, bits_kept, refused):
            results.run(test.__name__.replace("_", " "), test, tools, folder)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
