//===- LoadedProgram.cpp - a program, decoded -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/LoadedProgram.h"

#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

/// A minute or two of the simulator; the largest networks execute some millions.
static constexpr uint64_t maxExecuted = uint64_t(1) << 32;

/// Instructions that a core executes, loops counted as often as they run.
static uint64_t countExecuted(const std::vector<isa::Instruction> &code) {
  struct OpenLoop {
    size_t end;
    uint64_t runs;
  };
  std::vector<OpenLoop> open;
  uint64_t total = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    while (!open.empty() && open.back().end == i)
      open.pop_back();
    const uint64_t runs = open.empty() ? 1 : open.back().runs;
    total += runs;
    if (const auto *loop = code[i].getIf<isa::Loop>())
      open.push_back({i + 1 + loop->length, std::min(runs * loop->count, maxExecuted)});
    if (total > maxExecuted)
      break;
    if (code[i].getIf<isa::Halt>())
      break;
  }
  return total;
}

static void markLayers(const fb::ProgramT &header, std::vector<LoadedCore> &cores) {
  for (size_t layer = 0; layer < header.layers.size(); ++layer)
    for (const fb::Span &span : header.layers[layer]->spans)
      for (uint32_t i = span.begin(); i < span.end(); ++i) {
        int32_t &owner = cores[span.core()].layerOf[i];
        if (owner >= 0)
          fail("instruction ", i, " of core ", span.core(), " belongs to layer '",
               header.layers[size_t(owner)]->name, "' and to layer '", header.layers[layer]->name,
               "'");
        owner = int32_t(layer);
      }
}

LoadedProgram::LoadedProgram(std::shared_ptr<const program::Program> source,
                             const target::Target &target)
    : program(std::move(source)), target(target) {
  program::verify(*program);
  for (size_t i = 0; i < header().cores.size(); ++i) {
    LoadedCore &core = cores.emplace_back();
    core.tables = header().cores[i].get();
    core.code = isa::decodeAll(program->codeOf(i));
    core.layerOf.assign(core.code.size(), -1);
    for (const auto &tensor : core.tables->tensors)
      core.boxes.emplace_back(*tensor);
    if (countExecuted(core.code) >= maxExecuted)
      fail("core ", i, " executes more than 2^32 instructions in an inference");
  }
  for (const auto &tensor : header().tensors)
    tensors.emplace_back(*tensor);
  markLayers(header(), cores);
  for (const auto &call : header().host_calls)
    graphs.push_back(graph::deserialize(std::as_bytes(std::span(call->graph))));
}

bool LoadedProgram::hasCommits() const {
  return std::any_of(cores.begin(), cores.end(), [](const LoadedCore &core) {
    return std::any_of(core.code.begin(), core.code.end(), [](const isa::Instruction &instruction) {
      return instruction.getIf<isa::Commit>() != nullptr;
    });
  });
}

std::string LoadedProgram::describe(size_t core, size_t position) const {
  std::string text = "core " + std::to_string(core);
  const LoadedCore &loaded = cores[core];
  if (position < loaded.code.size()) {
    if (loaded.layerOf[position] >= 0)
      text += ", layer '" + header().layers[size_t(loaded.layerOf[position])]->name + "'";
    text += ", instruction " + std::to_string(position) + " '" + isa::print(loaded.code[position]) +
            "'";
  }
  return text;
}
