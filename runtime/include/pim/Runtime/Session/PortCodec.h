//===- PortCodec.h - between model values and the chip's memory ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SESSION_PORTCODEC_H
#define PIM_RUNTIME_SESSION_PORTCODEC_H

#include "pim/Program/Graph.h"
#include "pim/Program/Program.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pim::runtime {

/// Quantizes and permutes the values of one port as Program.fbs says.
///   values    floats, in the shape and order of the model
///   integers  elements of the port's type, in the order of the model: what the reference graph
///   takes and gives memory    the same elements in the order of the chip's memory
class PortCodec {
public:
  /// Throws pim::Error if the port's shape, permutation or range is impossible.
  explicit PortCodec(const fb::PortT &port);

  const std::string &name() const { return portName; }
  /// As the model states it, batch 1.
  const std::vector<int64_t> &shape() const { return modelShape; }
  ElementType element() const { return type; }
  size_t elementCount() const { return count; }
  size_t byteCount() const { return count * elementBytes(type); }

  /// REQUIRES for all: elementCount() values, byteCount() bytes.
  void quantize(std::span<const float> values, std::span<std::byte> integers) const;
  void toMemory(std::span<const std::byte> integers, std::span<std::byte> memory) const;
  void fromMemory(std::span<const std::byte> memory, std::span<std::byte> integers) const;
  void dequantize(std::span<const std::byte> integers, std::span<float> values) const;

private:
  std::string portName;
  std::vector<int64_t> modelShape;
  ElementType type;
  double scale;
  int64_t zeroPoint, low, high;
  size_t count = 1;
  /// Index in model order of each element in memory order; empty where they are the same.
  std::vector<uint32_t> modelIndex;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_SESSION_PORTCODEC_H
