//===- Windows.cpp - geometry of convolutions and pools -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/Windows.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// Far above any real kernel, stride or padding, and small enough that products fit 64 bits.
static constexpr int64_t maxWindowValue = int64_t(1) << 30;

/// A list attribute with one value per dimension, each in [minimum, maxWindowValue].
static FailureOr<SmallVector<int64_t>> getValues(const NodeBinder &binder, StringRef name,
                                                 size_t count, int64_t otherwise, int64_t minimum) {
  FailureOr<SmallVector<int64_t>> values =
      binder.getInts(name, SmallVector<int64_t>(count, otherwise));
  if (failed(values))
    return failure();
  if (values->empty() && count != 0) // exporters write an empty list for the default
    values->assign(count, otherwise);
  if (values->size() != count)
    return binder.fail("attribute '")
           << name << "' has " << values->size() << " values, expected " << count;
  for (int64_t value : *values)
    if (value < minimum || value > maxWindowValue)
      return binder.fail("attribute '") << name << "' has value " << value << ", expected at least "
                                        << minimum << " and at most " << maxWindowValue;
  return values;
}

static FailureOr<SmallVector<int64_t>> getKernel(const NodeBinder &binder, size_t rank,
                                                 ArrayRef<int64_t> kernel) {
  if (!binder.hasAttribute("kernel_shape")) {
    if (!kernel.empty())
      return SmallVector<int64_t>(kernel);
    return binder.fail("attribute 'kernel_shape' is missing");
  }
  FailureOr<SmallVector<int64_t>> values = getValues(binder, "kernel_shape", rank, 1, 1);
  if (failed(values))
    return failure();
  if (!kernel.empty() && ArrayRef<int64_t>(*values) != kernel)
    return binder.fail("attribute 'kernel_shape' is ")
           << shapeText(*values) << ", but the weights are " << shapeText(kernel);
  return values;
}

/// SAME: as many outputs as strides fit into the input; what padding that takes is split in halves.
static void padSame(WindowDim &dim, bool atEnd) {
  dim.output = (dim.input + dim.stride - 1) / dim.stride;
  int64_t total = std::max<int64_t>(0, (dim.output - 1) * dim.stride + dim.span() - dim.input);
  dim.padBegin = atEnd ? total / 2 : total - total / 2;
  dim.padEnd = total - dim.padBegin;
}

static LogicalResult setOutput(const NodeBinder &binder, WindowDim &dim, bool ceil) {
  int64_t room = dim.input + dim.padBegin + dim.padEnd - dim.span();
  if (room < 0)
    return binder.fail("a window of ")
           << dim.span() << " elements does not fit an input of " << dim.input << " with padding "
           << dim.padBegin << " and " << dim.padEnd;
  dim.output = room / dim.stride + 1;
  // With ceil_mode the last window may hang over the end, but it must start inside the input or its
  // front padding.
  if (ceil && room % dim.stride != 0 && dim.output * dim.stride < dim.input + dim.padBegin)
    ++dim.output;
  return success();
}

FailureOr<SmallVector<WindowDim>> mlir::pim::onnx::getWindow(const NodeBinder &binder,
                                                             ArrayRef<int64_t> input,
                                                             ArrayRef<int64_t> kernel) {
  size_t rank = input.size();
  FailureOr<SmallVector<int64_t>> kernels = getKernel(binder, rank, kernel);
  if (failed(kernels))
    return failure();
  auto strides = getValues(binder, "strides", rank, 1, 1);
  if (failed(strides))
    return failure();
  auto dilations = getValues(binder, "dilations", rank, 1, 1);
  if (failed(dilations))
    return failure();
  auto pads = getValues(binder, "pads", 2 * rank, 0, 0);
  if (failed(pads))
    return failure();
  FailureOr<StringRef> autoPad = binder.getString("auto_pad", "NOTSET");
  MaybeInt ceil = failed(autoPad) ? MaybeInt() : binder.getInt("ceil_mode", 0);
  if (failed(ceil))
    return failure();
  bool isSame = *autoPad == "SAME_UPPER" || *autoPad == "SAME_LOWER";
  bool usesPads = *autoPad == "NOTSET" || autoPad->empty();
  if (!isSame && !usesPads && *autoPad != "VALID")
    return binder.fail("attribute 'auto_pad' is '")
           << *autoPad << "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID";

  SmallVector<WindowDim> dims(rank);
  for (size_t index = 0; index < rank; ++index) {
    WindowDim &dim = dims[index];
    dim.input = input[index];
    dim.kernel = (*kernels)[index];
    dim.stride = (*strides)[index];
    dim.dilation = (*dilations)[index];
    if (isSame) {
      padSame(dim, *autoPad == "SAME_UPPER");
      continue;
    }
    if (usesPads) {
      dim.padBegin = (*pads)[index];
      dim.padEnd = (*pads)[rank + index];
    }
    if (failed(setOutput(binder, dim, *ceil != 0)))
      return failure();
  }
  return dims;
}
