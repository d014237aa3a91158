//===- AttributeImporter.cpp - attributes of nodes -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/ElementTypes.h"

using namespace mlir;
using namespace mlir::pim;
using Proto = ::onnx::AttributeProto;

static std::string elementText(int dataType) {
  return StringRef(::pim::dataTypeName(dataType)).lower();
}

std::string mlir::pim::typeText(const ::onnx::TypeProto &type) {
  switch (type.value_case()) {
  case ::onnx::TypeProto::kTensorType:
    return ("tensor(" + Twine(elementText(type.tensor_type().elem_type())) + ")").str();
  case ::onnx::TypeProto::kSparseTensorType:
    return ("sparse_tensor(" + Twine(elementText(type.sparse_tensor_type().elem_type())) + ")")
        .str();
  case ::onnx::TypeProto::kSequenceType:
    return ("seq(" + Twine(typeText(type.sequence_type().elem_type())) + ")").str();
  case ::onnx::TypeProto::kOptionalType:
    return ("optional(" + Twine(typeText(type.optional_type().elem_type())) + ")").str();
  case ::onnx::TypeProto::kMapType:
    return ("map(" + Twine(elementText(type.map_type().key_type())) + "," +
            typeText(type.map_type().value_type()) + ")")
        .str();
  default:
    return "undefined";
  }
}

/// The kind of `attribute`; old files leave it out where the field says it.
static Proto::AttributeType kindOf(const Proto &attribute) {
  if (attribute.type() != Proto::UNDEFINED)
    return attribute.type();
  if (attribute.has_f())
    return Proto::FLOAT;
  if (attribute.has_i())
    return Proto::INT;
  if (attribute.has_s())
    return Proto::STRING;
  if (attribute.has_t())
    return Proto::TENSOR;
  if (attribute.has_g())
    return Proto::GRAPH;
  if (attribute.floats_size())
    return Proto::FLOATS;
  if (attribute.strings_size())
    return Proto::STRINGS;
  return Proto::INTS;
}

FailureOr<Attribute> GraphImporter::importAttribute(Proto &attribute, int nodeIndex) {
  const ::onnx::NodeProto &node = graph.node(nodeIndex);
  std::string what = "node " + quoted(nodeName(nodeIndex)) + " (" + node.op_type() +
                     "): attribute " + quoted(attribute.name());
  switch (kindOf(attribute)) {
  case Proto::FLOAT:
    return Attribute(builder.getF32FloatAttr(attribute.f()));
  case Proto::INT:
    return Attribute(builder.getI64IntegerAttr(attribute.i()));
  case Proto::STRING:
    return Attribute(builder.getStringAttr(attribute.s()));
  case Proto::FLOATS:
    return Attribute(builder.getDenseF32ArrayAttr(
        ArrayRef<float>(attribute.floats().data(), attribute.floats_size())));
  case Proto::INTS:
    return Attribute(builder.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attribute.ints().begin(), attribute.ints().end())));
  case Proto::STRINGS: {
    SmallVector<Attribute> strings;
    for (const std::string &text : attribute.strings())
      strings.push_back(builder.getStringAttr(text));
    return Attribute(builder.getArrayAttr(strings));
  }
  case Proto::TENSOR: {
    // Only these two give their tensor out; of others it is a table that a kernel reads.
    bool isValue = node.op_type() == "Constant" || node.op_type() == "ConstantOfShape";
    Infinities allowed = !isValue                  ? Infinities::Any
                         : node.output_size() == 1 ? allowedInfinities(node.output(0))
                                                   : Infinities::None;
    FailureOr<ElementsAttr> elements = context.tensors.importAttribute(
        *attribute.mutable_t(), context.fileLocation, what, allowed, nodeName(nodeIndex));
    if (failed(elements))
      return failure();
    return Attribute(*elements);
  }
  case Proto::SPARSE_TENSOR: {
    FailureOr<Elements> elements = context.tensors.importSparse(*attribute.mutable_sparse_tensor(),
                                                                context.fileLocation, what);
    if (failed(elements))
      return failure();
    return Attribute(elements->getAttribute(nodeName(nodeIndex)));
  }
  case Proto::TYPE_PROTO:
    return Attribute(builder.getStringAttr(typeText(attribute.tp())));
  default:
    return nodeError(nodeIndex) << "attribute " << quoted(attribute.name())
                                << " has a kind that is not supported (" << int(attribute.type())
                                << ")";
  }
}

FailureOr<GraphImporter::Attributes> GraphImporter::importAttributes(int nodeIndex) {
  Attributes result;
  for (Proto &attribute : *graph.mutable_node(nodeIndex)->mutable_attribute()) {
    if (attribute.name().empty())
      return nodeError(nodeIndex) << "an attribute has no name";
    StringAttr name = builder.getStringAttr(attribute.name());
    if (result.plain.get(name) || llvm::is_contained(result.graphNames, name))
      return nodeError(nodeIndex) << "attribute " << quoted(attribute.name()) << " is there twice";
    if (!attribute.ref_attr_name().empty())
      return nodeError(nodeIndex) << "attribute " << quoted(attribute.name())
                                  << " refers to one of a function, but is in a graph";
    if (kindOf(attribute) == Proto::GRAPH) {
      result.graphNames.push_back(name);
      result.graphs.push_back(attribute.mutable_g());
      continue;
    }
    FailureOr<Attribute> value = importAttribute(attribute, nodeIndex);
    if (failed(value))
      return failure();
    result.plain.append(name, *value);
  }
  return result;
}
