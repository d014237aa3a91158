//===- LeNetOnnx.h - write LeNet-5 as an ONNX file -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_EXAMPLES_DIGITS_LENETONNX_H
#define PIM_EXAMPLES_DIGITS_LENETONNX_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pim::digits {

struct Parameter {
  std::vector<int64_t> shape;
  std::vector<float> values; // row-major
};

/// The parameters of LeNet-5 by name: `conv1.weight`, `conv1.bias`, `conv2.*`, `fc1.*`, `fc2.*`,
/// `fc3.*`; convolution weights as [out, in, height, width], the others as [out, in].
using Parameters = std::map<std::string, Parameter>;

/// Writes opset 13, IR version 8, input `image` [1,1,28,28], output `logits` [1,10].
/// Throws std::runtime_error when the file cannot be written.
void writeLeNetOnnx(const Parameters &parameters, const std::string &path);

/// The same convolutions and pools behind which, or behind the image less 0.5 where there are no
/// convolutions, come the sign, and `fc1` to the last `fc` with a sigmoid behind each: what arrays
/// of kind `imac` take. Output `scores` [1,10].
void writeAnalogOnnx(const Parameters &parameters, const std::string &path);

} // namespace pim::digits

#endif // PIM_EXAMPLES_DIGITS_LENETONNX_H
