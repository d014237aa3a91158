//===- Onnx.cpp - an ONNX operator among those of TOSA --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What has no form in TOSA keeps its ONNX operator, whose kernel lies in pim/Runtime/ONNX. In a
// graph with TOSA operators its shapes are fixed beforehand, and every evaluator runs the same
// kernel.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "pim/Runtime/ONNX/Interpreter.h"

#include <cstring>

using namespace pim;
using namespace pim::graph;

/// An operand or a result, nothing if the node leaves it out.
static const Tensor *tensorAt(const Graph &graph, int index) {
  return index < 0 ? nullptr : &graph.tensors[static_cast<size_t>(index)];
}

static void store(const Binding &op, const Tensor &declared, const onnx::Value &value,
                  std::byte *memory) {
  const auto *made = std::get_if<onnx::Tensor>(&value);
  if (!made)
    op.fail("result '", declared.name, "' is no tensor, which only whole graphs of ONNX can hold");
  if (made->element() != declared.element || made->shape() != declared.shape)
    op.fail("result '", declared.name, "' is declared as ", elementName(declared.element), " ",
            shapeText(declared.shape), ", but the op makes ", elementName(made->element()), " ",
            shapeText(made->shape()));
  if (!made->bytes().empty())
    std::memcpy(memory, made->bytes().data(), made->bytes().size());
}

Step pim::graph::prepareOnnx(const Binding &op) {
  for (const std::vector<int> *list : {&op.node().inputs, &op.node().outputs})
    for (int index : *list)
      if (const Tensor *tensor = tensorAt(op.wholeGraph(), index);
          tensor && tensor->element == ElementType::STRING)
        op.fail("'", tensor->name, "' holds texts, which only whole graphs of ONNX can hold");
  auto single = std::make_shared<onnx::SingleOp>(op.node());
  return [op, single](const Buffers &buffers) {
    std::vector<onnx::Value> inputs;
    for (size_t i = 0; i < op.inputCount(); ++i) {
      const Tensor *tensor = tensorAt(op.wholeGraph(), op.node().inputs[i]);
      if (!tensor) {
        inputs.emplace_back();
        continue;
      }
      size_t size =
          static_cast<size_t>(elementCount(tensor->shape)) * elementBytes(tensor->element);
      inputs.push_back(onnx::Tensor(tensor->element, tensor->shape,
                                    std::span(buffers.in<std::byte>(i), size), nullptr));
    }
    std::vector<onnx::Value> results = single->run(inputs);
    for (size_t i = 0; i < results.size(); ++i)
      if (const Tensor *tensor = tensorAt(op.wholeGraph(), op.node().outputs[i]))
        store(op, *tensor, results[i], buffers.out<std::byte>(i));
  };
}
