// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs ONNX models with onnxruntime, one after the other. Takes one JSON object a line on standard input
// and answers with one a line:
//   {"model", "inputs": {name: {"type", "shape", "file"}}, "samples", "optimization", "folder"}
//   {"outputs": {name: {"type", "shape", "file"}}} or {"error"}
// "optimization" of the graph is "disabled" by default. A file holds raw little-endian elements of `samples` tensors of that shape (default: one), which the
// model gets one at a time; outputs are written into the folder, likewise.
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

function readTensors({ type, shape, file }, samples) {
  const bytes = fs.readFileSync(file);
  const size = bytes.length / samples;
  return Array.from({ length: samples }, (_, index) => {
    const begin = bytes.byteOffset + index * size;
    return new ort.Tensor(type, new arrays[type](bytes.buffer.slice(begin, begin + size)), shape);
  });
}

async function run({ model, inputs, samples = 1, optimization = 'disabled', folder }) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1,
    graphOptimizationLevel: optimization, logSeverityLevel: 4,
  });
  try {
    const tensors = Object.entries(inputs).map(([name, port]) => [name, readTensors(port, samples)]);
    const outputs = {};
    const parts = session.outputNames.map(() => []);
    for (let sample = 0; sample < samples; ++sample) {
      const feeds = Object.fromEntries(tensors.map(([name, list]) => [name, list[sample]]));
      const results = await session.run(feeds);
      for (const [index, name] of session.outputNames.entries()) {
        const { type, dims, data } = results[name];
        outputs[name] = { type, shape: dims, file: path.join(folder, `output-${index}.bin`) };
        parts[index].push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    }
    for (const [index, name] of session.outputNames.entries())
      fs.writeFileSync(outputs[name].file, Buffer.concat(parts[index]));
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
