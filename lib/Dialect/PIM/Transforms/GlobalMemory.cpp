//===- GlobalMemory.cpp - addresses for values between layers --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GlobalMemory.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir::pim;

int64_t GlobalMemory::allocate(int64_t bytes) {
  int64_t size = int64_t(llvm::alignTo(std::max<int64_t>(bytes, 1), globalAlignment)), address = 0;
  for (auto [begin, end] : ranges) {
    if (begin - address >= size)
      break;
    address = end;
  }
  ranges[address] = address + size;
  highest = std::max(highest, address + size);
  return address;
}

void GlobalMemory::release(int64_t address) { ranges.erase(address); }
