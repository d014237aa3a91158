//===- PortCodec.cpp - between model values and the chip's memory -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/PortCodec.h"

#include "pim/Runtime/Graph/Quantize.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace pim;
using namespace pim::runtime;

/// The places in model order that the elements of memory, in their order, have.
static std::vector<uint32_t> modelIndices(const std::vector<int64_t> &shape,
                                          const std::vector<int> &permutation, size_t count) {
  size_t rank = shape.size();
  std::vector<size_t> modelStrides(rank);
  size_t stride = 1;
  for (size_t d = rank; d-- > 0;) {
    modelStrides[d] = stride;
    stride *= static_cast<size_t>(shape[d]);
  }
  std::vector<uint32_t> result(count);
  std::vector<int64_t> index(rank);
  size_t offset = 0;
  for (size_t i = 0; i < count; ++i) {
    result[i] = static_cast<uint32_t>(offset);
    for (size_t d = rank; d-- > 0;) {
      size_t from = static_cast<size_t>(permutation[d]);
      offset += modelStrides[from];
      if (++index[d] < shape[from])
        break;
      offset -= modelStrides[from] * static_cast<size_t>(shape[from]);
      index[d] = 0;
    }
  }
  return result;
}

PortCodec::PortCodec(const fb::PortT &port)
    : portName(port.name), modelShape(port.shape.begin(), port.shape.end()),
      type(static_cast<ElementType>(port.element)), scale(port.scale), zeroPoint(port.zero_point),
      low(port.min), high(port.max) {
  auto bad = [&](const auto &...what) { fail("port '", portName, "': ", what...); };
  for (int64_t size : modelShape) {
    if (size < 1 || __builtin_mul_overflow(count, static_cast<size_t>(size), &count) ||
        count > std::numeric_limits<uint32_t>::max())
      bad("its shape is impossible");
  }
  if (type == ElementType::F32) {
    if (scale != 0)
      bad("holds floats, but has a scale");
  } else if (type != ElementType::I1 && type != ElementType::I8 && type != ElementType::I16 &&
             type != ElementType::I32) {
    bad("has elements of type ", elementName(type), ", expected i1, i8, i16, i32 or f32");
  } else {
    if (!(scale > 0) || !std::isfinite(scale))
      bad("its scale is ", scale, ", expected a positive number");
    int64_t most = (int64_t(1) << (8 * elementBytes(type) - 1)) - 1;
    if (low > high || low < -most - 1 || high > most)
      bad("its range ", low, " to ", high, " does not fit ", elementName(type));
  }
  if (port.permutation.empty())
    return;
  std::vector<bool> used(modelShape.size());
  bool identity = true, valid = port.permutation.size() == modelShape.size();
  for (size_t d = 0; valid && d < modelShape.size(); ++d) {
    int from = port.permutation[d];
    valid = from >= 0 && static_cast<size_t>(from) < modelShape.size() && !used[from];
    if (valid)
      used[from] = true;
    identity = identity && static_cast<size_t>(from) == d;
  }
  if (!valid)
    bad("its permutation is none");
  if (!identity)
    modelIndex = modelIndices(modelShape, port.permutation, count);
}

void PortCodec::quantize(std::span<const float> values, std::span<std::byte> integers) const {
  if (type == ElementType::F32) {
    std::memcpy(integers.data(), values.data(), byteCount());
    return;
  }
  auto store = [&]<typename T>(T) {
    for (size_t i = 0; i < count; ++i) {
      T value = static_cast<T>(graph::quantize(values[i], scale, zeroPoint, low, high));
      std::memcpy(integers.data() + i * sizeof(T), &value, sizeof(T));
    }
  };
  if (elementBytes(type) == 1)
    store(int8_t());
  else if (type == ElementType::I16)
    store(int16_t());
  else
    store(int32_t());
}

void PortCodec::dequantize(std::span<const std::byte> integers, std::span<float> values) const {
  if (type == ElementType::F32) {
    std::memcpy(values.data(), integers.data(), byteCount());
    return;
  }
  auto convert = [&]<typename T>(T) {
    for (size_t i = 0; i < count; ++i) {
      T value;
      std::memcpy(&value, integers.data() + i * sizeof(T), sizeof(T));
      values[i] = graph::dequantize(value, scale, zeroPoint);
    }
  };
  if (elementBytes(type) == 1)
    convert(int8_t());
  else if (type == ElementType::I16)
    convert(int16_t());
  else
    convert(int32_t());
}

void PortCodec::toMemory(std::span<const std::byte> integers, std::span<std::byte> memory) const {
  if (modelIndex.empty()) {
    std::memcpy(memory.data(), integers.data(), byteCount());
    return;
  }
  size_t size = elementBytes(type);
  for (size_t i = 0; i < count; ++i)
    std::memcpy(memory.data() + i * size, integers.data() + modelIndex[i] * size, size);
}

void PortCodec::fromMemory(std::span<const std::byte> memory, std::span<std::byte> integers) const {
  if (modelIndex.empty()) {
    std::memcpy(integers.data(), memory.data(), byteCount());
    return;
  }
  size_t size = elementBytes(type);
  for (size_t i = 0; i < count; ++i)
    std::memcpy(integers.data() + modelIndex[i] * size, memory.data() + i * size, size);
}
