//===- Binding.cpp - an op with its operands and attributes ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Binding.h"

#include <cstring>

using namespace pim;
using namespace pim::graph;

std::string pim::graph::shapeText(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

int64_t pim::graph::elementCount(std::span<const int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

void Binding::expectOperands(size_t count) const {
  if (op.inputs.size() != count || op.outputs.size() != 1)
    fail("has ", op.inputs.size(), " operands and ", op.outputs.size(), " results, expected ",
         count, " and 1");
}

void Binding::expectRank(size_t inputIndex, size_t rank) const {
  if (input(inputIndex).shape.size() != rank)
    fail("operand ", inputIndex, " has shape ", shapeText(input(inputIndex).shape),
         ", expected rank ", rank);
}

void Binding::expectElement(const Tensor &tensor, ElementType element, const char *role) const {
  if (tensor.element != element)
    fail(role, " has elements of type ", elementName(tensor.element), ", expected ",
         elementName(element));
}

void Binding::expectScalar(size_t index) const {
  if (elementCount(input(index).shape) != 1)
    fail("operand ", index, " has shape ", shapeText(input(index).shape), ", expected one element");
}

void Binding::expectOutputShape(const Shape &shape) const {
  if (output().shape != shape)
    fail("the result is declared as ", shapeText(output().shape), ", but the op makes ",
         shapeText(shape));
}

const Attribute &Binding::attribute(const char *name) const {
  auto found = op.attributes.find(name);
  if (found == op.attributes.end())
    fail("attribute '", name, "' is missing");
  return found->second;
}

std::vector<int64_t> Binding::integers(const char *name, size_t count) const {
  const Attribute &found = attribute(name);
  if (found.ints.size() != count)
    fail("attribute '", name, "' has ", found.ints.size(), " integers, expected ", count);
  return found.ints;
}

bool Binding::flag(const char *name) const { return hasAttribute(name) && integer(name) != 0; }

double Binding::number(const char *name) const {
  const Attribute &found = attribute(name);
  if (found.floats.size() == 1)
    return found.floats[0];
  if (found.ints.size() == 1)
    return static_cast<double>(found.ints[0]);
  fail("attribute '", name, "' is not one number");
}

std::string Binding::text(const char *name, const char *otherwise) const {
  return hasAttribute(name) ? attribute(name).text : otherwise;
}

size_t Binding::axis() const {
  int64_t axis = integer("axis");
  if (axis < 0 || axis >= static_cast<int64_t>(input(0).shape.size()))
    fail("axis is ", axis, ", but operand 0 has shape ", shapeText(input(0).shape));
  return static_cast<size_t>(axis);
}

std::vector<int64_t> Binding::constantIntegers(size_t index) const {
  const Tensor &tensor = input(index);
  int64_t count = elementCount(tensor.shape);
  if (count && !tensor.isConstant())
    fail("operand ", index, " must be a constant");
  auto read = [&]<typename T>(T) {
    std::vector<int64_t> values(count);
    for (int64_t i = 0; i < count; ++i) {
      T value;
      std::memcpy(&value, tensor.data.data() + i * sizeof(T), sizeof(T));
      values[i] = value;
    }
    return values;
  };
  switch (tensor.element) {
  case ElementType::I1:
  case ElementType::I8:
    return read(int8_t());
  case ElementType::I16:
    return read(int16_t());
  case ElementType::I32:
    return read(int32_t());
  case ElementType::I64:
    return read(int64_t());
  default:
    fail("operand ", index, " has elements of type ", elementName(tensor.element),
         ", expected integers of 1, 8, 16, 32 or 64 bits");
  }
}

void Binding::failElement() const {
  std::string types;
  for (size_t i = 0; i < op.inputs.size(); ++i)
    types += (i ? ", " : "") + std::string(elementName(input(i).element));
  std::string result = op.outputs.empty() ? "nothing" : elementName(output().element);
  fail("is not supported on elements of types (", types, ") -> ", result);
}
