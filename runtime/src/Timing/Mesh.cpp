//===- Mesh.cpp - links between routers ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/Mesh.h"

using namespace pim::runtime;

/// The directions that a link leaves its router in.
enum Direction : uint32_t { East, West, South, North };

std::vector<uint32_t> pim::runtime::linksBetween(MeshNode from, MeshNode to, uint32_t columns) {
  std::vector<uint32_t> links;
  auto leave = [&](Direction direction) {
    links.push_back((from.y * columns + from.x) * 4 + direction);
  };
  for (; from.x < to.x; ++from.x)
    leave(East);
  for (; from.x > to.x; --from.x)
    leave(West);
  for (; from.y < to.y; ++from.y)
    leave(South);
  for (; from.y > to.y; --from.y)
    leave(North);
  return links;
}

uint64_t Mesh::earliest(uint64_t cycle, std::span<const uint32_t> wanted, uint64_t linkCycles,
                        uint64_t memoryCycles) const {
  // Whoever is not free moves the transfer on, until all are.
  for (uint64_t before = cycle + 1; before != cycle;) {
    before = cycle;
    cycle = memory.earliest(cycle, memoryCycles);
    for (uint32_t link : wanted)
      if (const auto found = links.find(link); found != links.end())
        cycle = found->second.earliest(cycle, linkCycles);
  }
  return cycle;
}

bool Mesh::reserve(uint64_t cycle, std::span<const uint32_t> wanted, uint64_t linkCycles,
                   uint64_t memoryCycles) {
  if (earliest(cycle, wanted, linkCycles, memoryCycles) != cycle)
    return false;
  memory.reserve(cycle, memoryCycles);
  for (uint32_t link : wanted) {
    MemoryChannel &channel = links[link];
    channel.retire(retiredAt);
    channel.reserve(cycle, linkCycles);
  }
  return true;
}

void Mesh::retire(uint64_t cycle) {
  memory.retire(cycle);
  store.retire(cycle);
  retiredAt = cycle; // links forget when they are next used
}
