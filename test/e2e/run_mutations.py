#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Damages ONNX models at random, as bytes and as protobuf messages, and gives them to pimc, and what
compiles to pim-run. A tool must end in time, with exit status 0, or with 1 and one line that starts
`TOOL: error: `; anything else is a finding, a sanitizer's report above all. Mutations depend on --seed
alone. Without --full: 240 of them; with it 10,000."""

import concurrent.futures
import copy
import glob
import os
import random
import shutil
import sys
import tarfile

import harness
import npy
import onnx_reader
import onnx_writer as onnx
from harness import DIGITS, Failure, expect

TARGETS = ("host", "sot-and", "reram-xbar")
LARGEST_MODEL = 200_000
TIME_LIMIT = 60
# What a damaged shape may ask for in vain.
MEMORY_LIMIT = 6 << 30
LARGEST_INPUT = 1 << 24
NPY_TYPES = {1: ("<f4", 4), 2: ("|u1", 1), 3: ("|i1", 1), 6: ("<i4", 4), 7: ("<i8", 8), 9: ("|b1", 1),
             10: ("<f2", 2), 11: ("<f8", 8)}
INTERESTING = (0, 1, 2, 3, 7, 8, 15, 255, 1 << 31, (1 << 31) - 1, (1 << 63) - 1, 1 << 63,
               (1 << 64) - 1, (1 << 64) - 2)

# Fields of onnx.proto that hold messages: {message: {field: message}}.
MESSAGES = {
    "model": {7: "graph", 8: "opset", 25: "function"},
    "graph": {1: "node", 5: "tensor", 11: "value", 12: "value", 13: "value"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph"},
    "value": {2: "type"},
    "type": {1: "tensor_type"},
    "tensor_type": {2: "shape"},
    "shape": {1: "dim"},
    "function": {7: "node", 9: "opset"},
}


def parse(content, message):
    """A message as a list of [field, wire type, value]; the value of a known message is such a list
    with its kind."""
    result = []
    for field, wire, value in onnx_reader.fields(content):
        inner = MESSAGES.get(message, {}).get(field) if wire == 2 else None
        result.append([field, wire, (inner, parse(value, inner)) if inner else value])
    return result


def serialize(entries):
    out = bytearray()
    for field, wire, value in entries:
        if isinstance(value, tuple):
            out += onnx.data(field, serialize(value[1]))
        elif wire == 2:
            out += onnx.data(field, value)
        else:
            out += onnx.varint(field << 3 | wire)
            out += onnx.varint(value) if wire == 0 else value
    return bytes(out)


def lists(entries, found=None):
    """Every message below, this one too."""
    found = [] if found is None else found
    found.append(entries)
    for _, _, value in entries:
        if isinstance(value, tuple):
            lists(value[1], found)
    return found


def mutate_value(rng, value):
    """Another content of a field of bytes: a name, numbers, weights."""
    if not value:
        return bytes([rng.randrange(256)])
    altered = bytearray(value)
    kind = rng.randrange(4)
    if kind == 0:
        altered[rng.randrange(len(altered))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del altered[rng.randrange(len(altered)):]
    elif kind == 2:
        altered[rng.randrange(len(altered))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
    else:
        altered += altered[:64]
    return bytes(altered)


def mutate_field(rng, entries, others):
    """Changes one field of one message."""
    at = rng.randrange(len(entries))
    field, wire, value = entries[at]
    kind = rng.randrange(7)
    if kind == 0:
        del entries[at]
    elif kind == 1:
        entries.insert(at, copy.deepcopy(entries[at]))
    elif kind == 2 and len(entries) > 1:
        other = rng.randrange(len(entries))
        entries[at], entries[other] = entries[other], entries[at]
    elif kind == 3:
        entries[at] = copy.deepcopy(rng.choice(rng.choice(others)))
    elif wire == 0:
        entries[at][2] = rng.choice(INTERESTING) if rng.random() < 0.6 else max(0, value + rng.choice((-1, 1)))
    elif wire == 2 and not isinstance(value, tuple):
        entries[at][2] = mutate_value(rng, value)
    elif wire == 5:
        entries[at][2] = rng.choice((b"\0\0\0\0", b"\0\0\x80\x7f", b"\0\0\xc0\x7f", b"\xff\xff\x7f\xff"))
    else:
        entries[at][0] = max(1, field + rng.choice((-1, 1)))


def mutate(rng, content):
    """A damaged copy of a model."""
    if rng.random() < 0.25:
        altered = bytearray(content)
        for _ in range(rng.choice((1, 2, 8))):
            altered[rng.randrange(min(len(altered), 4000))] ^= 1 << rng.randrange(8)
        return bytes(altered)
    model = parse(content, "model")
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        messages = [entries for entries in lists(model) if entries]
        if messages:
            mutate_field(rng, rng.choice(messages), messages)
    return serialize(model)


def run_tool(tools, tool, *arguments):
    """Whether the tool succeeds; raises Failure where it neither succeeds nor refuses in one line."""
    process = tools.run(tool, *arguments, timeout=TIME_LIMIT, memory=MEMORY_LIMIT)
    # Warnings are lines of their own, and so is what an error points to.
    beside = (f"{tool}: warning: ", f"{tool}: note: ")
    said = "\n".join(line for line in process.stderr.strip().split("\n") if not line.startswith(beside))
    expect(process.returncode in (0, 1), f"{tool} exits {process.returncode}: {said[-400:]}")
    if process.returncode == 1:
        expect(said.count("\n") == 0 and said.startswith(f"{tool}: error: "),
               f"{tool} exits 1 with: {said[:400]}")
    return process.returncode == 0


def first(entries, field):
    """The value of the first such field of a message, None without one."""
    return next((value for number, _, value in entries if number == field), None)


def zeros(content, folder):
    """Options of pim-run that give each input of a model zeros; None where the model does not say how
    large they are."""
    try:
        graph = first(parse(content, "model"), 7)[1]
        given = {first(value[1], 8) for field, _, value in graph if field == 5}
        arguments = []
        for field, _, value in graph:
            if field != 11 or first(value[1], 1) in given:
                continue
            kind = first(first(value[1], 2)[1], 1)[1]
            dims = [first(dim[1], 1) for _, _, dim in first(kind, 2)[1]]
            shape = [1 if extent is None or extent >> 63 else extent for extent in dims]
            dtype, width = NPY_TYPES[first(kind, 1)]
            size = width
            for extent in shape:
                size *= extent
            if size > LARGEST_INPUT:
                return None
            path = os.path.join(folder, f"input-{len(arguments)}.npy")
            npy.write(path, dtype, shape, bytes(size))
            arguments += ["--input", f"{first(value[1], 1).decode()}={path}"]
        return arguments
    except (TypeError, KeyError, ValueError, IndexError):
        return None  # damaged where this looks


def run_one(tools, name, content, seed, root, keep):
    rng = random.Random(seed)
    folder = os.path.join(root, str(seed))
    os.makedirs(folder)
    model, program = os.path.join(folder, "model.onnx"), os.path.join(folder, "out.pimb")
    damaged = mutate(rng, content)
    with open(model, "wb") as file:
        file.write(damaged)
    target = rng.choice(TARGETS)
    try:
        if run_tool(tools, "pimc", model, "-o", program, "--target", target, "--calibration-samples",
                    "2", "--quiet"):
            arguments = zeros(damaged, folder)
            if arguments is not None:
                run_tool(tools, "pim-run", program, *arguments, "--quiet")
        elif os.path.exists(program):
            raise Failure("pimc left a program behind that it refused to make")
    except Failure as failure:
        if keep:
            shutil.copy(model, os.path.join(keep, f"{seed}.onnx"))
        raise Failure(f"{failure} [{name}, --target {target}]") from None
    finally:
        shutil.rmtree(folder)


def seeds_of_mutations():
    """{name: bytes} of small models: the example's, and those of the shared data."""
    models = {"lenet5": os.path.join(DIGITS, "lenet5.onnx")}
    result = {}
    for path in glob.glob(os.path.join(harness.SHARED_DATA, "models", "*", "*.onnx")):
        if os.path.getsize(path) <= LARGEST_MODEL:
            models[os.path.basename(os.path.dirname(path))] = path
    for name, path in models.items():
        with open(path, "rb") as file:
            result[name] = file.read()
    for archive in ("node", "pytorch_simple"):
        path = os.path.join(harness.SHARED_DATA, "onnx_backend", f"onnx_backend_{archive}.tar.gz")
        if os.path.exists(path):
            with tarfile.open(path) as file:
                for member in file:
                    if member.name.endswith("/model.onnx") and member.size <= LARGEST_MODEL:
                        result[os.path.dirname(member.name)] = file.extractfile(member).read()
    return result


def main():
    parser = harness.make_parser(__doc__)
    parser.add_argument("--mutations", type=int, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="of the first mutation")
    parser.add_argument("--keep", metavar="FOLDER", help="leave models that show a finding there")
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="mutations at a time")
    options = parser.parse_args()
    results = harness.Results("mutations")
    tools = harness.Tools(options.build)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    models = seeds_of_mutations()
    names = sorted(models)
    mutations = options.mutations or (10_000 if options.full else 240)
    with harness.scratch() as root:
        def run(seed):
            name = random.Random(-seed).choice(names)
            results.run(f"mutation {seed}", run_one, tools, name, models[name], seed, root,
                        options.keep)
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            list(pool.map(run, range(options.seed, options.seed + mutations)))
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
