//===- Costs.h - what an inference costs -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Latency, energy and area of a program on its target, as `pim-run --report` prints them. All of it
// follows from the program and the target alone, never from the values computed: docs/cost-model.md
// has the formulas.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ENERGY_COSTS_H
#define PIM_RUNTIME_ENERGY_COSTS_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pim::runtime {

/// The parts of the machine that energy and area are reported by.
enum class Component {
  Array,        ///< cells: analog reads of a crossbar, two-row ANDs of a sub-array
  Dac,          ///< drivers of the word lines
  Adc,          ///< conversions of the bit lines
  ShiftAdd,     ///< shift-and-add behind the converters
  PopCount,     ///< compressor trees of AND arrays
  Accumulate,   ///< shift-accumulators of AND arrays
  InputWrite,   ///< input planes written into AND arrays
  Dpu,          ///< vector unit
  Scratchpad,   ///< bytes read and written there
  Dma,          ///< bytes moved
  GlobalMemory, ///< bytes read and written there
  Noc,          ///< bytes times hops to the memory port or between cores
  Sequencer,    ///< instructions issued
  Programming,  ///< cells written by `reprogram`, and their images read from the weight store
  Commit,       ///< state made durable by `commit` instructions
  Leakage,      ///< static power of what has a supply
  Host,         ///< power of the host processor while it runs calls
  HostMac,      ///< multiply-accumulates of the host, where the target states them apart
  HostCache,    ///< bytes between its registers and caches
  HostDram,     ///< bytes between its last cache and memory
  Neuron,       ///< amplifiers and neurons of `imac` arrays
};
inline constexpr size_t componentCount = size_t(Component::Neuron) + 1;

/// The key of a component in reports: "array", "shift_add", ...
const char *componentName(Component component);

/// One number for each component.
struct Breakdown {
  std::array<double, componentCount> parts{};

  double &operator[](Component component) { return parts[size_t(component)]; }
  double operator[](Component component) const { return parts[size_t(component)]; }
  Breakdown &operator+=(const Breakdown &other);
  Breakdown operator*(double factor) const;
  double total() const;
};

struct LayerCosts {
  std::string name;
  std::string op;
  std::string mapping;
  uint64_t macs = 0;
  uint64_t arrays = 0;
  uint64_t weights = 0;
  /// First cycle in which an instruction of the layer issues and last in which one completes, in
  /// seconds from the start of the inference. Layers may overlap, so their latencies need not add
  /// up to that of the inference.
  double beginSeconds = 0, endSeconds = 0;
  double latencySeconds() const { return endSeconds - beginSeconds; }
  /// Time in which the units of all cores were at work for the layer, added up.
  double arraysBusySeconds = 0, dpuBusySeconds = 0, dmaBusySeconds = 0, hostBusySeconds = 0;
  /// Joules. Leakage is the share of the inference's by latency.
  Breakdown energyJoules;
  uint64_t executedInstructions = 0;
};

struct Costs {
  /// Time of one inference, from the first instruction to the end of the last.
  double latencySeconds = 0;
  /// Time between the ends of two inferences in a long stream: the latency, unless several images
  /// are in flight.
  double intervalSeconds = 0;
  uint64_t imagesInFlight = 1;
  uint64_t cycles = 0;
  /// Joules per inference of a stream: static power counts for an interval.
  Breakdown energyJoules;
  /// The leakage among them, by what leaks: its total is energyJoules[Component::Leakage].
  Breakdown staticJoules;
  /// Joules of an inference with no other in flight: static power counts for the latency.
  double aloneJoules = 0;
  /// Of a stream of inferences.
  double averagePowerWatts() const {
    return intervalSeconds > 0 ? energyJoules.total() / intervalSeconds : 0;
  }
  /// While one inference runs and no other.
  double alonePowerWatts() const { return latencySeconds > 0 ? aloneJoules / latencySeconds : 0; }
  /// Square millimetres of the whole chip (every core of the mesh, used or not).
  Breakdown areaSquareMillimetres;
  /// Instructions that all cores execute in an inference, loops counted as often as they run.
  uint64_t executedInstructions = 0;
  /// Cells written in an inference by `reprogram`, and the most writes of one cell among them.
  uint64_t cellWrites = 0, writesPerCell = 0;
  /// In the order of the program. What lies between layers belongs to `other`.
  std::vector<LayerCosts> layers;
  LayerCosts other;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ENERGY_COSTS_H
