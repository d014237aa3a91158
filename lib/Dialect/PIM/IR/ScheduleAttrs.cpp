//===- ScheduleAttrs.cpp - buffers and schedules -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a layer goes through the scratchpad; negative tests in test/Dialect/PIM/attrs-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim;

LogicalResult BufferAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                 int64_t address, int64_t bytes, int64_t copies) {
  // buffer_c1
  if (address < 0 || bytes < 1 || copies < 1)
    return emitError() << "buffer '" << name << "' has address " << address << ", " << bytes
                       << " bytes and " << copies << " copies, expected at least 0, 1 and 1";
  return success();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t blockRows,
                                   int64_t blockCols, int64_t blockChannels, int64_t ringRows,
                                   int64_t scratchpadBytes, int64_t resultAddress, int64_t rowPitch,
                                   int64_t colPitch, bool inPlace, int64_t partialAddress,
                                   ArrayRef<BufferAttr> buffers) {
  // schedule_c1
  for (auto [name, value] :
       {std::pair("block_rows", blockRows), std::pair("block_cols", blockCols),
        std::pair("block_channels", blockChannels), std::pair("ring_rows", ringRows),
        std::pair("scratchpad_bytes", scratchpadBytes), std::pair("result_address", resultAddress),
        std::pair("row_pitch", rowPitch), std::pair("col_pitch", colPitch),
        std::pair("partial_address", partialAddress)})
    if (value < 0)
      return emitError() << name << " is " << value << ", expected at least 0";
  // schedule_c4
  if ((rowPitch == 0) != (colPitch == 0))
    return emitError() << "row_pitch is " << rowPitch << " and col_pitch " << colPitch
                       << ", expected both or none to be 0";
  SmallVector<BufferAttr> sorted(buffers);
  llvm::stable_sort(sorted,
                    [](BufferAttr a, BufferAttr b) { return a.getAddress() < b.getAddress(); });
  for (size_t i = 0; i < sorted.size(); ++i) {
    // schedule_c2
    if (sorted[i].getEnd() > scratchpadBytes)
      return emitError() << "buffer '" << sorted[i].getName() << "' ends at " << sorted[i].getEnd()
                         << ", the scratchpad has " << scratchpadBytes << " bytes";
    // schedule_c3
    if (i > 0 && sorted[i].getAddress() < sorted[i - 1].getEnd())
      return emitError() << "buffers '" << sorted[i - 1].getName() << "' and '"
                         << sorted[i].getName() << "' overlap";
  }
  return success();
}

BufferAttr ScheduleAttr::lookup(StringRef name) const {
  auto *found =
      llvm::find_if(getBuffers(), [&](BufferAttr buffer) { return buffer.getName() == name; });
  return found == getBuffers().end() ? BufferAttr() : *found;
}

int64_t ScheduleAttr::getUsedBytes() const {
  int64_t used = 0;
  for (BufferAttr buffer : getBuffers())
    used = std::max(used, buffer.getEnd());
  return used;
}
