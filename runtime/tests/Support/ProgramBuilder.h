//===- ProgramBuilder.h - small programs, for tests ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds programs by hand: descriptors, code as structures, tables. Linked into tests alone.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_SUPPORT_PROGRAMBUILDER_H
#define PIM_RUNTIME_TESTS_SUPPORT_PROGRAMBUILDER_H

#include "Support/MappedMatrix.h"

#include "pim/ISA/Codec.h"

namespace pim::runtime::testing {

/// A target with round numbers: 1 GHz, 16 bytes a cycle everywhere, 128x128 arrays.
target::Target testTarget(target::ArrayKind kind = target::ArrayKind::Xbar, uint32_t cores = 2);

/// A dense box of global memory or of the scratchpad of `core`. Fewer than four sizes are the inner
/// ones.
fb::TensorDescriptorT box(fb::Space space, fb::ElementType element, uint64_t base,
                          std::vector<uint32_t> sizes, uint16_t core = 0);

class CoreBuilder {
public:
  explicit CoreBuilder(uint16_t number) : number(number) {}

  uint32_t tensor(fb::TensorDescriptorT descriptor);
  uint32_t global(fb::ElementType element, uint64_t base, std::vector<uint32_t> sizes) {
    return tensor(box(fb::Space::Global, element, base, std::move(sizes)));
  }
  uint32_t local(fb::ElementType element, uint64_t base, std::vector<uint32_t> sizes) {
    return tensor(box(fb::Space::Scratchpad, element, base, std::move(sizes), number));
  }
  uint32_t window(fb::WindowDescriptorT window);
  uint32_t params(fb::RequantizeT table);
  uint32_t lookup(std::vector<int32_t> entries);
  /// Takes the arrays of `matrix`, behind those that the core has.
  uint32_t group(const MappedMatrix &matrix, int32_t inputOffset);
  /// Returns the position of the instruction.
  uint32_t emit(const isa::Instruction &instruction);

  fb::CoreT tables;
  std::vector<uint64_t> code;
  std::vector<uint64_t> cells;
  uint16_t number;
};

class ProgramBuilder {
public:
  explicit ProgramBuilder(target::Target target) : target(std::move(target)) {}

  CoreBuilder &core();
  /// A tensor of the program.
  uint32_t tensor(fb::TensorDescriptorT descriptor);
  void input(const std::string &name, uint32_t tensor);
  void output(const std::string &name, uint32_t tensor);
  fb::LayerT &layer(const std::string &name, std::vector<fb::Span> spans, int32_t output = -1);

  /// The program; the builder is empty after that.
  std::shared_ptr<const program::Program> finish();

  target::Target target;
  fb::ProgramT header;

private:
  std::vector<std::unique_ptr<CoreBuilder>> cores;
};

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_SUPPORT_PROGRAMBUILDER_H
