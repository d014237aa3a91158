//===- Costs.cpp - what an inference costs ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Energy/Costs.h"

#include <numeric>

using namespace pim::runtime;

const char *pim::runtime::componentName(Component component) {
  switch (component) {
  case Component::Array:
    return "array";
  case Component::Dac:
    return "dac";
  case Component::Adc:
    return "adc";
  case Component::ShiftAdd:
    return "shift_add";
  case Component::PopCount:
    return "popcount";
  case Component::Accumulate:
    return "accumulate";
  case Component::InputWrite:
    return "input_write";
  case Component::Dpu:
    return "dpu";
  case Component::Scratchpad:
    return "scratchpad";
  case Component::Dma:
    return "dma";
  case Component::GlobalMemory:
    return "global_memory";
  case Component::Noc:
    return "noc";
  case Component::Sequencer:
    return "sequencer";
  case Component::Programming:
    return "programming";
  case Component::Commit:
    return "commit";
  case Component::Leakage:
    return "leakage";
  case Component::Host:
    return "host";
  case Component::HostMac:
    return "host_mac";
  case Component::HostCache:
    return "host_cache";
  case Component::HostDram:
    return "host_dram";
  case Component::Neuron:
    return "neuron";
  }
  __builtin_unreachable();
}

Breakdown &Breakdown::operator+=(const Breakdown &other) {
  for (size_t i = 0; i < componentCount; ++i)
    parts[i] += other.parts[i];
  return *this;
}

Breakdown Breakdown::operator*(double factor) const {
  Breakdown result = *this;
  for (double &part : result.parts)
    part *= factor;
  return result;
}

double Breakdown::total() const { return std::accumulate(parts.begin(), parts.end(), 0.0); }
