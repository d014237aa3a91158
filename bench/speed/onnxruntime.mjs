// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs an ONNX model on samples with onnxruntime, one thread, one sample per call, and prints JSON:
//   {"version", "samples", "seconds", "samples_per_s", "top1", "peak_rss_bytes"}
//
//   node onnxruntime.mjs MODEL.onnx SAMPLES.f32 1x1x28x28 [LABELS.u16]
//
// SAMPLES.f32 holds raw little-endian floats, already preprocessed; LABELS.u16 one class a sample.

import fs from 'node:fs';
import * as ort from 'onnxruntime-node';

const [model, samplesFile, shapeText, labelsFile] = process.argv.slice(2);
if (!shapeText) {
  console.error('usage: node onnxruntime.mjs MODEL.onnx SAMPLES.f32 1x1x28x28 [LABELS.u16]');
  process.exit(2);
}
const shape = shapeText.split('x').map(Number);
const size = shape.reduce((product, extent) => product * extent, 1);

function readTyped(file, Type) {
  const bytes = fs.readFileSync(file);
  return new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT);
}
const samples = readTyped(samplesFile, Float32Array);
const labels = labelsFile ? readTyped(labelsFile, Uint16Array) : null;
const count = samples.length / size;

const session = await ort.InferenceSession.create(model, {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
});
const [inputName] = session.inputNames;
const [outputName] = session.outputNames;
const feeds = index => ({
  [inputName]: new ort.Tensor('float32', samples.subarray(index * size, (index + 1) * size), shape),
});

function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; ++i)
    if (values[i] > values[best]) best = i;
  return best;
}

for (let i = 0; i < Math.min(count, 10); ++i) await session.run(feeds(i)); // warm up

let correct = 0;
const begin = process.hrtime.bigint();
for (let i = 0; i < count; ++i) {
  const output = await session.run(feeds(i));
  if (labels && argmax(output[outputName].data) === labels[i]) ++correct;
}
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
console.log(JSON.stringify({
  version: JSON.parse(fs.readFileSync(new URL('node_modules/onnxruntime-node/package.json', import.meta.url))).version,
  samples: count,
  seconds,
  samples_per_s: count / seconds,
  top1: labels ? correct / count : null,
  peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
}));
