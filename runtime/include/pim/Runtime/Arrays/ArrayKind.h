//===- ArrayKind.h - the contract of array kinds ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the arrays of a chip compute. An array kind takes programmed cells and a group's map and
// makes a ProgrammedGroup, which multiplies input vectors as the hardware would, converters
// included. It knows nothing of windows, registers, cycles or energy. docs/numerics.md states the
// arithmetic of each kind.
//
// To add a kind: a class in a file of its own under runtime/src/Arrays, a line in ArrayKinds.cpp,
// its timing in Timing/ArrayTiming.cpp, its energy in Energy/ArrayEnergy.cpp.
//
// Tested by runtime/tests/Arrays.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_ARRAYKIND_H
#define PIM_RUNTIME_ARRAYS_ARRAYKIND_H

#include "pim/Runtime/Arrays/AlignedBuffer.h"
#include "pim/Runtime/Arrays/PhysicalArray.h"
#include "pim/Runtime/Faults/Die.h"

#include <memory>
#include <string_view>
#include <vector>

namespace pim::target {
struct Target;
} // namespace pim::target

namespace pim::runtime {

/// When an array is driven: what noise from read to read depends on. The same occasion has the same
/// noise, on any thread and after any other sample.
struct Occasion {
  uint32_t sample = 0;
  /// Vectors that the core has driven in this inference before the first one of these.
  uint32_t vector = 0;
};

/// Input vectors for a group: vector p starts at data + p*stride and has matrixRows unsigned bytes,
/// each below 2^inputBits. REQUIRES: 64 bytes behind the last vector can be read; their values do
/// not matter.
struct InputVectors {
  const uint8_t *data = nullptr;
  size_t count = 0;
  size_t stride = 0;
  Occasion occasion = {};
};

/// Where the results go: result o of vector p is data[p*stride + o].
struct OutputVectors {
  int32_t *data = nullptr;
  size_t stride = 0;
};

/// Buffers that products need while they run. One for each thread; contents mean nothing between
/// calls.
struct ArrayScratch {
  AlignedBuffer<uint8_t> bytes;
  AlignedBuffer<uint32_t> planes;
  AlignedBuffer<uint8_t> sums;
  AlignedBuffer<int32_t> results;
  AlignedBuffer<int16_t> digits, subsets;
  AlignedBuffer<uint64_t> patterns;
  AlignedBuffer<uint8_t> late;
  AlignedBuffer<float> digitSums, noiseBiases;
};

/// The arrays of a group with their cells programmed. Immutable, to be shared by threads.
class ProgrammedGroup {
public:
  virtual ~ProgrammedGroup() = default;

  /// Sets (or, if `accumulate`, adds to) matrixCols results for each input vector, wrapping around
  /// in 32 bits.
  virtual void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                        ArrayScratch &scratch) const = 0;

  /// Whether results equal the integer product with the decoded weights for all inputs.
  virtual bool isExact() const = 0;
};

/// A kind of array.
class ArrayKind {
public:
  virtual ~ArrayKind() = default;

  /// The value of the target's key `array.kind`.
  virtual std::string_view name() const = 0;

  /// Decodes the cells once; `die` says what chance has made of them. Throws pim::Error if the map
  /// is impossible (see physicalArrays) or the target's converters are beyond what is simulated.
  virtual std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                         const CellImages &cells,
                                                         const target::Target &target,
                                                         const Die &die) const = 0;

  /// The same on the die of seed 0.
  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &target) const {
    return program(group, cells, target, Die{});
  }
};

/// Every kind, in alphabetical order.
const std::vector<const ArrayKind *> &arrayKinds();

/// The kind called `name`. Throws pim::Error, which lists the kinds, if there is none.
const ArrayKind &findArrayKind(std::string_view name);

/// The kinds themselves; use findArrayKind().
const ArrayKind &andArrayKind();
const ArrayKind &imacArrayKind();
const ArrayKind &xbarArrayKind();

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_ARRAYKIND_H
