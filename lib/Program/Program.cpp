//===- Program.cpp - a compiled program in memory -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <numeric>

namespace pim::program {

std::pair<uint32_t, uint32_t> imagesOfRound(const fb::CoreT &core, size_t round) {
  if (core.rounds.empty())
    return {0, core.arrays};
  return {core.rounds[round],
          round + 1 < core.rounds.size() ? core.rounds[round + 1] : core.arrays};
}

uint32_t physicalArray(const fb::CoreT &core, uint32_t image) {
  auto after = std::upper_bound(core.rounds.begin(), core.rounds.end(), image);
  return after == core.rounds.begin() ? image : image - *(after - 1);
}

uint32_t physicalArrays(const fb::CoreT &core) {
  uint32_t most = 0;
  for (size_t round = 0; round < std::max<size_t>(1, core.rounds.size()); ++round) {
    auto [begin, end] = imagesOfRound(core, round);
    most = std::max(most, end - begin);
  }
  return most;
}

size_t Program::addCore(fb::CoreT core, std::span<const uint64_t> coreCode,
                        std::span<const uint64_t> coreCells) {
  core.code_offset = code.size();
  core.code_words = coreCode.size();
  core.cell_offset = cells.size() * sizeof(uint64_t);
  code.insert(code.end(), coreCode.begin(), coreCode.end());
  cells.insert(cells.end(), coreCells.begin(), coreCells.end());
  header.cores.push_back(std::make_unique<fb::CoreT>(std::move(core)));
  return header.cores.size() - 1;
}

void Program::addMemoryImage(uint64_t address, std::span<const std::byte> bytes) {
  auto image = std::make_unique<fb::MemoryImageT>();
  image->address = address;
  image->offset = constants.size();
  image->size = bytes.size();
  constants.insert(constants.end(), bytes.begin(), bytes.end());
  header.memory_images.push_back(std::move(image));
}

void Program::setTarget(const target::Target &target) {
  header.target.clear();
  for (auto &[key, value] : target.parameters()) {
    auto parameter = std::make_unique<fb::TargetParameterT>();
    parameter->key = key;
    parameter->value = value;
    header.target.push_back(std::move(parameter));
  }
}

static uint32_t neuronCount(const fb::ArrayGroupT &group) {
  return std::accumulate(group.neurons.begin(), group.neurons.end(), uint32_t(0));
}

uint32_t lineCount(const fb::ArrayGroupT &group) {
  return group.neurons.empty() ? group.matrix_rows : group.matrix_rows + 1 + neuronCount(group);
}

uint32_t columnCount(const fb::ArrayGroupT &group) {
  return group.neurons.empty() ? group.matrix_cols : neuronCount(group);
}

target::Target Program::target() const {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto &parameter : header.target)
    parameters.emplace_back(parameter->key, parameter->value);
  return target::Target::fromParameters(parameters);
}

std::span<const uint64_t> Program::codeOf(size_t core) const {
  const fb::CoreT &entry = *header.cores.at(core);
  return std::span(code).subspan(entry.code_offset, entry.code_words);
}

std::span<const uint64_t> Program::cellsOf(size_t core) const {
  // Images follow one another in the order of the cores.
  size_t begin = header.cores.at(core)->cell_offset / sizeof(uint64_t);
  size_t end = core + 1 < header.cores.size()
                   ? header.cores[core + 1]->cell_offset / sizeof(uint64_t)
                   : cells.size();
  return std::span(cells).subspan(begin, end - begin);
}

} // namespace pim::program
