//===- AnalogLayers.h - differential synapses and analog neurons *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fully connected layers behind one another without converters in between, as the IMAC circuits
// build them: a pair of cells for each ternary weight on the lines I+ and I-, a differential
// amplifier for each pair of columns of an array, the amplifiers of arrays that hold parts of one
// neuron tied together, so that the mean of their voltages reaches it, and neurons whose divider
// around an inverter gives a falling sigmoid. Sources and equations: docs/imac.md.
//
//   V_a = R_f (I+ - I-),  v = mean of V_a over arrays,  out = supply / (1 + exp(k v)),
//   k = 4 neuron_ratio / supply
//
// Currents come from the cells as they are programmed, with their spread (Conductance.h) and, where
// wires have resistance, from the network of the whole array (WireResistance.h). From read to read
// the currents of a pair fluctuate with the variance (see ReadNoise.h)
//   sigma^2 * (supply / R_low) * sum of |V| (g+ + g-)
// Everything is in double precision and in one order, whatever the number of threads.
//
// Tested by runtime/tests/Arrays/AnalogLayersTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_ANALOGLAYERS_H
#define PIM_RUNTIME_ARRAYS_ANALOGLAYERS_H

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Faults/ConverterErrors.h"

namespace pim::runtime {

class AnalogLayers {
public:
  /// REQUIRES: `group` has neurons and has been verified. Throws pim::Error if a neuron has no
  /// cells.
  AnalogLayers(const fb::ArrayGroupT &group, const CellImages &cells, const target::Target &target,
               const Die &die);

  uint32_t lineCount() const { return uint32_t(lines); }
  uint32_t outputCount() const { return layers.back().neurons; }

  /// Drives the first lines with `inputs` times the supply and computes all others in `volts`,
  /// which has lineCount() entries, the outputs last. `occasion` is that of this vector.
  void run(std::span<const int> inputs, std::span<double> volts, Occasion occasion = {}) const;

  /// What the converters return for the outputs behind `volts`.
  void convert(std::span<const double> volts, std::span<int32_t> results) const;

private:
  /// What one array adds to the neurons of a layer.
  struct Partition {
    std::vector<uint32_t> lines;   ///< that drive its rows
    std::vector<uint32_t> neurons; ///< of its pairs of columns
    std::vector<double> siemens;   ///< [row][pair]: I+ - I- for one volt at the row
    std::vector<double> drawn;     ///< [row][pair]: I+ + I-, if reads are noisy
    uint32_t array = 0, firstPair = 0;
    std::vector<double> ohms;    ///< [pair]: gain of the amplifier
    std::vector<double> offsets; ///< [pair]: of the amplifier, in volts
  };
  struct Layer {
    uint32_t neurons, firstNeuron;
    std::vector<Partition> partitions;
  };
  struct Neuron {
    double parts = 0; ///< arrays whose mean it sees
    double slope = 0; ///< k, per volt
    double offset = 0;
  };

  Partition makePartition(const fb::TileT &tile, double feedback, const CellImages &cells,
                          const target::Target &target, const Die &die);
  /// Adds to the current of each pair of a partition what reading it at `occasion` does.
  void addNoise(const Partition &part, std::span<const double> volts, Occasion occasion,
                std::span<double> currents) const;
  void addNeurons(const fb::TileT &tile, const target::Target &target, const Die &die);

  size_t inputs, lines;
  double supply, rail;
  /// sigma^2 * supply / R_low: the variance of a current over it, in amperes; 0 without noise.
  double noiseAmperes;
  Die die;
  uint32_t largestCode;
  std::vector<Layer> layers;
  std::vector<Neuron> neurons;
  std::vector<ConverterError> converters; ///< of each output; empty where they are ideal
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_ANALOGLAYERS_H
