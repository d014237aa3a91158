//===- Windows.cpp - windows that slide over images -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Windows.h"
#include "pim/Support/Magnitude.h"

#include <algorithm>

using namespace pim;
using namespace pim::onnx;

/// Bound on every size and step, so that their products and sums do not overflow.
static constexpr int64_t sizeLimit = int64_t(1) << 30;

std::vector<int64_t> Windows::offsets(int64_t first, int64_t last) const {
  int64_t count = last - first;
  size_t rank = input.size();
  std::vector<int64_t> result(checkedCount(std::array{taps(), count}, sizeof(int64_t)));
  Shape outputStrides = rowMajorStrides(output), kernelStrides = rowMajorStrides(kernel);
  Shape inputStrides = rowMajorStrides(input);
  for (int64_t tap = 0, end = taps(); tap < end; ++tap)
    for (int64_t window = first; window < last; ++window) {
      int64_t offset = 0;
      for (size_t d = 0; d < rank && offset >= 0; ++d) {
        int64_t at = window / outputStrides[d] % output[d] * strides[d] - before[d] +
                     tap / kernelStrides[d] % kernel[d] * dilations[d];
        offset = at < 0 || at >= input[d] ? -1 : offset + at * inputStrides[d];
      }
      result[tap * count + window - first] = offset;
    }
  return result;
}

int64_t Windows::paddedTaps(int64_t index) const {
  Shape outputStrides = rowMajorStrides(output);
  int64_t count = 1;
  for (size_t d = 0; d < input.size(); ++d) {
    int64_t start = index / outputStrides[d] % output[d] * strides[d];
    int64_t room = input[d] + before[d] + after[d] - start;
    count *= std::clamp<int64_t>((room + dilations[d] - 1) / dilations[d], 0, kernel[d]);
  }
  return count;
}

Shape pim::onnx::kernelShape(const Call &call, int64_t rank) {
  Shape kernel = call.intList("kernel_shape");
  call.require(int64_t(kernel.size()) == rank, "attribute 'kernel_shape' has ", kernel.size(),
               " entries for ", rank, " dimensions");
  return kernel;
}

/// A list of positive numbers, one for each of `rank` dimensions, or ones.
static Shape positives(const Call &call, const char *name, size_t rank) {
  Shape list = call.intList(name);
  if (list.empty())
    list.assign(rank, 1);
  call.require(list.size() == rank, "attribute '", name, "' has ", list.size(), " entries for ",
               rank, " dimensions");
  for (int64_t each : list)
    call.require(each > 0 && each <= sizeLimit, "attribute '", name, "' holds ", each);
  return list;
}

/// What every kind of window shares; paddings are as the attribute `pads` says, or zero.
static Windows bindCommon(const Call &call, const Shape &spatial, const Shape &kernel) {
  size_t rank = spatial.size();
  call.require(rank >= 1 && kernel.size() == rank, "a window of ", kernel.size(),
               " dimensions over an image of ", rank);
  Windows windows{spatial,
                  Shape(rank),
                  kernel,
                  positives(call, "strides", rank),
                  positives(call, "dilations", rank),
                  Shape(rank, 0),
                  Shape(rank, 0)};
  for (size_t d = 0; d < rank; ++d)
    call.require(kernel[d] > 0 && kernel[d] <= sizeLimit && spatial[d] <= sizeLimit, "a window of ",
                 kernel[d], " over ", spatial[d], " elements");
  checkedCount(kernel, 1);
  Shape pads = call.intList("pads");
  std::string automatic = call.text("auto_pad", "NOTSET");
  call.require(automatic == "NOTSET" || automatic.empty() || automatic == "VALID" ||
                   automatic == "SAME_UPPER" || automatic == "SAME_LOWER",
               "attribute 'auto_pad' is '", automatic, "'");
  if (pads.empty() || !(automatic == "NOTSET" || automatic.empty()))
    return windows;
  call.require(pads.size() == 2 * rank, "attribute 'pads' has ", pads.size(), " entries for ", rank,
               " dimensions");
  for (size_t d = 0; d < rank; ++d) {
    call.require(isWithin(pads[d], sizeLimit) && isWithin(pads[rank + d], sizeLimit),
                 "attribute 'pads' holds a number that is too large");
    windows.before[d] = pads[d];
    windows.after[d] = pads[rank + d];
  }
  return windows;
}

/// Refuses windows that only a hostile model has: their taps could never be walked.
static void limitWork(const Call &call, const Windows &windows) {
  int64_t work;
  checkedCount(windows.output, 1);
  checkedCount(windows.input, 1);
  call.require(!__builtin_mul_overflow(windows.taps(), windows.outputs(), &work) &&
                   work < int64_t(1) << 33,
               windows.outputs(), " windows of ", windows.taps(), " elements are too many");
}

Windows pim::onnx::bindWindows(const Call &call, const Shape &input, const Shape &kernel) {
  call.require(input.size() >= 3, "operand 0 of shape ", shapeText(input), " is no image");
  Windows windows = bindCommon(call, Shape(input.begin() + 2, input.end()), kernel);
  std::string automatic = call.text("auto_pad", "NOTSET");
  bool ceil = call.integer("ceil_mode", 0);
  for (size_t d = 0; d < kernel.size(); ++d) {
    int64_t size = windows.input[d], stride = windows.strides[d];
    int64_t reach = (kernel[d] - 1) * windows.dilations[d] + 1;
    if (automatic.starts_with("SAME")) {
      int64_t count = (size + stride - 1) / stride;
      int64_t padding = std::max<int64_t>((count - 1) * stride + reach - size, 0);
      int64_t less = padding / 2;
      windows.before[d] = automatic == "SAME_UPPER" ? less : padding - less;
      windows.after[d] = padding - windows.before[d];
    }
    int64_t room = size + windows.before[d] + windows.after[d] - reach;
    if (room < 0) {
      call.require(ceil && room + stride > 0, "dimension ", d, ": a window of ", reach,
                   " does not fit into ", size, " elements and their padding");
      windows.output[d] = 1;
      continue;
    }
    windows.output[d] = room / stride + 1;
    // A window that starts behind the input and its first padding would see nothing.
    if (ceil && room % stride && windows.output[d] * stride < size + windows.before[d])
      ++windows.output[d];
  }
  limitWork(call, windows);
  return windows;
}

Windows pim::onnx::wholeImage(const Shape &input) {
  Shape spatial(input.begin() + 2, input.end());
  Shape ones(spatial.size(), 1), zeros(spatial.size(), 0);
  return {spatial, ones, spatial, ones, ones, zeros, zeros};
}

Windows pim::onnx::bindTransposedWindows(const Call &call, const Shape &small,
                                         const Shape &kernel) {
  call.require(small.size() >= 3, "operand 0 of shape ", shapeText(small), " is no image");
  size_t rank = small.size() - 2;
  Shape from(small.begin() + 2, small.end());
  Windows windows = bindCommon(call, from, kernel);
  Shape extra = call.intList("output_padding"), wanted = call.intList("output_shape");
  std::string automatic = call.text("auto_pad", "NOTSET");
  extra.resize(rank, 0);
  if (wanted.size() == rank + 2)
    wanted.erase(wanted.begin(), wanted.begin() + 2);
  call.require(wanted.empty() || wanted.size() == rank, "attribute 'output_shape' has ",
               wanted.size(), " entries for ", rank, " dimensions");
  windows.output = from;
  for (size_t d = 0; d < rank; ++d) {
    call.require(extra[d] >= 0 && extra[d] <= sizeLimit, "attribute 'output_padding' holds ",
                 extra[d]);
    int64_t reach = (kernel[d] - 1) * windows.dilations[d] + 1;
    int64_t whole = (from[d] - 1) * windows.strides[d] + reach + extra[d];
    bool same = automatic.starts_with("SAME");
    if (same || !wanted.empty()) {
      int64_t size = wanted.empty() ? from[d] * windows.strides[d] : wanted[d];
      call.require(size >= 0 && size <= sizeLimit, "has the output size ", size);
      int64_t padding = std::max<int64_t>(whole - size, 0), less = padding / 2;
      windows.before[d] = automatic == "SAME_UPPER" ? less : padding - less;
      windows.input[d] = size;
    } else {
      windows.input[d] = whole - windows.before[d] - windows.after[d];
      call.require(windows.input[d] >= 0, "pads dimension ", d, " to nothing");
    }
  }
  limitWork(call, windows);
  return windows;
}
