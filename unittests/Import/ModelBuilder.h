//===- ModelBuilder.h - small ONNX models for tests ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_UNITTESTS_IMPORT_MODELBUILDER_H
#define PIM_UNITTESTS_IMPORT_MODELBUILDER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace pim::test {

/// Writes models through protobuf, field by field, so that tests can also write what no exporter
/// would.
class ModelBuilder {
public:
  explicit ModelBuilder(int64_t opset = 13) {
    model.set_ir_version(7);
    auto *import = model.add_opset_import();
    import->set_domain("");
    import->set_version(opset);
    model.mutable_graph()->set_name("test");
  }

  /// Dimensions: -1 is symbolic ("d" and its index), everything else is written as it is.
  onnx::ValueInfoProto *input(const std::string &name, const std::vector<int64_t> &shape) {
    return value(model.mutable_graph()->add_input(), name, shape);
  }
  onnx::ValueInfoProto *output(const std::string &name, const std::vector<int64_t> &shape) {
    return value(model.mutable_graph()->add_output(), name, shape);
  }

  /// An initializer of floats, as raw bytes.
  onnx::TensorProto *weights(const std::string &name, const std::vector<int64_t> &shape,
                             const std::vector<float> &values) {
    onnx::TensorProto *tensor = initializer(name, shape, onnx::TensorProto::FLOAT);
    tensor->set_raw_data(values.data(), values.size() * sizeof(float));
    return tensor;
  }
  onnx::TensorProto *ints(const std::string &name, const std::vector<int64_t> &values) {
    onnx::TensorProto *tensor =
        initializer(name, {int64_t(values.size())}, onnx::TensorProto::INT64);
    for (int64_t value : values)
      tensor->add_int64_data(value);
    return tensor;
  }
  onnx::TensorProto *initializer(const std::string &name, const std::vector<int64_t> &shape,
                                 int dataType) {
    onnx::TensorProto *tensor = model.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(dataType);
    for (int64_t dim : shape)
      tensor->add_dims(dim);
    return tensor;
  }

  onnx::NodeProto *node(const std::string &type, const std::vector<std::string> &inputs,
                        const std::vector<std::string> &outputs, const std::string &name = "") {
    onnx::NodeProto *result = model.mutable_graph()->add_node();
    result->set_op_type(type);
    result->set_name(name);
    for (const std::string &input : inputs)
      result->add_input(input);
    for (const std::string &output : outputs)
      result->add_output(output);
    return result;
  }
  static void attribute(onnx::NodeProto *node, const std::string &name,
                        const std::vector<int64_t> &values) {
    onnx::AttributeProto *attribute = node->add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INTS);
    for (int64_t value : values)
      attribute->add_ints(value);
  }

  std::string bytes() const { return model.SerializeAsString(); }

  onnx::ModelProto model;

private:
  static onnx::ValueInfoProto *value(onnx::ValueInfoProto *info, const std::string &name,
                                     const std::vector<int64_t> &shape) {
    info->set_name(name);
    auto *type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    auto *dims = type->mutable_shape();
    for (size_t index = 0; index < shape.size(); ++index) {
      auto *dim = dims->add_dim();
      if (shape[index] == -1)
        dim->set_dim_param(std::string("d").append(std::to_string(index)));
      else
        dim->set_dim_value(shape[index]);
    }
    return info;
  }
};

/// An import with what it said.
struct Imported {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<std::string> errors;

  mlir::func::FuncOp function() { return *module->getOps<mlir::func::FuncOp>().begin(); }
};

inline Imported importBytes(mlir::MLIRContext &context, const std::string &bytes,
                            const mlir::pim::ImportOptions &options = {},
                            const std::string &path = "model.onnx") {
  Imported result;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      result.errors.push_back(diagnostic.str());
    return mlir::success();
  });
  result.module = mlir::pim::importONNXBytes(&context, bytes, path, options);
  return result;
}

/// A convolution, a bias written as Add, Relu, pooling and a classifier behind shape arithmetic.
inline ModelBuilder smallNetwork() {
  ModelBuilder builder;
  builder.input("image", {-1, 1, 6, 6});
  builder.output("scores", {-1, 3});
  builder.weights("kernel", {2, 1, 3, 3}, std::vector<float>(18, 0.25f));
  builder.weights("offset", {2, 1, 1}, {0.5f, -0.5f});
  builder.weights("matrix", {18, 3}, std::vector<float>(54, 0.125f));
  builder.ints("zero", {0});
  builder.ints("rest", {-1});
  onnx::NodeProto *conv = builder.node("Conv", {"image", "kernel"}, {"c"}, "conv");
  ModelBuilder::attribute(conv, "pads", {1, 1, 1, 1});
  ModelBuilder::attribute(conv, "kernel_shape", {3, 3});
  builder.node("Add", {"c", "offset"}, {"a"}, "bias");
  builder.node("Relu", {"a"}, {"r"}, "relu");
  onnx::NodeProto *pool = builder.node("MaxPool", {"r"}, {"p"}, "pool");
  ModelBuilder::attribute(pool, "kernel_shape", {2, 2});
  ModelBuilder::attribute(pool, "strides", {2, 2});
  builder.node("Shape", {"p"}, {"s"}, "shape");
  builder.node("Gather", {"s", "zero"}, {"n"}, "batch");
  builder.node("Concat", {"n", "rest"}, {"t"}, "target")->add_attribute()->set_name("axis");
  onnx::NodeProto *concat = builder.model.mutable_graph()->mutable_node(6);
  concat->mutable_attribute(0)->set_type(onnx::AttributeProto::INT);
  concat->mutable_attribute(0)->set_i(0);
  builder.node("Reshape", {"p", "t"}, {"f"}, "flatten");
  builder.node("MatMul", {"f", "matrix"}, {"scores"}, "classifier");
  return builder;
}

} // namespace pim::test

#endif // PIM_UNITTESTS_IMPORT_MODELBUILDER_H
