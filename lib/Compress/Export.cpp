//===- Export.cpp - the compressed model as ONNX --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Export.h"
#include "TensorData.h"
#include "UnusedPaths.h"

#include "pim/Support/Error.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>

namespace pim::compress {
namespace {

using NodeList = std::vector<onnx::NodeProto>;

/// Puts `chain` before the first node whose name is in `names`.
void insertBefore(onnx::GraphProto &graph, const std::set<std::string> &names,
                  const NodeList &chain) {
  NodeList nodes;
  bool isInserted = false;
  for (const onnx::NodeProto &node : graph.node()) {
    if (!isInserted && names.count(nameOf(node))) {
      nodes.insert(nodes.end(), chain.begin(), chain.end());
      isInserted = true;
    }
    nodes.push_back(node);
  }
  graph.mutable_node()->Assign(nodes.begin(), nodes.end());
}

/// A model under way: its constants as tensors, its nodes as messages.
class Exporter {
public:
  Exporter(const Network &network, const Constraints &constraints)
      : network(network), constraints(constraints), proto(network.snapshot(/*transformed=*/true)) {
    for (const onnx::TensorProto &tensor : proto.graph().initializer())
      values[tensor.name()] = tensorOf(tensor, "", "initializer '" + tensor.name() + "'");
    scales = constraints.scales;
    for (const Layer &layer : network.layers()) {
      layerNames.insert(layer.name);
      if (auto scale = scales.find(layer.weight); scale != scales.end())
        scale->second = scale->second.expand({layer.filters}).contiguous();
    }
  }

  void removeChannels();
  void mergeBatchNormalization();
  void quantizeWeights();
  void quantizeActivations(const std::map<std::string, ActivationRange> &ranges);
  void describe();
  onnx::ModelProto finish();

  bool hasCodes() const { return !scales.empty(); }

private:
  onnx::GraphProto &graph() { return *proto.mutable_graph(); }
  onnx::NodeProto *nodeOf(const Layer &layer);
  /// Matrices are [filters, columns]; MatMul and some Gemm keep them transposed.
  Tensor selectFilters(const Layer &layer, const Tensor &weight, const Tensor &which) const;
  onnx::NodeProto *onlyReader(const std::string &value);
  void mergeInto(const Layer &layer, onnx::NodeProto &node, const onnx::NodeProto &normalization);
  void quantizeWeight(const Layer &layer);
  std::pair<std::string, std::set<std::string>> quantizedEdge(const std::string &value,
                                                              bool isShared);
  std::pair<std::string, std::set<std::string>> freedOutput(const std::string &value);
  /// `scale` for each filter in a shape that multiplies the layer's weight.
  Tensor perFilter(const Layer &layer, const Tensor &scale, const Tensor &weight) const;

  const Network &network;
  const Constraints &constraints;
  onnx::ModelProto proto;
  TensorMap values, scales;
  std::set<std::string> done; ///< weights that are integers already
  std::set<std::string> layerNames;
};

onnx::NodeProto *Exporter::nodeOf(const Layer &layer) {
  for (onnx::NodeProto &node : *graph().mutable_node())
    if (nameOf(node) == layer.name)
      return &node;
  return nullptr;
}

Tensor Exporter::selectFilters(const Layer &layer, const Tensor &weight,
                               const Tensor &which) const {
  return weight.index_select(layer.isTransposed ? 1 : 0, which);
}

void Exporter::removeChannels() {
  for (const ChannelPath &path : findChannelPaths(network)) {
    Tensor live = liveChannels(network, path);
    if (!path.canShrink || live.numel() == path.producer->filters)
      continue;
    Tensor &weight = values.at(path.producer->weight);
    weight = selectFilters(*path.producer, weight, live).contiguous();
    for (const std::string &name : path.perChannel)
      values.at(name) = values.at(name).reshape({-1}).index_select(0, live);
    if (auto scale = scales.find(path.producer->weight); scale != scales.end())
      scale->second = scale->second.index_select(0, live);
    for (const ChannelPath::Reader &reader : path.readers) {
      Tensor &read = values.at(reader.layer->weight);
      if (reader.layer->isConvolution()) {
        read = read.index_select(1, live).contiguous();
        continue;
      }
      Tensor columns =
          (live.unsqueeze(1) * reader.columnsPerChannel + at::arange(reader.columnsPerChannel))
              .reshape({-1});
      read = read.index_select(reader.layer->isTransposed ? 0 : 1, columns).contiguous();
    }
  }
}

/// The node that reads `value`, if it is the only one and no output of the graph.
onnx::NodeProto *Exporter::onlyReader(const std::string &value) {
  onnx::NodeProto *found = nullptr;
  for (const onnx::ValueInfoProto &output : graph().output())
    if (output.name() == value)
      return nullptr;
  for (onnx::NodeProto &node : *graph().mutable_node())
    for (const std::string &input : node.input())
      if (input == value) {
        if (found)
          return nullptr;
        found = &node;
      }
  return found;
}

Tensor Exporter::perFilter(const Layer &layer, const Tensor &scale, const Tensor &weight) const {
  if (layer.isTransposed)
    return scale.view({1, -1});
  std::vector<int64_t> shape(static_cast<size_t>(weight.dim()), 1);
  shape[0] = scale.numel();
  return scale.view(shape);
}

/// y = (W x + b - mean) f + shift with f = gain / sqrt(variance + epsilon): W f keeps the integers
/// of W and scales by |f|; a negative f turns their signs.
void Exporter::mergeInto(const Layer &layer, onnx::NodeProto &node,
                         const onnx::NodeProto &normalization) {
  double epsilon = NodeView(network.model(), normalization).real("epsilon", 1e-5);
  auto parameter = [&](int index) { return values.at(normalization.input(index)).to(at::kDouble); };
  Tensor factor = parameter(1) / at::sqrt(parameter(4) + epsilon);
  bool hasBias = node.input_size() > 2 && !node.input(2).empty();
  Tensor bias =
      hasBias ? values.at(node.input(2)).to(at::kDouble) : at::zeros({factor.numel()}, at::kDouble);
  bias = (bias - parameter(3)) * factor + parameter(2);
  Tensor &weight = values.at(layer.weight);
  if (auto scale = scales.find(layer.weight); scale != scales.end()) {
    Tensor old = perFilter(layer, scale->second, weight);
    Tensor integers = at::round(weight / old) * at::sign(perFilter(layer, factor, weight));
    // A factor of zero leaves no weight; its scale is then of no account.
    scale->second =
        at::where(factor == 0, at::ones_like(factor), scale->second.to(at::kDouble) * factor.abs())
            .to(at::kFloat);
    weight = (integers * perFilter(layer, scale->second, weight)).to(at::kFloat).contiguous();
  } else {
    weight = (weight * perFilter(layer, factor, weight)).to(at::kFloat).contiguous();
  }
  std::string biasName = layer.name + "/merged_bias";
  values[biasName] = bias.to(at::kFloat);
  while (node.input_size() < 3)
    node.add_input("");
  node.set_input(2, biasName);
  node.set_output(0, normalization.output(0));
}

void Exporter::mergeBatchNormalization() {
  for (const Layer &layer : network.layers()) {
    onnx::NodeProto *node = nodeOf(layer);
    onnx::NodeProto *reader = onlyReader(node->output(0));
    if (layer.op == "MatMul" || !reader || reader->op_type() != "BatchNormalization")
      continue;
    onnx::NodeProto normalization = *reader;
    auto &nodes = *graph().mutable_node();
    nodes.erase(std::find_if(nodes.begin(), nodes.end(),
                             [&](const onnx::NodeProto &each) { return &each == reader; }));
    mergeInto(layer, *nodeOf(layer), normalization);
  }
}

void Exporter::quantizeWeight(const Layer &layer) {
  Tensor scale = scales.at(layer.weight);
  Tensor &weight = values.at(layer.weight);
  Tensor integers = at::round(weight / perFilter(layer, scale, weight));
  if (integers.abs().max().item<double>() > 127)
    return; // wider than int8: floats on their levels
  std::string base = layer.weight + "/quantized";
  std::string dequantized = layer.weight + "/dequantized";
  values[base] = integers.to(at::kChar).contiguous();
  bool isShared = scale.eq(scale[0]).all().item<bool>();
  values[base + "_scale"] = isShared ? scale[0].clone() : scale.to(at::kFloat).contiguous();
  values[base + "_zero"] = at::zeros(values[base + "_scale"].sizes(), at::kChar);
  onnx::NodeProto dequantize;
  dequantize.set_op_type("DequantizeLinear");
  dequantize.set_name(layer.name + "/weight");
  for (const char *suffix : {"", "_scale", "_zero"})
    dequantize.add_input(base + suffix);
  dequantize.add_output(dequantized);
  if (!isShared) {
    onnx::AttributeProto &axis = *dequantize.add_attribute();
    axis.set_name("axis");
    axis.set_type(onnx::AttributeProto::INT);
    axis.set_i(layer.isTransposed ? 1 : 0);
  }
  for (onnx::NodeProto &node : *graph().mutable_node())
    for (std::string &input : *node.mutable_input())
      if (input == layer.weight)
        input = dequantized;
  insertBefore(graph(), {nameOf(graph().node(0))}, {dequantize});
  values.erase(layer.weight);
}

void Exporter::quantizeWeights() {
  for (const Layer &layer : network.layers())
    if (scales.count(layer.weight) && done.insert(layer.weight).second)
      quantizeWeight(layer);
}

/// Where the quantizer of `value` stands: the value it reads and the nodes that then read it, which
/// are layers alone unless `isShared`.
/// Largest values and reshapes commute with rounding and clipping, so the quantizer goes before
/// them, where the sums of the layer before are narrowed at once.
std::pair<std::string, std::set<std::string>> Exporter::quantizedEdge(const std::string &value,
                                                                      bool isShared) {
  std::string source = value;
  std::set<std::string> readers;
  auto isOutput = [&](const onnx::ValueInfoProto &output) { return output.name() == value; };
  bool isReadByLayersAlone =
      std::none_of(graph().output().begin(), graph().output().end(), isOutput);
  for (const onnx::NodeProto &node : graph().node())
    for (const std::string &input : node.input())
      if (input == value)
        isReadByLayersAlone &=
            readers.insert(nameOf(node)).second && layerNames.count(nameOf(node));
  if (!isShared)
    std::erase_if(readers, [&](const std::string &name) { return !layerNames.count(name); });
  while (isReadByLayersAlone) {
    auto &nodes = graph().node();
    auto maker = std::find_if(nodes.begin(), nodes.end(), [&](const onnx::NodeProto &node) {
      return node.output_size() > 0 && node.output(0) == source;
    });
    static const std::set<std::string> commuting = {"MaxPool", "Flatten", "Reshape", "Dropout",
                                                    "Identity"};
    if (maker == nodes.end() || !commuting.count(maker->op_type()) ||
        maker->input(0) == network.inputName() || onlyReader(maker->input(0)) != &*maker)
      break;
    source = maker->input(0);
    readers = {nameOf(*maker)};
  }
  return {source, readers};
}

/// The node that makes the output of the graph makes another value, for a quantizer to make the
/// output.
std::pair<std::string, std::set<std::string>> Exporter::freedOutput(const std::string &value) {
  std::string freed = value + "/float";
  for (onnx::NodeProto &node : *graph().mutable_node())
    for (std::string &output : *node.mutable_output())
      if (output == value)
        output = freed;
  return {freed, {}};
}

void Exporter::quantizeActivations(const std::map<std::string, ActivationRange> &ranges) {
  for (const auto &[value, range] : ranges) {
    std::string base = value + "/activation";
    values[base + "_scale"] = at::tensor(static_cast<float>(range.scale));
    values[base + "_zero"] =
        at::tensor(static_cast<double>(range.zero)).to(range.isSigned ? at::kChar : at::kByte);
    std::vector<onnx::NodeProto> chain;
    auto append = [&](const std::string &op, const std::vector<std::string> &inputs) {
      onnx::NodeProto &node = chain.emplace_back();
      node.set_op_type(op);
      node.set_name(value + "/" + op);
      for (const std::string &input : inputs)
        node.add_input(input);
      node.add_output(value + "/" + op + "_out");
      return node.output(0);
    };
    bool isOutput = value == graph().output(0).name();
    // Of 8 bits, what else reads the value, such as a sum around a layer, takes the levels too: a
    // chip then makes the value once, and not in two forms.
    bool isShared = range.high - range.low >= 254;
    auto [source, readers] = isOutput ? freedOutput(value) : quantizedEdge(value, isShared);
    std::string current = source;
    bool isWhole = range.isSigned ? false : range.high == 255;
    if (!isWhole) {
      double low = static_cast<double>(range.low) * range.scale;
      double high = static_cast<double>(range.high) * range.scale;
      values[base + "_low"] = at::tensor(static_cast<float>(low));
      values[base + "_high"] = at::tensor(static_cast<float>(high));
      current = append("Clip", {current, base + "_low", base + "_high"});
    }
    std::vector<std::string> parameters = {base + "_scale", base + "_zero"};
    current = append("QuantizeLinear", {current, parameters[0], parameters[1]});
    current = append("DequantizeLinear", {current, parameters[0], parameters[1]});
    if (isOutput) {
      chain.back().set_output(0, value);
      for (const onnx::NodeProto &node : chain)
        *graph().add_node() = node;
      continue;
    }
    for (onnx::NodeProto &node : *graph().mutable_node())
      if (readers.count(nameOf(node)))
        std::replace(node.mutable_input()->begin(), node.mutable_input()->end(), source, current);
    insertBefore(graph(), readers, chain);
  }
}

/// `name` as a selector that means it alone.
std::string selectorOf(const std::string &name) { return "\"" + name + "\""; }

void Exporter::describe() {
  auto add = [&](const std::string &key, const std::string &value) {
    for (onnx::StringStringEntryProto &entry : *proto.mutable_metadata_props())
      if (entry.key() == key) {
        entry.set_value(value);
        return;
      }
    onnx::StringStringEntryProto &entry = *proto.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  };
  std::string patterns, codes;
  for (const Layer &layer : network.layers()) {
    if (auto text = constraints.patterns.find(layer.name); text != constraints.patterns.end())
      patterns += (patterns.empty() ? "" : ";") + selectorOf(layer.name) + ":" + text->second;
    if (auto text = constraints.codes.find(layer.name); text != constraints.codes.end())
      codes += (codes.empty() ? "" : ";") + selectorOf(layer.name) + "=" + text->second;
  }
  add("pim.producer", "pim-compress");
  if (!patterns.empty())
    add("pim.sparsity", patterns);
  if (!codes.empty())
    add("pim.codes", codes);
}

onnx::ModelProto Exporter::finish() {
  std::set<std::string> used;
  for (const onnx::NodeProto &node : graph().node())
    used.insert(node.input().begin(), node.input().end());
  for (const onnx::ValueInfoProto &output : graph().output())
    used.insert(output.name());
  graph().clear_initializer();
  for (const auto &[name, value] : values)
    if (used.count(name))
      storeTensor(*graph().add_initializer(), name, value);
  return std::move(proto);
}

} // namespace

onnx::ModelProto exportModel(const Network &network, const Constraints &constraints,
                             const std::map<std::string, ActivationRange> &activations,
                             bool removeChannels) {
  at::NoGradGuard guard;
  Exporter exporter(network, constraints);
  if (removeChannels)
    exporter.removeChannels();
  if (exporter.hasCodes()) {
    exporter.mergeBatchNormalization();
    exporter.quantizeWeights();
  }
  exporter.quantizeActivations(activations);
  exporter.describe();
  onnx::ModelProto proto = exporter.finish();
  if (exporter.hasCodes() || !activations.empty())
    raiseOpset(proto, network.model().path);
  return proto;
}

} // namespace pim::compress
