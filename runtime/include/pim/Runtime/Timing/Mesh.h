//===- Mesh.h - links between routers --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The links of a mesh, each one way and with the bandwidth of one transfer at a time. Transfers go
// along the row of their source first, then along the column of their destination. Owns no clock.
//
// Tested by runtime/tests/Timing/MeshTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_MESH_H
#define PIM_RUNTIME_TIMING_MESH_H

#include "pim/Runtime/Timing/MemoryChannel.h"

#include <span>
#include <vector>

namespace pim::runtime {

struct MeshNode {
  uint32_t x = 0, y = 0;
};

/// The links from one router to another; a link is a number that fits no other. `columns` of the
/// mesh.
std::vector<uint32_t> linksBetween(MeshNode from, MeshNode to, uint32_t columns);

/// Global memory and all links, shared by all cores.
class Mesh {
public:
  /// The first cycle at or after `cycle` from which all `links` are free for `linkCycles` and
  /// global memory for `memoryCycles`, each of which may be 0.
  uint64_t earliest(uint64_t cycle, std::span<const uint32_t> links, uint64_t linkCycles,
                    uint64_t memoryCycles) const;
  /// Takes them from `cycle` on. Returns false, and changes nothing, if they are not free then.
  bool reserve(uint64_t cycle, std::span<const uint32_t> links, uint64_t linkCycles,
               uint64_t memoryCycles);
  /// The memory of the images that `reprogram` writes, at the corner where global memory is.
  MemoryChannel &weightStore() { return store; }
  /// Forgets what is over at `cycle`. No later question may be about an earlier cycle.
  void retire(uint64_t cycle);

private:
  MemoryChannel memory, store;
  std::map<uint32_t, MemoryChannel> links; ///< those that were ever used
  uint64_t retiredAt = 0;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_MESH_H
