//===- MemoryChannel.h - the port of global memory -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shares the bandwidth of global memory between cores. A transfer takes the channel alone for as
// long as its bytes need; it may fill a gap before transfers that start later. Owns no clock.
//
// Tested by runtime/tests/Timing/MemoryChannelTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_MEMORYCHANNEL_H
#define PIM_RUNTIME_TIMING_MEMORYCHANNEL_H

#include <cstdint>
#include <map>

namespace pim::runtime {

class MemoryChannel {
public:
  /// The first cycle at or after `cycle` from which the channel is free for `duration` cycles.
  uint64_t earliest(uint64_t cycle, uint64_t duration) const;
  /// Takes the channel for [cycle, cycle + duration). Returns false, and changes nothing, if it is
  /// not free then.
  bool reserve(uint64_t cycle, uint64_t duration);
  /// Forgets what is over at `cycle`. No later question may be about an earlier cycle.
  void retire(uint64_t cycle);

private:
  std::map<uint64_t, uint64_t> busy; ///< begin to end, without overlaps; neighbours are joined
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_MEMORYCHANNEL_H
