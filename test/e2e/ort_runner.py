# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime, where `npm install` in bench/speed has brought it, as something to compare with."""

import array
import json
import os
import shutil
import subprocess
import threading

import harness
from harness import expect

HERE = os.path.dirname(os.path.abspath(__file__))
SPEED = os.path.join(harness.ROOT, "bench", "speed")
TYPECODES = {"float32": "f", "float64": "d", "int64": "q", "int32": "i", "bool": "B", "int8": "b",
             "uint8": "B", "int16": "h", "uint16": "H", "uint32": "I", "uint64": "Q"}


def best_classes(values, samples):
    """The class of the largest score of each sample, the first of equal ones."""
    size = len(values) // samples
    return [max(range(at, at + size), key=values.__getitem__) - at
            for at in range(0, len(values), size)]


class Runtime:
    """onnxruntime in a process of its own; one model at a time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "onnxruntime.mjs"), SPEED], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    @staticmethod
    def is_here():
        return bool(shutil.which("node")) and os.path.isdir(
            os.path.join(SPEED, "node_modules", "onnxruntime-node"))

    @staticmethod
    def missing():
        """What a suite that compares real models with onnxruntime lacks; "" when nothing."""
        if not os.path.isdir(os.path.join(harness.SHARED_DATA, "models")):
            return "../shared/data/models is not here"
        return "" if Runtime.is_here() else "bench/speed has no onnxruntime"

    def run(self, model, inputs, folder, samples=1, optimization="disabled"):
        """`inputs`: {name: (type, shape, file)}, a file with that many samples of the shape. Returns
        {name: (shape, values)}, the values of all samples."""
        ports = {name: dict(zip(("type", "shape", "file"), port)) for name, port in inputs.items()}
        with self.lock:
            self.process.stdin.write(json.dumps(
                {"model": model, "inputs": ports, "samples": samples,
                 "optimization": optimization, "folder": folder}) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        expect("error" not in answer, f"onnxruntime refuses it: {answer.get('error', '')[:300]}")
        outputs = {}
        for name, port in answer["outputs"].items():
            values = array.array(TYPECODES[port["type"]])
            with open(port["file"], "rb") as file:
                values.frombytes(file.read())
            outputs[name] = (tuple(port["shape"]), values)
        return outputs

    def close(self):
        self.process.stdin.close()
        self.process.wait()
