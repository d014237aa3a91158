// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs ONNX models with onnxruntime, one after the other, without graph optimization. Takes one JSON
// object a line on standard input and answers with one a line:
//   {"model", "inputs": {name: {"type", "shape", "file"}}, "folder"}
//   {"outputs": {name: {"type", "shape", "file"}}} or {"error"}
// A file holds raw little-endian elements; outputs are written into the folder.
//
//   node onnxruntime.mjs FOLDER    (FOLDER: where node_modules/onnxruntime-node is)

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createRequire } from 'node:module';

const ort = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'))('onnxruntime-node');

const arrays = {
  float32: Float32Array, float64: Float64Array, int64: BigInt64Array, uint64: BigUint64Array,
  int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint16: Uint16Array,
  int8: Int8Array, uint8: Uint8Array, bool: Uint8Array,
};

function readTensor({ type, shape, file }) {
  const bytes = fs.readFileSync(file);
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return new ort.Tensor(type, new arrays[type](copy), shape);
}

async function run({ model, inputs, folder }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1,
    graphOptimizationLevel: 'disabled', logSeverityLevel: 4,
  });
  try {
    const feeds = {};
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = readTensor(tensor);
    const results = await session.run(feeds);
    const outputs = {};
    for (const [index, name] of session.outputNames.entries()) {
      const { type, dims, data } = results[name];
      const file = path.join(folder, `output-${index}.bin`);
      fs.writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      outputs[name] = { type, shape: dims, file };
    }
    return { outputs };
  } finally {
    await session.release();
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await run(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  console.log(JSON.stringify(answer));
}
