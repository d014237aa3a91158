//===- ProgramBuilder.cpp - a program while it is made ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProgramBuilder.h"

using namespace mlir;
using namespace mlir::pim;

Element mlir::pim::elementOf(Type type) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    type = shaped.getElementType();
  if (type.isF32())
    return Element::F32;
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
    return Element::I1;
  case 16:
    return Element::I16;
  case 32:
    return Element::I32;
  case 64:
    return Element::I64;
  default:
    return Element::I8;
  }
}

int64_t mlir::pim::bytesOf(Element element) {
  switch (element) {
  case Element::I1:
  case Element::I8:
    return 1;
  case Element::I16:
    return 2;
  case Element::I32:
  case Element::F32:
    return 4;
  case Element::I64:
    return 8;
  }
  return 1;
}

int64_t CoreBuilder::physicalArrays() const {
  int64_t most = 0, end = arrays;
  for (int64_t begin : llvm::reverse(rounds)) {
    most = std::max(most, end - begin);
    end = begin;
  }
  return rounds.empty() ? arrays : most;
}

TensorDescriptor TensorDescriptor::global(RankedTensorType type, GlobalPlace place) {
  TensorDescriptor descriptor;
  descriptor.element = elementOf(type);
  descriptor.base = place.address;
  ArrayRef<int64_t> shape = type.getShape();
  for (size_t i = 0; i < shape.size(); ++i) {
    size_t fromEnd = shape.size() - 1 - i;
    descriptor.sizes[fromEnd < 4 ? 3 - fromEnd : 0] *= shape[i];
  }
  int64_t stride = bytesOf(descriptor.element);
  for (int dim = 3; dim >= 0; --dim) {
    descriptor.strides[dim] = stride;
    stride *= descriptor.sizes[dim];
  }
  if (place.colPitch != 0) {
    descriptor.strides[2] = place.colPitch;
    descriptor.strides[1] = place.rowPitch;
    descriptor.strides[0] = place.rowPitch * descriptor.sizes[1];
  }
  return descriptor;
}
