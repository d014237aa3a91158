//===- Program.h - a compiled program --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program in memory, and how it gets to and from the bytes of a .pimb file. The header is the
// object form of Program.fbs, whose comments say what every field means; the bulk data lies beside
// it. docs/BinaryFormat.md draws the file. Tested by unittests/Program.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_PROGRAM_H
#define PIM_PROGRAM_PROGRAM_H

#include "pim/Program/Program_generated.h"
#include "pim/Target/Target.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pim::program {

/// How the cells of one array lie in its image: for each column and each bit of its cells one
/// plane, a run of 64-bit words with the cell of row r at bit r mod 64 of word r/64. Rows are the
/// dimension that an array sums over.
struct CellLayout {
  uint32_t rows;
  uint32_t columns;
  uint32_t bits;

  static CellLayout of(const target::Target &target) {
    return {target.matrixRows(), target.matrixColumns(), target.cell.bits};
  }
  size_t wordsPerPlane() const { return (size_t(rows) + 63) / 64; }
  /// Where the plane of `bit` of `column` starts, in words from the start of the image.
  size_t planeOffset(uint32_t column, uint32_t bit) const {
    return (size_t(column) * bits + bit) * wordsPerPlane();
  }
  /// Words of one array's image.
  size_t words() const { return size_t(columns) * bits * wordsPerPlane(); }
};

/// The cell images [first, second) of a round of a core; all of them where it has no rounds.
std::pair<uint32_t, uint32_t> imagesOfRound(const fb::CoreT &core, size_t round);
/// The physical array that holds a cell image while its round lasts.
uint32_t physicalArray(const fb::CoreT &core, uint32_t image);
/// Physical arrays that a core uses.
uint32_t physicalArrays(const fb::CoreT &core);

/// A compiled program. What read() returns has been verified; a program under construction need not
/// hold together until write().
struct Program {
  /// Everything but the bulk data. `segments` is empty: write() makes it.
  fb::ProgramT header;
  /// Instruction words of all cores, one core after the other.
  std::vector<uint64_t> code;
  /// Cell images of all arrays in use: cores in order, arrays by ordinal, each laid out as
  /// CellLayout says.
  std::vector<uint64_t> cells;
  /// What header.memory_images refer to.
  std::vector<std::byte> constants;
  /// The graph that `--check` runs (graph::serialize), or empty.
  std::vector<std::byte> reference;

  /// Appends a core with its code and cells and returns its index.
  size_t addCore(fb::CoreT core, std::span<const uint64_t> coreCode,
                 std::span<const uint64_t> coreCells);
  /// Appends bytes that global memory holds at `address` before the program starts.
  void addMemoryImage(uint64_t address, std::span<const std::byte> bytes);
  void setTarget(const target::Target &target);

  /// True if the whole model is one graph on the host (see Program.fbs).
  bool isHostProgram() const { return header.cores.empty() && header.host_calls.size() == 1; }

  /// The embedded target. Throws pim::Error if it is none.
  target::Target target() const;

  /// The code and the cells of a core. REQUIRES: a verified program, or cores made by addCore().
  std::span<const uint64_t> codeOf(size_t core) const;
  std::span<const uint64_t> cellsOf(size_t core) const;
};

/// What the rows and the outputs of a group's tiles are counted in: rows and columns of its matrix,
/// or lines and neurons where it is a chain of analog layers.
uint32_t lineCount(const fb::ArrayGroupT &group);
uint32_t columnCount(const fb::ArrayGroupT &group);

/// Throws pim::Error at the first thing that does not hold together: an index outside its table, a
/// descriptor outside its memory, a tile outside its array, code that does not decode, a port that
/// does not fit its tensor.
void verify(const Program &program);

/// The bytes of a .pimb file; equal programs give equal bytes. Throws pim::Error if the program
/// does not verify.
std::vector<std::byte> write(const Program &program);

/// Reads and verifies a .pimb file in memory; nothing of `bytes` is referred to afterwards. Throws
/// pim::Error.
Program read(std::span<const std::byte> bytes);

/// read() of a file. Throws pim::Error that starts with `path: `.
Program readFile(const std::string &path);

} // namespace pim::program

#endif // PIM_PROGRAM_PROGRAM_H
