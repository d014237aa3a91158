//===- ConstantImporter.cpp - initializers and Constant nodes ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Initializers
//===----------------------------------------------------------------------===//

/// What operand `index` of `node` may hold; nothing where that is for the users of the result to
/// say.
static std::optional<Infinities> allowedInfinities(const ::onnx::NodeProto &node, size_t index) {
  static constexpr StringLiteral chooses[] = {
      "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Min"};
  static constexpr StringLiteral moves[] = {
      "Cast",  "CastLike", "Concat", "ConstantOfShape", "Expand", "Gather",   "Identity", "Reshape",
      "Slice", "Squeeze",  "Tile",   "Transpose",       "Trilu",  "Unsqueeze"};
  StringRef op = node.op_type();
  if (llvm::is_contained(chooses, op) ||
      (index > 0 && (op == "CastLike" || op == "Clip" || op == "Where")))
    return Infinities::Both;
  if (op == "Add" || (op == "Sub" && index == 0))
    return Infinities::Negative;
  if (llvm::is_contained(moves, op) && node.output_size() == 1)
    return std::nullopt;
  return Infinities::None;
}

/// What a constant may hold by all of its uses: infinity means "none" as a bound of Clip, Min and
/// Max, and "not this one" in a mask.
Infinities GraphImporter::allowedInfinities(StringRef name) {
  if (uses.empty())
    for (auto [number, node] : llvm::enumerate(graph.node()))
      for (auto [operand, input] : llvm::enumerate(node.input()))
        uses[input].push_back({int(number), operand});
  Infinities allowed = Infinities::Both;
  llvm::SetVector<StringRef> reached;
  reached.insert(name);
  bool isUsed = false;
  for (size_t at = 0; at < reached.size() && allowed != Infinities::None; ++at)
    for (auto [number, operand] : uses.lookup(reached[at])) {
      const ::onnx::NodeProto &node = graph.node(number);
      isUsed = true;
      if (auto here = ::allowedInfinities(node, operand))
        allowed = std::min(allowed, *here);
      else
        reached.insert(node.output(0));
    }
  if (isUsed)
    return allowed;
  // What no graph inside takes and nobody is given is of no use, and whatever it likes.
  bool mayBeTaken =
      llvm::any_of(graph.output(), [&](const auto &output) { return output.name() == name; }) ||
      llvm::any_of(graph.node(), [](const ::onnx::NodeProto &node) {
        return llvm::any_of(node.attribute(),
                            [](const auto &attribute) { return attribute.has_g(); });
      });
  return mayBeTaken ? Infinities::None : Infinities::Any;
}

FailureOr<Value> GraphImporter::importInitializer(StringRef name) {
  Location location = NameLoc::get(builder.getStringAttr(name), context.fileLocation);
  FailureOr<ElementsAttr> elements = context.tensors.importAttribute(
      *graph.mutable_initializer(initializers[name]), context.fileLocation,
      "initializer " + quoted(name), allowedInfinities(name), name);
  if (failed(elements))
    return failure();
  // Constants come first, so that each is made once and available everywhere.
  OpBuilder front(builder.getContext());
  front.setInsertionPointToStart(block);
  Value value = onnx::ConstantOp::create(front, location, *elements);
  values[name] = value;
  return value;
}

/// Sparse initializers are written out: what computes with them is dense.
LogicalResult GraphImporter::importSparseInitializers() {
  for (::onnx::SparseTensorProto &sparse : *graph.mutable_sparse_initializer()) {
    std::string name = sparse.values().name();
    if (name.empty() || values.contains(name) || initializers.contains(name))
      return error() << "sparse initializer " << quoted(name) << " has no name of its own";
    FailureOr<Elements> elements = context.tensors.importSparse(
        sparse, context.fileLocation, "sparse initializer " + quoted(name));
    if (failed(elements))
      return failure();
    values[name] = onnx::ConstantOp::create(
        builder, NameLoc::get(builder.getStringAttr(name), context.fileLocation),
        elements->getAttribute(name));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Constant nodes
//===----------------------------------------------------------------------===//

/// A Constant node is its value.
LogicalResult GraphImporter::importConstantNode(int index) {
  ::onnx::NodeProto &node = *graph.mutable_node(index);
  if (node.attribute_size() != 1 || node.output_size() != 1 || node.input_size() != 0)
    return nodeError(index) << "expected one attribute, one output and no input";
  StringRef name = node.attribute(0).name();
  FailureOr<Attribute> attribute = importAttribute(*node.mutable_attribute(0), index);
  if (failed(attribute))
    return failure();
  Attribute value = *attribute;
  auto define = [&](ElementsAttr constant) {
    values[node.output(0)] = onnx::ConstantOp::create(builder, nodeLocation(index), constant);
    return success();
  };
  auto scalars = [&](ArrayRef<StringRef> texts, ArrayRef<int64_t> shape) {
    Type type = onnx::StringType::get(builder.getContext());
    return define(DenseStringElementsAttr::get(RankedTensorType::get(shape, type), texts));
  };
  if (auto text = dyn_cast<StringAttr>(value); text && name == "value_string")
    return scalars({text.getValue()}, {});
  if (auto list = dyn_cast<ArrayAttr>(value)) {
    SmallVector<StringRef> texts(list.getAsValueRange<StringAttr>());
    return scalars(texts, {int64_t(texts.size())});
  }
  Type i64 = builder.getI64Type(), f32 = builder.getF32Type();
  std::optional<Elements> elements;
  if (auto tensor = dyn_cast<ElementsAttr>(value))
    return define(tensor);
  if (auto integer = dyn_cast<IntegerAttr>(value))
    elements = Elements::fromInts(RankedTensorType::get({}, i64), {integer.getInt()});
  else if (auto real = dyn_cast<FloatAttr>(value))
    elements = Elements::fromReals(RankedTensorType::get({}, f32), {real.getValueAsDouble()});
  else if (auto ints = dyn_cast<DenseI64ArrayAttr>(value))
    elements = Elements::fromInts(RankedTensorType::get({ints.size()}, i64), ints);
  else if (auto reals = dyn_cast<DenseF32ArrayAttr>(value)) {
    SmallVector<double> doubles(reals.asArrayRef());
    elements = Elements::fromReals(RankedTensorType::get({reals.size()}, f32), doubles);
  }
  if (!elements)
    return nodeError(index) << "attribute " << quoted(name)
                            << " is no tensor and no number, which is not supported";
  return define(elements->getAttribute(nodeName(index)));
}
