//===- HostProgram.cpp - a whole model as a call of the host --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/HostProgram.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Elements/Ports.h"
#include "pim/ISA/Codec.h"
#include "pim/ONNXToGraph/HostKernels.h"
#include "pim/ONNXToGraph/ONNXToGraph.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"

using namespace mlir;
using namespace mlir::pim;
namespace fb = ::pim::fb;
namespace graph = ::pim::graph;

static bool holdsOnnx(func::FuncOp function) {
  return llvm::any_of(function.getOps(), [](Operation &op) {
    return isa_and_nonnull<onnx::ONNXDialect>(op.getDialect());
  });
}

static std::unique_ptr<fb::PortT> makePort(std::string name, Type type,
                                           const graph::Tensor &tensor) {
  auto port = std::make_unique<fb::PortT>();
  port->name = std::move(name);
  port->element = fb::ElementType(tensor.element);
  auto ranked = dyn_cast<RankedTensorType>(type);
  port->open_rank = !ranked;
  if (ranked)
    for (int64_t size : ranked.getShape())
      port->shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  return port;
}

static uint64_t countParameters(const graph::Graph &graph) {
  uint64_t count = 0;
  for (const graph::Tensor &tensor : graph.tensors)
    if (tensor.isConstant())
      count += uint64_t(tensor.elementCount());
  return count;
}

FailureOr<::pim::program::Program> mlir::pim::makeHostProgram(ModuleOp module,
                                                              const ::pim::target::Target &target,
                                                              const fb::PreprocessT &preprocess) {
  auto functions = module.getOps<func::FuncOp>();
  if (!llvm::hasSingleElement(functions))
    return module.emitError() << "holds " << llvm::range_size(functions)
                              << " functions, expected one, the model";
  if (failed(refuseUnsupported(module, [](onnx::NodeOp) { return false; })))
    return failure();
  func::FuncOp function = *functions.begin();
  FailureOr<graph::Graph> graph =
      holdsOnnx(function) ? convertONNXToGraph(function) : convertTosaToGraph(function);
  if (failed(graph))
    return failure();

  ::pim::program::Program program;
  fb::ProgramT &header = program.header;
  header.generator = "pimc";
  header.isa_fingerprint = ::pim::isa::fingerprint();
  header.model = std::make_unique<fb::ModelInfoT>();
  header.model->name = module.getSymName().value_or("").str();
  if (auto opset = module->getAttrOfType<StringAttr>("pim.opset"))
    header.model->opset = opset.str();
  header.model->parameters = countParameters(*graph);
  header.array_counts = std::make_unique<fb::ArrayCountsT>();
  header.preprocess = std::make_unique<fb::PreprocessT>(preprocess);
  program.setTarget(target);
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    header.inputs.push_back(
        makePort(inputName(function, index), type, graph->tensors[graph->inputs[index]]));
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    header.outputs.push_back(
        makePort(outputName(function, index), type, graph->tensors[graph->outputs[index]]));
  auto call = std::make_unique<fb::HostCallT>();
  call->name = header.model->name;
  auto layer = std::make_unique<fb::LayerT>();
  layer->name = header.model->name.empty() ? "model" : header.model->name;
  layer->op = "host";
  layer->weights = header.model->parameters;
  layer->mapping = "host: the whole model in float";
  try {
    std::vector<std::byte> bytes = graph::serialize(*graph);
    auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
    call->graph.assign(data, data + bytes.size());
  } catch (const ::pim::Error &error) {
    return emitError(module.getLoc(), error.what());
  }
  header.host_calls.push_back(std::move(call));
  header.layers.push_back(std::move(layer));
  return program;
}
