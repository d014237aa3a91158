//===- InlineFunctions.cpp - functions of a model become nodes -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function is a list of nodes under a name. A node that calls it is replaced by a copy of them:
// inputs and outputs get the names that the call gives them, all other values the name of the call
// in front of their own. Functions of one name differ by an overload; attributes that a call leaves
// out may have a default. Both are younger than some releases of onnx.proto.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "MessageFields.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using ::onnx::FunctionProto;
using ::onnx::NodeProto;

namespace {

/// Calls within calls; a function that calls itself never ends.
constexpr int maxDepth = 64;
/// Nodes of all graphs after inlining; small files can ask for very many.
constexpr int64_t maxNodes = 1000000;

/// Fields of onnx.proto.
constexpr int nodeOverload = 8, functionOverload = 13, functionDefaults = 11;

using Attributes = llvm::StringMap<::onnx::AttributeProto>;

/// A function, and the attributes that a call may leave out.
struct Function {
  explicit Function(const FunctionProto &proto);

  const FunctionProto *proto;
  Attributes defaults;
};

/// One call of a function: what its values and attributes are called outside.
class Call {
public:
  Call(const Function &function, const NodeProto &node, std::string prefix);

  void rename(NodeProto &node) const;

private:
  std::string outside(const std::string &name) const;
  void rename(::onnx::GraphProto &graph) const;
  void substitute(NodeProto &node) const;

  std::string prefix;
  llvm::StringMap<std::string> names;
  Attributes attributes; ///< of the call, or the function's defaults
};

class Inliner {
public:
  Inliner(::onnx::ModelProto &model, Location location) : location(location) {
    for (const FunctionProto &function : model.functions())
      functions[key(function.domain(), function.name())].insert_or_assign(
          overloadOf(function, functionOverload), Function(function));
  }

  LogicalResult expand(::onnx::GraphProto &graph, int depth);

private:
  static std::string key(StringRef domain, StringRef name) {
    return (canonicalDomain(domain) + "\n" + name).str();
  }
  static std::string overloadOf(const google::protobuf::MessageLite &message, int field) {
    std::vector<std::string> overload = fieldsOf(message, field);
    return overload.empty() ? "" : overload.back();
  }
  /// The function that `node` calls; null if it is an operator.
  const Function *functionOf(const NodeProto &node) const;
  LogicalResult append(NodeProto &node, int depth,
                       google::protobuf::RepeatedPtrField<NodeProto> &out);

  Location location;
  llvm::StringMap<llvm::StringMap<Function>> functions; ///< by key and overload
  int64_t calls = 0, nodes = 0;
};

} // namespace

Function::Function(const FunctionProto &proto) : proto(&proto) {
  for (const std::string &bytes : fieldsOf(proto, functionDefaults)) {
    ::onnx::AttributeProto attribute;
    if (attribute.ParseFromString(bytes))
      defaults[attribute.name()] = attribute;
  }
}

Call::Call(const Function &function, const NodeProto &node, std::string prefix)
    : prefix(std::move(prefix)), attributes(function.defaults) {
  const FunctionProto &proto = *function.proto;
  for (int i = 0; i < proto.input_size(); ++i)
    names[proto.input(i)] = i < node.input_size() ? node.input(i) : "";
  for (int i = 0; i < proto.output_size() && i < node.output_size(); ++i)
    if (!node.output(i).empty())
      names[proto.output(i)] = node.output(i);
  for (const ::onnx::AttributeProto &attribute : node.attribute())
    attributes[attribute.name()] = attribute;
}

std::string Call::outside(const std::string &name) const {
  if (name.empty())
    return name;
  auto found = names.find(name);
  return found == names.end() ? prefix + name : found->second;
}

void Call::rename(::onnx::GraphProto &graph) const {
  for (auto &value : *graph.mutable_input())
    value.set_name(outside(value.name()));
  for (auto &value : *graph.mutable_output())
    value.set_name(outside(value.name()));
  for (auto &value : *graph.mutable_value_info())
    value.set_name(outside(value.name()));
  for (auto &tensor : *graph.mutable_initializer())
    tensor.set_name(outside(tensor.name()));
  for (auto &tensor : *graph.mutable_sparse_initializer())
    tensor.mutable_values()->set_name(outside(tensor.values().name()));
  for (NodeProto &inner : *graph.mutable_node())
    rename(inner);
}

/// Attributes that refer to one of the call become it; where there is none, the operator's default
/// holds.
void Call::substitute(NodeProto &inner) const {
  auto &list = *inner.mutable_attribute();
  for (int i = list.size() - 1; i >= 0; --i) {
    if (list[i].ref_attr_name().empty())
      continue;
    auto given = attributes.find(list[i].ref_attr_name());
    if (given == attributes.end()) {
      list.DeleteSubrange(i, 1);
      continue;
    }
    std::string name = list[i].name();
    list[i] = given->second;
    list[i].set_name(name);
  }
}

void Call::rename(NodeProto &inner) const {
  for (std::string &name : *inner.mutable_input())
    name = outside(name);
  for (std::string &name : *inner.mutable_output())
    name = outside(name);
  inner.set_name(prefix + (inner.name().empty() ? inner.op_type() : inner.name()));
  // Graphs of the function use its names; those that the call gives are named already.
  for (auto &attribute : *inner.mutable_attribute())
    if (attribute.has_g())
      rename(*attribute.mutable_g());
  substitute(inner);
}

const Function *Inliner::functionOf(const NodeProto &node) const {
  auto overloads = functions.find(key(node.domain(), node.op_type()));
  if (overloads == functions.end())
    return nullptr;
  auto found = overloads->second.find(overloadOf(node, nodeOverload));
  return found == overloads->second.end() ? nullptr : &found->second;
}

LogicalResult Inliner::append(NodeProto &node, int depth,
                              google::protobuf::RepeatedPtrField<NodeProto> &out) {
  const Function *function = functionOf(node);
  if (!function) {
    if (++nodes > maxNodes)
      return emitError(location) << "has functions that expand to more than " << maxNodes
                                 << " nodes";
    for (auto &attribute : *node.mutable_attribute())
      if (attribute.has_g() && failed(expand(*attribute.mutable_g(), depth + 1)))
        return failure();
    out.Add()->Swap(&node);
    return success();
  }
  if (depth >= maxDepth)
    return emitError(location) << "has function " << quoted(node.op_type()) << ", which calls "
                               << "functions more than " << maxDepth << " deep or itself";
  std::string name = node.name().empty() ? node.op_type() : node.name();
  Call call(*function, node, name + "#" + std::to_string(calls++) + "/");
  for (const NodeProto &original : function->proto->node()) {
    NodeProto copy = original;
    call.rename(copy);
    if (failed(append(copy, depth + 1, out)))
      return failure();
  }
  return success();
}

LogicalResult Inliner::expand(::onnx::GraphProto &graph, int depth) {
  google::protobuf::RepeatedPtrField<NodeProto> expanded;
  for (NodeProto &node : *graph.mutable_node())
    if (failed(append(node, depth, expanded)))
      return failure();
  graph.mutable_node()->Swap(&expanded);
  return success();
}

LogicalResult mlir::pim::inlineFunctions(::onnx::ModelProto &model,
                                         llvm::StringMap<int64_t> &opsets, Location location) {
  if (model.functions_size() == 0)
    return success();
  for (const FunctionProto &function : model.functions())
    for (const ::onnx::OperatorSetIdProto &import : function.opset_import()) {
      auto [entry, isNew] = opsets.try_emplace(canonicalDomain(import.domain()), import.version());
      if (!isNew && entry->second != import.version())
        return emitError(location)
               << "function " << quoted(function.name()) << " uses version " << import.version()
               << " of domain " << quoted(import.domain()) << ", the model version "
               << entry->second << "; expected the same";
    }
  return Inliner(model, location).expand(*model.mutable_graph(), 0);
}
