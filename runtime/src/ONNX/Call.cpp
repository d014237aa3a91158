//===- Call.cpp - a node with the operands of one run ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Call.h"

using namespace pim;
using namespace pim::onnx;

const Value &Call::value(size_t index) const {
  if (!has(index))
    fail("operand ", index, " is missing");
  return inputs[index];
}

const Tensor &Call::in(size_t index) const {
  const auto *tensor = std::get_if<Tensor>(&value(index));
  if (!tensor)
    fail("operand ", index, " is a sequence, expected a tensor");
  return *tensor;
}

const Sequence &Call::sequence(size_t index) const {
  const auto *sequence = std::get_if<Sequence>(&value(index));
  if (!sequence)
    fail("operand ", index, " is a tensor, expected a sequence");
  return *sequence;
}

std::vector<int64_t> Call::ints(size_t index) const {
  const Tensor &tensor = in(index);
  if (wideOf(tensor.element()) != Wide::Int)
    fail("operand ", index, " has elements of type ", elementName(tensor.element()),
         ", expected integers");
  std::vector<int64_t> values(tensor.count());
  loadElements(tensor, values.data());
  return values;
}

double Call::number(size_t index, double otherwise) const {
  if (!has(index))
    return otherwise;
  const Tensor &tensor = in(index);
  require(tensor.count() == 1 && !tensor.isText(), "operand ", index, " has shape ",
          shapeText(tensor.shape()), ", expected one number");
  double value;
  loadElements(tensor, &value);
  return value;
}

int64_t Call::integerInput(size_t index, int64_t otherwise) const {
  if (!has(index))
    return otherwise;
  std::vector<int64_t> values = ints(index);
  require(values.size() == 1, "operand ", index, " has ", values.size(), " elements, expected one");
  return values[0];
}

Tensor &Call::out(size_t index, ElementType element, Shape shape) {
  if (outputs.size() <= index)
    outputs.resize(index + 1);
  try {
    return outputs[index].emplace<Tensor>(element, std::move(shape));
  } catch (const Error &error) {
    fail(error.what());
  }
}

void Call::set(size_t index, Value value) {
  if (outputs.size() <= index)
    outputs.resize(index + 1);
  outputs[index] = std::move(value);
}

const graph::Attribute *Call::find(const char *name) const {
  auto found = op.attributes.find(name);
  return found == op.attributes.end() ? nullptr : &found->second;
}

int64_t Call::integer(const char *name, int64_t otherwise) const {
  const graph::Attribute *attribute = find(name);
  if (!attribute)
    return otherwise;
  require(attribute->ints.size() == 1, "attribute '", name, "' is not one integer");
  return attribute->ints[0];
}

double Call::real(const char *name, double otherwise) const {
  const graph::Attribute *attribute = find(name);
  if (!attribute)
    return otherwise;
  if (attribute->ints.size() == 1)
    return static_cast<double>(attribute->ints[0]);
  require(attribute->floats.size() == 1, "attribute '", name, "' is not one number");
  return attribute->floats[0];
}

std::string Call::text(const char *name, const char *otherwise) const {
  const graph::Attribute *attribute = find(name);
  return attribute ? attribute->text : otherwise;
}

std::vector<int64_t> Call::intList(const char *name) const {
  const graph::Attribute *attribute = find(name);
  return attribute ? attribute->ints : std::vector<int64_t>();
}

std::vector<double> Call::realList(const char *name) const {
  const graph::Attribute *attribute = find(name);
  if (!attribute)
    return {};
  if (attribute->floats.empty())
    return {attribute->ints.begin(), attribute->ints.end()};
  return attribute->floats;
}

std::vector<std::string> Call::textList(const char *name) const {
  const graph::Attribute *attribute = find(name);
  return attribute ? attribute->texts : std::vector<std::string>();
}

Tensor Call::tensor(const char *name) const {
  const graph::Attribute *attribute = find(name);
  require(attribute && attribute->tensors.size() == 1, "attribute '", name, "' is not one tensor");
  return Tensor::constant(attribute->tensors[0]);
}

const graph::Graph &Call::body(const char *name) const {
  const graph::Attribute *attribute = find(name);
  require(attribute && attribute->graphs.size() == 1, "attribute '", name, "' is not one graph");
  return *attribute->graphs[0];
}

std::vector<Value> Call::runGraph(const char *name, std::span<const Value> values) const {
  return runBody(body(name), values);
}

ElementType Call::elementOf(int64_t number) const {
  std::optional<ElementType> element = elementOfDataType(number);
  if (!element)
    fail("element type ", number, " is not supported");
  return *element;
}

int64_t Call::axis(int64_t axis, int64_t rank) const {
  require(axis >= -rank && axis < rank, "axis ", axis, " does not exist, the tensor has rank ",
          rank);
  return axis < 0 ? axis + rank : axis;
}

std::vector<int64_t> Call::axes(std::vector<int64_t> axes, int64_t rank) const {
  std::vector<bool> seen(rank);
  for (int64_t &each : axes) {
    each = axis(each, rank);
    require(!seen[each], "axis ", each, " is listed twice");
    seen[each] = true;
  }
  return axes;
}

void Call::requireSameElement(size_t a, size_t b) const {
  require(in(a).element() == in(b).element(), "operands ", a, " and ", b,
          " have elements of types ", elementName(in(a).element()), " and ",
          elementName(in(b).element()));
}

void Call::requireShape(const Tensor &tensor, const Shape &shape, const char *role) const {
  require(tensor.shape() == shape, role, " has shape ", shapeText(tensor.shape()), ", expected ",
          shapeText(shape));
}
