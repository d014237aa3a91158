//===- ProgramBuilder.h - a program while it is made -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tables and the code of the cores, as the emitters of layers fill them; WriteISA.cpp makes the
// isa dialect of it. The structures mirror include/pim/Program/Program.fbs, whose comments say what
// the fields mean.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_PROGRAMBUILDER_H
#define PIM_LIB_CONVERSION_PIMTOISA_PROGRAMBUILDER_H

#include "pim/Conversion/PIMToISA/CellImages.h"
#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/ISA/Instruction.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mlir::pim {

/// The instructions of the LLVM-free library, not the dialect.
namespace inst = ::pim::isa;

enum class Element { I8, I16, I32, F32, I1, I64 };

/// The element of a tensor type in memory. REQUIRES: the type is one of these.
Element elementOf(Type type);
int64_t bytesOf(Element element);

enum class Space { Global, Scratchpad };

/// A value in global memory. Pitches are the bytes between neighbouring rows and columns; 0 for
/// both of a dense value.
struct GlobalPlace {
  int64_t address = 0, rowPitch = 0, colPitch = 0;
};

struct TensorDescriptor {
  Space space = Space::Global;
  Element element = Element::I8;
  int64_t core = 0;
  int64_t base = 0;
  std::array<int64_t, 4> sizes{1, 1, 1, 1};
  std::array<int64_t, 4> strides{0, 0, 0, 0};
  auto operator<=>(const TensorDescriptor &) const = default;

  /// A tensor of `type` in global memory, row-major. Dimensions beyond four are merged into the
  /// first. REQUIRES: what is not dense is a feature map 1xHxWxC.
  static TensorDescriptor global(RankedTensorType type, GlobalPlace place);
};

/// Where `layer`'s schedule puts its first result.
inline GlobalPlace placeOfResult(LayerOp layer) {
  ScheduleAttr schedule = layer.getScheduleAttr();
  return {schedule.getResultAddress(), schedule.getRowPitch(), schedule.getColPitch()};
}

struct WindowDescriptor {
  Element element = Element::I8;
  int64_t base = 0;
  int64_t outRows = 1, outCols = 1;
  int64_t kernelRows = 1, kernelCols = 1;
  int64_t channels = 1;
  int64_t rowStep = 1, rowDilation = 1;
  int64_t firstCol = 0, colStep = 1, colDilation = 1;
  int64_t rows = 1, cols = 1;
  int64_t ringRows = 1;
  int64_t rowPitch = 0, colPitch = 0;
  int64_t padValue = 0;
  auto operator<=>(const WindowDescriptor &) const = default;
};

struct RequantizeTable {
  std::vector<int64_t> bias{0}, multiplier{int64_t(1) << 30}, shift{30};
  bool doubleRound = false, floatRound = false;
  int64_t inputZeroPoint = 0, outputZeroPoint = 0;
  int64_t min = INT32_MIN, max = INT32_MAX;
  auto operator<=>(const RequantizeTable &) const = default;
};

struct ArrayGroup {
  int64_t matrixRows = 0, matrixCols = 0;
  SlicingAttr slicing;
  std::vector<CellTile> tiles;
  std::vector<int64_t> neurons{}; ///< of each analog layer; empty for a matrix
  std::vector<double> feedbackOhm{};
};

/// Table entries, each kept once and numbered in the order of first use.
template <typename T> class Table {
public:
  int64_t index(const T &entry) {
    auto [found, isNew] = indices.try_emplace(entry, int64_t(entries.size()));
    if (isNew)
      entries.push_back(entry);
    return found->second;
  }
  const std::vector<T> &all() const { return entries; }

private:
  std::map<T, int64_t> indices;
  std::vector<T> entries;
};

/// One core of the program.
struct CoreBuilder {
  CoreBuilder(int64_t number, int64_t matrixRows, int64_t matrixColumns, unsigned cellBits)
      : number(number), cells(matrixRows, matrixColumns, cellBits) {}

  int64_t number;
  Table<TensorDescriptor> tensors;
  Table<WindowDescriptor> windows;
  Table<RequantizeTable> requantize;
  Table<std::vector<int64_t>> lookups;
  std::vector<ArrayGroup> groups;
  std::vector<inst::Instruction> code;
  CellImages cells;
  int64_t arrays = 0; ///< images of all rounds
  int64_t scratchpadBytes = 0;
  std::vector<int64_t> rounds;  ///< the first image of each; empty: programmed once, for good
  std::optional<int64_t> round; ///< that the arrays hold at the end of the code

  /// The image that the first array of a round holds.
  int64_t firstImage(int64_t round) const { return rounds.empty() ? 0 : rounds[size_t(round)]; }
  /// Physical arrays in use.
  int64_t physicalArrays() const;

  uint32_t tensor(const TensorDescriptor &descriptor) {
    return uint32_t(tensors.index(descriptor));
  }
  uint32_t window(const WindowDescriptor &descriptor) {
    return uint32_t(windows.index(descriptor));
  }
  uint32_t params(const RequantizeTable &table) { return uint32_t(requantize.index(table)); }
  void emit(const inst::Instruction &instruction) { code.push_back(instruction); }
};

struct HostCall {
  std::string name;
  std::vector<char> graph;
  std::vector<int64_t> inputs, outputs; ///< of ProgramBuilder::tensors
};

struct LayerEntry {
  struct Span {
    int64_t core, begin, end;
  };
  std::string name, op;
  int64_t macs = 0, arrays = 0, weights = 0;
  std::vector<Span> spans;
  int64_t output = -1; ///< of ProgramBuilder::tensors
  std::string reference, mapping;
};

struct PortEntry {
  std::string name;
  std::vector<int64_t> shape, permutation;
  Element element = Element::I8;
  double scale = 0;
  int64_t zeroPoint = 0, min = 0, max = 0;
  int64_t tensor = 0; ///< of ProgramBuilder::tensors
};

struct MemoryImage {
  int64_t address;
  ElementsAttr data;
};

/// What all cores share.
struct ProgramBuilder {
  Table<TensorDescriptor> tensors;
  std::vector<PortEntry> inputs, outputs;
  std::vector<HostCall> hostCalls;
  std::vector<LayerEntry> layers;
  std::vector<MemoryImage> images;
  std::map<int64_t, CoreBuilder> cores; ///< by number
  int64_t semaphores = 0;
  int64_t imagesInFlight = 1;
  int64_t globalMemoryBytes = 0;
  int64_t cellsUsed = 0;
  ArrayFactors arrays;
};

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_PROGRAMBUILDER_H
