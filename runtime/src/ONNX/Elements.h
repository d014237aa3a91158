//===- Elements.h - elements of every type as few ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels compute in four types: float (for f32 and the smaller floats), double, int64_t (every
// integer that fits, and booleans) and uint64_t. Tensors of other types are converted as they are
// read and written, so that a kernel is compiled four times at most.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_ELEMENTS_H
#define PIM_RUNTIME_SRC_ONNX_ELEMENTS_H

#include "pim/Program/SmallFloats.h"
#include "pim/Runtime/ONNX/Value.h"

#include <type_traits>
#include <utility>
#include <vector>

namespace pim::onnx {

bool isFloat(ElementType type);
/// Of integers without a sign, booleans included.
bool isUnsigned(ElementType type);
/// The least and the greatest integer of the type. REQUIRES: an integer type but U64.
std::pair<int64_t, int64_t> integerRange(ElementType type);

/// The type that kernels compute in; `Wide` is float, double, int64_t or uint64_t.
enum class Wide { Float, Double, Int, Uint, Text };
Wide wideOf(ElementType type);

/// Calls function(W()) with the computing type of `type`. REQUIRES: not STRING.
template <typename Function> decltype(auto) visitWide(ElementType type, Function &&function) {
  switch (wideOf(type)) {
  case Wide::Double:
    return function(double());
  case Wide::Int:
    return function(int64_t());
  case Wide::Uint:
    return function(uint64_t());
  default:
    return function(float());
  }
}

/// The same for floats alone; integers are computed as double.
template <typename Function> decltype(auto) visitFloat(ElementType type, Function &&function) {
  if (wideOf(type) == Wide::Float)
    return function(float());
  return function(double());
}

template <typename W> constexpr ElementType nativeType() {
  if constexpr (std::is_same_v<W, float>)
    return ElementType::F32;
  else if constexpr (std::is_same_v<W, double>)
    return ElementType::F64;
  else if constexpr (std::is_same_v<W, int64_t>)
    return ElementType::I64;
  else
    return ElementType::U64;
}

/// Converts all elements; integers are cut to the type's bits, floats towards zero.
template <typename W> void loadElements(const Tensor &source, W *target);
template <typename W> void storeElements(const W *source, Tensor &target);

/// The elements of a tensor as W, in place if they are.
template <typename W> class Reader {
public:
  explicit Reader(const Tensor &tensor) : size(tensor.count()) {
    if (tensor.element() == nativeType<W>()) {
      first = tensor.data<W>();
      return;
    }
    converted.resize(size);
    loadElements(tensor, converted.data());
    first = converted.data();
  }
  Reader(const Reader &) = delete;
  const W *data() const { return first; }
  W operator[](int64_t index) const { return first[index]; }
  int64_t count() const { return size; }
  const W *begin() const { return first; }
  const W *end() const { return first + size; }

private:
  int64_t size;
  const W *first;
  std::vector<W> converted;
};

/// Room for the elements of a tensor as W, in place if the types agree; stored when it goes.
template <typename W> class Writer {
public:
  explicit Writer(Tensor &tensor) : target(tensor) {
    if (tensor.element() == nativeType<W>()) {
      first = tensor.data<W>();
      return;
    }
    converted.resize(tensor.count());
    first = converted.data();
  }
  Writer(const Writer &) = delete;
  ~Writer() {
    if (!converted.empty())
      storeElements(converted.data(), target);
  }
  W *data() { return first; }
  W &operator[](int64_t index) { return first[index]; }

private:
  Tensor &target;
  W *first;
  std::vector<W> converted;
};

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_ELEMENTS_H
