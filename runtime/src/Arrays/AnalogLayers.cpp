//===- AnalogLayers.cpp - differential synapses and analog neurons ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/AnalogLayers.h"

#include "pim/Program/AnalogLayers.h"
#include "pim/Runtime/Faults/Conductance.h"
#include "pim/Runtime/Faults/ReadNoise.h"
#include "pim/Runtime/Faults/WireResistance.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;

/// A deviation of an amplifier or a neuron, which belongs to a pair of columns of an array.
static double deviation(const Die &die, Chance chance, uint32_t array, uint32_t pair) {
  return drawCellGaussian(die, chance, array, 0, pair);
}

/// [row][column]: what the cells of a whole array seem to conduct, in siemens.
static std::vector<double> siemensOf(uint32_t array, const CellImages &cells,
                                     const target::Target &target, const Die &die) {
  const Conductance device(target, die);
  const uint32_t rows = cells.layout.rows, columns = cells.layout.columns;
  const double unit = 1 / (device.on() * target.cell.onOhm);
  std::vector<double> siemens;
  siemens.reserve(size_t(rows) * columns);
  for (uint32_t r = 0; r < rows; ++r)
    for (uint32_t c = 0; c < columns; ++c)
      siemens.push_back(device.cell(array, r, c, cells.cell(array, r, c)) * unit);
  if (target.hasWireResistance())
    siemens = WireNetwork(rows, columns, siemens, wireOhms(target)).transfer();
  return siemens;
}

AnalogLayers::Partition AnalogLayers::makePartition(const fb::TileT &tile, double feedback,
                                                    const CellImages &cells,
                                                    const target::Target &target, const Die &die) {
  const target::Target::ImacArray &imac = target.imacArray;
  const std::vector<double> siemens = siemensOf(tile.array, cells, target, die);
  Partition part;
  for (uint32_t o = 0; o < tile.output_count; ++o) {
    const uint32_t pair = tile.col_offset / 2 + o;
    part.neurons.push_back(matrixColumn(tile, o));
    part.ohms.push_back(
        feedback *
        (1 + imac.amplifierGainSigma * deviation(die, Chance::AmplifierGain, tile.array, pair)));
    part.offsets.push_back(1e-3 * imac.amplifierOffsetMv *
                           deviation(die, Chance::AmplifierOffset, tile.array, pair));
  }
  for (uint32_t r = 0; r < tile.row_count; ++r) {
    part.lines.push_back(matrixRow(tile, r));
    const double *row = &siemens[size_t(tile.row_offset + r) * cells.layout.columns];
    for (uint32_t o = 0; o < tile.output_count; ++o) {
      const double plus = row[tile.col_offset + 2 * o], minus = row[tile.col_offset + 2 * o + 1];
      part.siemens.push_back(plus - minus);
      if (noiseAmperes > 0)
        part.drawn.push_back(plus + minus);
    }
  }
  part.array = tile.array;
  part.firstPair = tile.col_offset / 2;
  return part;
}

/// A neuron stands at the first array that holds a part of it.
void AnalogLayers::addNeurons(const fb::TileT &tile, const target::Target &target, const Die &die) {
  const target::Target::ImacArray &imac = target.imacArray;
  for (uint32_t o = 0; o < tile.output_count; ++o) {
    Neuron &neuron = neurons[matrixColumn(tile, o)];
    if (neuron.parts++ > 0)
      continue;
    const uint32_t pair = tile.col_offset / 2 + o;
    neuron.slope =
        4 * imac.neuronRatio / imac.supplyV *
        (1 + imac.neuronSlopeSigma * deviation(die, Chance::NeuronSlope, tile.array, pair));
    neuron.offset =
        1e-3 * imac.neuronOffsetMv * deviation(die, Chance::NeuronOffset, tile.array, pair);
  }
}

AnalogLayers::AnalogLayers(const fb::ArrayGroupT &group, const CellImages &cells,
                           const target::Target &target, const Die &die)
    : inputs(group.matrix_rows), lines(program::lineCount(group)), supply(target.imacArray.supplyV),
      rail(target.imacArray.amplifierRailV),
      noiseAmperes(target.cell.readNoiseSigma * target.cell.readNoiseSigma * supply /
                   target.cell.onOhm),
      die(die), largestCode((uint32_t(1) << target.adc.bits) - 1),
      neurons(program::columnCount(group)) {
  uint32_t first = 0;
  for (size_t i = 0; i < group.neurons.size(); ++i) {
    Layer &layer = layers.emplace_back(Layer{group.neurons[i], first, {}});
    for (const auto &tile : group.tiles) {
      const uint32_t neuron = matrixColumn(*tile, 0);
      if (neuron < first || neuron >= first + layer.neurons)
        continue;
      layer.partitions.push_back(makePartition(*tile, group.feedback_ohm[i], cells, target, die));
      addNeurons(*tile, target, die);
    }
    first += layer.neurons;
  }
  for (size_t n = 0; n < neurons.size(); ++n)
    if (neurons[n].parts == 0)
      fail("neuron ", n, " of the analog layers has no cells");
  if (hasConverterErrors(target))
    for (uint32_t o = 0; o < outputCount(); ++o)
      converters.push_back(errorOfConverter(target, die, group.tiles.front()->array,
                                            o % target.imacArray.converters));
}

void AnalogLayers::addNoise(const Partition &part, std::span<const double> volts, Occasion occasion,
                            std::span<double> currents) const {
  std::vector<double> drawn(currents.size());
  const double *siemens = part.drawn.data();
  for (uint32_t line : part.lines)
    for (double &current : drawn)
      current += std::fabs(volts[line]) * *siemens++;
  // One draw is enough for eight pairs; an array has 2,048 at most.
  std::array<double, 8> noise{};
  for (size_t o = 0; o < currents.size(); ++o) {
    const uint32_t pair = part.firstPair + uint32_t(o);
    if (o == 0 || pair % 8 == 0)
      noise = drawNoise(die, part.array << 8 | pair / 8, occasion.vector, occasion.sample);
    currents[o] += std::sqrt(noiseAmperes * drawn[o]) * noise[pair % 8];
  }
}

void AnalogLayers::run(std::span<const int> values, std::span<double> volts,
                       Occasion occasion) const {
  for (size_t i = 0; i < inputs; ++i)
    volts[i] = values[i] * supply;
  volts[inputs] = supply;
  std::vector<double> sums, currents;
  for (const Layer &layer : layers) {
    sums.assign(layer.neurons, 0);
    for (const Partition &part : layer.partitions) {
      const size_t pairs = part.neurons.size();
      currents.assign(pairs, 0);
      const double *siemens = part.siemens.data();
      for (uint32_t line : part.lines) {
        const double v = volts[line];
        for (size_t o = 0; o < pairs; ++o)
          currents[o] += v * siemens[o];
        siemens += pairs;
      }
      if (noiseAmperes > 0)
        addNoise(part, volts, occasion, currents);
      for (size_t o = 0; o < pairs; ++o) {
        double out = part.ohms[o] * currents[o] + part.offsets[o];
        if (rail > 0)
          out = std::clamp(out, -rail, rail);
        sums[part.neurons[o] - layer.firstNeuron] += out;
      }
    }
    for (uint32_t n = 0; n < layer.neurons; ++n) {
      const Neuron &neuron = neurons[layer.firstNeuron + n];
      const double v = sums[n] / neuron.parts + neuron.offset;
      volts[inputs + 1 + layer.firstNeuron + n] = supply / (1 + std::exp(neuron.slope * v));
    }
  }
}

void AnalogLayers::convert(std::span<const double> volts, std::span<int32_t> results) const {
  const double *outputs = &volts[lines - results.size()];
  for (size_t o = 0; o < results.size(); ++o) {
    double share = outputs[o] / supply;
    if (!converters.empty()) {
      const ConverterError &error = converters[o];
      share =
          error.gain * share + (error.offset + error.bend * 4 * share * (1 - share)) / largestCode;
    }
    results[o] = program::convertNeuron(share, largestCode);
  }
}
