//===- AnalogChain.cpp - ternary layers laid into arrays --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/AnalogChain.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

TernaryLayer testing::randomLayer(std::mt19937 &random, size_t inputs, size_t outputs) {
  TernaryLayer layer(outputs, std::vector<int>(inputs + 1));
  for (auto &row : layer)
    for (int &weight : row)
      weight = int(random() % 3) - 1;
  return layer;
}

AnalogChain::AnalogChain(const std::vector<TernaryLayer> &layers, std::vector<double> feedbackOhm,
                         uint32_t rows, uint32_t pairs)
    : layout{rows, 2 * pairs, 1} {
  group.matrix_rows = uint32_t(layers.front().front().size() - 1);
  group.matrix_cols = uint32_t(layers.back().size());
  group.input_bits = 2;
  group.input_offset = 1;
  group.cell_bits = 1;
  group.slices = {{0, false}, {0, true}};
  group.feedback_ohm = std::move(feedbackOhm);
  uint32_t firstNeuron = 0, firstLine = 0;
  for (const TernaryLayer &layer : layers) {
    const uint32_t inputs = uint32_t(layer.front().size() - 1), outputs = uint32_t(layer.size());
    const uint32_t parts = (inputs + rows) / rows;
    for (uint32_t column = 0; column < outputs; column += pairs)
      for (uint32_t part = 0; part < parts; ++part) {
        auto tile = std::make_unique<fb::TileT>();
        tile->array = arrays++;
        words.resize(arrays * layout.words());
        tile->slice_count = 2;
        tile->output_begin = firstNeuron + column;
        tile->output_count = uint16_t(std::min(pairs, outputs - column));
        for (uint32_t i = part * rows; i < std::min((part + 1) * rows, inputs + 1); ++i) {
          tile->rows.push_back(i < inputs ? firstLine + i : group.matrix_rows);
          for (uint32_t o = 0; o < tile->output_count; ++o) {
            const int weight = layer[column + o][i];
            setPair(tile->array, uint32_t(tile->rows.size() - 1), o, weight > 0, weight < 0);
          }
        }
        tile->row_count = uint16_t(tile->rows.size());
        group.tiles.push_back(std::move(tile));
      }
    partitions.push_back(parts);
    group.neurons.push_back(outputs);
    firstLine = group.matrix_rows + 1 + firstNeuron;
    firstNeuron += outputs;
  }
}

void AnalogChain::setPair(uint32_t array, uint32_t row, uint32_t pair, unsigned plus,
                          unsigned minus) {
  for (auto [column, bit] : {std::pair(2 * pair, plus), std::pair(2 * pair + 1, minus)}) {
    uint64_t &word = words[array * layout.words() + layout.planeOffset(column, 0) + row / 64];
    const uint64_t mask = uint64_t(1) << row % 64;
    word = bit ? word | mask : word & ~mask;
  }
}

target::Target testing::analogTarget(uint32_t rows, uint32_t pairs) {
  target::Target target;
  target.array.kind = target::ArrayKind::Imac;
  target.array.rows = rows;
  target.array.cols = 2 * pairs;
  target.cell.bits = 1;
  target.cell.onOhm = 5000;
  target.cell.onOffRatio = 3;
  target.imacArray.supplyV = 0.8;
  target.imacArray.neuronRatio = 3;
  target.imacArray.converters = 4;
  target.adc.bits = 8;
  return target;
}
