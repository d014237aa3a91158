//===- RandomModel.cpp - small float networks for tests -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomModel.h"

#include <cmath>

using namespace pim::test;

std::string RandomModel::type(const Tensor &t) {
  std::ostringstream out;
  out << "tensor<1x" << t.height << "x" << t.width << "x" << t.channels << "xf32>";
  return out.str();
}

std::string RandomModel::constant(const std::string &shape, int elements, double mean,
                                  double deviation) {
  std::normal_distribution<float> values{float(mean), float(deviation)};
  std::string name = fresh();
  std::string tensor = "tensor<" + shape + "xf32>";
  // A flat list needs no brackets when it is written as bytes.
  text << "  " << name << " = \"tosa.const\"() {values = dense<\"0x";
  for (int i = 0; i < elements; ++i) {
    float value = values(random);
    const auto *bytes = reinterpret_cast<const unsigned char *>(&value);
    static const char *digits = "0123456789ABCDEF";
    for (int b = 0; b < 4; ++b)
      text << digits[bytes[b] >> 4] << digits[bytes[b] & 15];
  }
  text << "\"> : " << tensor << "} : () -> " << tensor << "\n";
  return name;
}

std::string RandomModel::zero() { return constant("1", 1, 0, 0); }

RandomModel::Tensor RandomModel::convolution(const Tensor &input, int channels, int kernel,
                                             int stride, bool depthwise) {
  int before = kernel / 2;
  // TOSA wants (size + pads - kernel) to be a multiple of the stride.
  auto after = [&](int size) {
    int excess = (size + 2 * before - kernel) % stride;
    return before - excess;
  };
  auto outer = [&](int size) { return (size + before + after(size) - kernel) / stride + 1; };
  Tensor result{fresh(), outer(input.height), outer(input.width),
                depthwise ? input.channels : channels};
  int fanIn = kernel * kernel * (depthwise ? 1 : input.channels);
  std::ostringstream shape;
  if (depthwise)
    shape << kernel << "x" << kernel << "x" << input.channels << "x1";
  else
    shape << channels << "x" << kernel << "x" << kernel << "x" << input.channels;
  std::string weights = constant(shape.str(), fanIn * result.channels, 0, std::sqrt(1.5 / fanIn));
  std::string bias = constant(std::to_string(result.channels), result.channels, 0, 0.3);
  std::string zp = zero();
  text << "  " << result.name << " = tosa." << (depthwise ? "depthwise_conv2d " : "conv2d ")
       << input.name << ", " << weights << ", " << bias << ", " << zp << ", " << zp
       << " {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: " << before << ", "
       << after(input.height) << ", " << before << ", " << after(input.width)
       << ">, stride = array<i64: " << stride << ", " << stride << ">} : (" << type(input)
       << ", tensor<" << shape.str() << "xf32>, tensor<" << result.channels
       << "xf32>, tensor<1xf32>, tensor<1xf32>) -> " << type(result) << " loc(\"conv" << count
       << "\")\n";
  return result;
}

RandomModel::Tensor RandomModel::clamp(const Tensor &input, double low, double high) {
  Tensor result = input;
  result.name = fresh();
  text << "  " << result.name << " = tosa.clamp " << input.name << " {min_val = " << std::scientific
       << low << " : f32, max_val = " << high << " : f32} : (" << type(input) << ") -> "
       << type(result) << "\n";
  return result;
}

RandomModel::Tensor RandomModel::binary(const std::string &op, const Tensor &left,
                                        const Tensor &right) {
  Tensor result = left;
  if (op == "mul") {
    std::string shift = fresh();
    text << "  " << shift
         << " = \"tosa.const\"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>\n";
    result.name = fresh();
    text << "  " << result.name << " = tosa.mul " << left.name << ", " << right.name << ", "
         << shift << " : (" << type(left) << ", " << type(right) << ", tensor<1xi8>) -> "
         << type(result) << "\n";
    return result;
  }
  result.name = fresh();
  text << "  " << result.name << " = tosa." << op << " " << left.name << ", " << right.name
       << " : (" << type(left) << ", " << type(right) << ") -> " << type(result) << "\n";
  return result;
}

RandomModel::Tensor RandomModel::normalization(const Tensor &input) {
  int c = input.channels;
  std::string shape = "1x1x1x" + std::to_string(c);
  // Some factors may be negative, as trained ones are.
  Tensor factor{constant(shape, c, 0.8, 0.4), 1, 1, c};
  Tensor offset{constant(shape, c, 0, 0.3), 1, 1, c};
  return binary("add", binary("mul", input, factor), offset);
}

RandomModel::Tensor RandomModel::pool(const std::string &op, const Tensor &input) {
  Tensor result{fresh(), input.height / 2, input.width / 2, input.channels};
  bool average = op == "avg_pool2d";
  std::string zp = average ? zero() : "";
  text << "  " << result.name << " = tosa." << op << " " << input.name;
  if (average)
    text << ", " << zp << ", " << zp;
  text << " {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>"
       << (average ? ", acc_type = f32" : "") << "} : (" << type(input)
       << (average ? ", tensor<1xf32>, tensor<1xf32>" : "") << ") -> " << type(result) << "\n";
  return result;
}

RandomModel::Tensor RandomModel::concat(const Tensor &left, const Tensor &right) {
  Tensor result{fresh(), left.height, left.width, left.channels + right.channels};
  text << "  " << result.name << " = tosa.concat " << left.name << ", " << right.name
       << " {axis = 3 : i32} : (" << type(left) << ", " << type(right) << ") -> " << type(result)
       << "\n";
  return result;
}

RandomModel::Tensor RandomModel::pad(const Tensor &input) {
  std::string shape = fresh(), value = zero();
  text
      << "  " << shape
      << " = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> "
         "!tosa.shape<8>\n";
  Tensor result{fresh(), input.height + 2, input.width + 2, input.channels};
  text << "  " << result.name << " = tosa.pad " << input.name << ", " << shape << ", " << value
       << " : (" << type(input) << ", !tosa.shape<8>, tensor<1xf32>) -> " << type(result) << "\n";
  return result;
}

RandomModel::Tensor RandomModel::slice(const Tensor &input) {
  std::string start = fresh(), size = fresh();
  Tensor result{fresh(), input.height - 1, input.width, input.channels};
  text << "  " << start
       << " = tosa.const_shape {values = dense<[0, 1, 0, 0]> : tensor<4xindex>} : () -> "
          "!tosa.shape<4>\n  "
       << size << " = tosa.const_shape {values = dense<[1, " << result.height << ", "
       << result.width << ", " << result.channels
       << "]> : tensor<4xindex>} : () -> !tosa.shape<4>\n  " << result.name << " = tosa.slice "
       << input.name << ", " << start << ", " << size << " : (" << type(input)
       << ", !tosa.shape<4>, !tosa.shape<4>) -> " << type(result) << "\n";
  return result;
}

void RandomModel::step() {
  Tensor input = any();
  bool even = input.height % 2 == 0 && input.width % 2 == 0 && input.height >= 4;
  auto partner = [&]() -> const Tensor * {
    for (const Tensor &other : tensors)
      if (other.name != input.name && other.height == input.height && other.width == input.width)
        return &other;
    return nullptr;
  };
  const Tensor *other = partner();
  bool same = other && other->channels == input.channels;
  Tensor second = other ? *other : input;
  switch (pick(0, 12)) {
  case 0:
    add(clamp(convolution(input, pick(2, 6), 3, 1, false), 0, 3.4e38));
    break;
  case 1:
    add(clamp(normalization(convolution(input, pick(2, 6), 1, 1, false)), 0, 6));
    break;
  case 2:
    add(convolution(input, pick(2, 6), 3, 2, false));
    break;
  case 3:
    add(clamp(convolution(input, 0, 3, 1, true), 0, 3.4e38));
    break;
  case 4:
    add(clamp(binary("add", input, same ? second : convolution(input, input.channels, 1, 1, false)),
              0, 3.4e38));
    break;
  case 5:
    add(binary("sub", input, same ? second : convolution(input, input.channels, 1, 1, false)));
    break;
  case 6:
    add(normalization(input));
    break;
  case 7:
    if (even)
      add(pool("max_pool2d", input));
    break;
  case 8:
    if (even)
      add(pool(averages ? "avg_pool2d" : "max_pool2d", input));
    break;
  case 9:
    add(concat(input, other ? second : convolution(input, 2, 1, 1, false)));
    break;
  case 10:
    add(pad(input));
    break;
  case 11:
    if (input.height > 4)
      add(slice(input));
    break;
  default:
    if (same)
      add(binary("mul", input, second));
    break;
  }
}

/// The mean over the image, as two sums and a factor.
std::string RandomModel::mean(const Tensor &input) {
  std::string channels = std::to_string(input.channels);
  std::string rows = "tensor<1x1x" + std::to_string(input.width) + "x" + channels + "xf32>";
  std::string pooled = "tensor<1x1x1x" + channels + "xf32>";
  std::string a = fresh(), b = fresh(), m = fresh(), shift = fresh();
  text << "  " << a << " = tosa.reduce_sum " << input.name << " {axis = 1 : i32} : (" << type(input)
       << ") -> " << rows << "\n  " << b << " = tosa.reduce_sum " << a << " {axis = 2 : i32} : ("
       << rows << ") -> " << pooled << "\n";
  std::string count = constant("1x1x1x1", 1, 1.0 / (input.height * input.width), 0);
  text << "  " << shift
       << " = \"tosa.const\"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>\n  " << m
       << " = tosa.mul " << b << ", " << count << ", " << shift << " : (" << pooled
       << ", tensor<1x1x1x1xf32>, tensor<1xi8>) -> " << pooled << "\n";
  return m;
}

std::string RandomModel::maximum(const Tensor &input) {
  std::string m = fresh();
  text << "  " << m << " = tosa.max_pool2d " << input.name
       << " {kernel = array<i64: " << input.height << ", " << input.width
       << ">, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (" << type(input)
       << ") -> tensor<1x1x1x" << input.channels << "xf32>\n";
  return m;
}

/// A product with a constant, a bias, and softmax without the subtraction of the maximum.
std::string RandomModel::classifier(const Tensor &input, bool softmax) {
  int c = input.channels;
  std::string channels = std::to_string(c);
  std::string m = averages ? mean(input) : maximum(input);
  std::string shape = fresh(), r = fresh();
  text << "  " << shape << " = tosa.const_shape {values = dense<[1, 1, " << c
       << "]> : tensor<3xindex>} : () -> !tosa.shape<3>\n  " << r << " = tosa.reshape " << m << ", "
       << shape << " : (tensor<1x1x1x" << c << "xf32>, !tosa.shape<3>) -> tensor<1x1x" << c
       << "xf32>\n";
  std::string weights = constant("1x" + channels + "x5", c * 5, 0, std::sqrt(1.0 / c));
  std::string bias = constant("1x1x5", 5, 0, 0.2), zp = zero(), p = fresh(), y = fresh();
  text << "  " << p << " = tosa.matmul " << r << ", " << weights << ", " << zp << ", " << zp
       << " : (tensor<1x1x" << c << "xf32>, tensor<1x" << c
       << "x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x5xf32> loc(\"fc\")\n  " << y
       << " = tosa.add " << p << ", " << bias
       << " : (tensor<1x1x5xf32>, tensor<1x1x5xf32>) -> tensor<1x1x5xf32>\n";
  if (!softmax)
    return y;
  std::string e = fresh(), s = fresh(), i = fresh(), o = fresh(), shift = fresh();
  text << "  " << shift
       << " = \"tosa.const\"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>\n";
  text << "  " << e << " = tosa.exp " << y << " : (tensor<1x1x5xf32>) -> tensor<1x1x5xf32>\n  " << s
       << " = tosa.reduce_sum " << e
       << " {axis = 2 : i32} : (tensor<1x1x5xf32>) -> tensor<1x1x1xf32>\n  " << i
       << " = tosa.reciprocal " << s << " : (tensor<1x1x1xf32>) -> tensor<1x1x1xf32>\n  " << o
       << " = tosa.mul " << e << ", " << i << ", " << shift
       << " : (tensor<1x1x5xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x5xf32>\n";
  return o;
}

std::string RandomModel::write(int steps, bool softmax) {
  Tensor input{"%x", 8, 8, 3};
  text << "func.func @main(%x: tensor<1x8x8x3xf32> {pim.name = \"x\"}) -> (tensor<1x1x5xf32> "
          "{pim.name = \"y\"}) {\n";
  add(clamp(convolution(input, 4, 3, 1, false), 0, 3.4e38));
  for (int i = 0; i < steps; ++i)
    step();
  std::string result = classifier(tensors.back(), softmax);
  text << "  return " << result << " : tensor<1x1x5xf32>\n}\n";
  return text.str();
}
