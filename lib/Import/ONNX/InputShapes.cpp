//===- InputShapes.cpp - static shapes of graph inputs ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/NodeBinder.h"

using namespace mlir;
using namespace mlir::pim;

LogicalResult InputShapes::checkNames(ArrayRef<const ::onnx::ValueInfoProto *> inputs) {
  for (const auto &[name, shape] : options.inputShapes) {
    if (llvm::any_of(inputs, [&](const auto *input) { return input->name() == name; }))
      continue;
    InFlightDiagnostic diagnostic = emitError(location);
    diagnostic << "a shape is given for input " << quoted(name)
               << ", which the model does not have; its inputs are";
    for (const ::onnx::ValueInfoProto *input : inputs)
      diagnostic << (input == inputs.front() ? " " : ", ") << quoted(input->name());
    return diagnostic;
  }
  return success();
}

/// The same symbol stands for the same size everywhere.
LogicalResult InputShapes::bind(StringRef symbol, int64_t size, StringRef input) {
  auto [entry, isNew] = symbols.try_emplace(symbol, size);
  if (!isNew && entry->second != size)
    return emitError(location) << "input " << quoted(input) << ": dimension " << quoted(symbol)
                               << " is " << size << ", but " << entry->second << " elsewhere";
  return success();
}

/// What a user has to add to make the open dimensions of `input` known.
static std::string shapeHint(const ::onnx::ValueInfoProto &input) {
  std::string hint = "--input-shape " + input.name() + "=";
  for (auto [index, dim] : llvm::enumerate(input.type().tensor_type().shape().dim())) {
    if (index != 0)
      hint += "x";
    hint += hasSize(dim) ? std::to_string(dim.dim_value()) : index == 0 ? "1" : "?";
  }
  return hint;
}

FailureOr<SmallVector<int64_t>> InputShapes::resolve(const ::onnx::ValueInfoProto &input) {
  auto fail = [&]() { return emitError(location) << "input " << quoted(input.name()); };
  auto given = options.inputShapes.find(input.name());
  bool isGiven = given != options.inputShapes.end();
  if (!input.type().tensor_type().has_shape()) {
    if (!isGiven)
      return fail() << " has no shape; give it with --input-shape " << input.name() << "=...";
    if (!countElements(given->second))
      return fail() << " cannot have the shape " << onnx::shapeText(given->second);
    return SmallVector<int64_t>(ArrayRef<int64_t>(given->second));
  }
  const auto &dims = input.type().tensor_type().shape().dim();
  if (isGiven && given->second.size() != size_t(dims.size()))
    return fail() << " has " << dims.size() << " dimensions, but the shape "
                  << onnx::shapeText(given->second) << " is given for it";

  SmallVector<int64_t> shape;
  std::string open;
  for (auto [index, dim] : llvm::enumerate(dims)) {
    int64_t pinned = isGiven ? given->second[index] : 0;
    int64_t size = pinned;
    if (hasSize(dim)) {
      if (dim.dim_value() < 0 || (dim.dim_value() == 0 && !options.keepsDynamic))
        return fail() << " has a dimension of " << dim.dim_value();
      size = dim.dim_value();
      if (isGiven && pinned != size)
        return fail() << ": dimension " << index << " is " << size << " in the model, but "
                      << pinned << " is given";
    } else if (!isGiven) {
      auto known = dim.dim_param().empty() ? symbols.end() : symbols.find(dim.dim_param());
      bool isBatch = index == 0 && !options.keepsDynamic;
      size = known != symbols.end() ? known->second : isBatch ? 1 : 0;
      if (options.keepsDynamic && known == symbols.end()) {
        shape.push_back(ShapedType::kDynamic);
        continue;
      }
    }
    if (dim.has_dim_param() && !dim.dim_param().empty() && size > 0 &&
        failed(bind(dim.dim_param(), size, input.name())))
      return failure();
    if (size <= 0 && !isGiven && !hasSize(dim))
      open += (open.empty() ? "" : ", ") +
              (dim.dim_param().empty() ? std::to_string(index) : quoted(dim.dim_param()));
    shape.push_back(size);
  }
  if (!open.empty())
    return fail() << " leaves dimension " << open << " open; give it with " << shapeHint(input);
  if (!options.keepsDynamic && !countElements(shape))
    return fail() << " has shape " << onnx::shapeText(shape) << ", which is empty or too large";
  return shape;
}

std::optional<SmallVector<int64_t>> InputShapes::lookup(const ::onnx::ValueInfoProto &value) {
  if (!value.type().tensor_type().has_shape())
    return std::nullopt;
  SmallVector<int64_t> shape;
  for (const auto &dim : value.type().tensor_type().shape().dim()) {
    auto known = symbols.find(dim.dim_param());
    if (hasSize(dim))
      shape.push_back(dim.dim_value());
    else if (!dim.dim_param().empty() && known != symbols.end())
      shape.push_back(known->second);
    else
      return std::nullopt;
  }
  return countElements(shape) ? std::optional(shape) : std::nullopt;
}
