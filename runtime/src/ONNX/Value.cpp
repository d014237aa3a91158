//===- Value.cpp - what ONNX operators take and give ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/ONNX/Value.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <cstring>
#include <new>

using namespace pim;
using namespace pim::onnx;

static constexpr std::align_val_t alignment{64};

std::string pim::onnx::shapeText(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

int64_t pim::onnx::checkedCount(std::span<const int64_t> shape, size_t elementBytes) {
  // More than a host of this kind of model has; keeps sums of sizes far from overflow.
  constexpr int64_t maxBytes = int64_t(1) << 32;
  int64_t bytes = static_cast<int64_t>(elementBytes);
  bool empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  for (int64_t size : shape) {
    if (size < 0)
      fail("a tensor would have the negative size ", size);
    if (!empty && (__builtin_mul_overflow(bytes, size, &bytes) || bytes > maxBytes))
      fail("a tensor of shape ", shapeText(shape), " is too large (4 GB at most)");
  }
  return empty ? 0 : bytes / static_cast<int64_t>(elementBytes);
}

Tensor::Tensor(ElementType element, Shape shape) : type(element), sizes(std::move(shape)) {
  elements = checkedCount(sizes, isText() ? sizeof(std::string) : elementBytes(type));
  if (isText()) {
    strings = std::make_shared<std::vector<std::string>>(elements);
    return;
  }
  size_t bytes = std::max<size_t>(size_t(elements) * elementBytes(type), 1);
  void *block = ::operator new[](bytes, alignment, std::nothrow);
  if (!block)
    fail("no memory for a tensor of shape ", shapeText(sizes));
  owner = std::shared_ptr<const void>(block, [](const void *pointer) {
    ::operator delete[](const_cast<void *>(pointer), alignment);
  });
  memory = static_cast<std::byte *>(block);
}

Tensor::Tensor(ElementType element, Shape shape, std::span<const std::byte> bytes,
               std::shared_ptr<const void> owner)
    : type(element), sizes(std::move(shape)), elements(checkedCount(sizes, elementBytes(element))),
      memory(const_cast<std::byte *>(bytes.data())), owner(std::move(owner)) {}

Tensor Tensor::constant(const graph::Tensor &source) {
  if (!source.hasStaticShape())
    fail("constant '", source.name, "' has no static shape");
  if (source.element != ElementType::STRING) {
    size_t width = elementBytes(source.element);
    if (source.data.size() != size_t(checkedCount(source.shape, width)) * width)
      fail("constant '", source.name, "' has ", source.data.size(), " bytes, not those of shape ",
           shapeText(source.shape));
    if (reinterpret_cast<uintptr_t>(source.data.data()) % width == 0)
      return Tensor(source.element, source.shape, source.data, source.storage);
    Tensor copy(source.element, source.shape);
    if (!source.data.empty())
      std::memcpy(copy.memory, source.data.data(), source.data.size());
    return copy;
  }
  Tensor result(source.element, source.shape);
  std::span<const std::byte> rest = source.data;
  for (std::string &text : result.texts()) {
    uint32_t length = 0;
    if (rest.size() >= sizeof length)
      std::memcpy(&length, rest.data(), sizeof length);
    if (rest.size() < sizeof length + length)
      fail("constant '", source.name, "' ends within a text");
    text.assign(reinterpret_cast<const char *>(rest.data()) + sizeof length, length);
    rest = rest.subspan(sizeof length + length);
  }
  return result;
}

Tensor Tensor::ofInts(const std::vector<int64_t> &values) {
  Tensor result(ElementType::I64, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), result.data<int64_t>());
  return result;
}

Tensor Tensor::reshaped(Shape shape) const {
  Tensor result = *this;
  result.sizes = std::move(shape);
  return result;
}
