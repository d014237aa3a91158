//===- Network.h - an ONNX graph that can be trained ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_NETWORK_H
#define LIB_COMPRESS_NETWORK_H

#include "Operators/Operators.h"

#include <functional>
#include <set>

namespace pim::compress {

/// A node whose constant weight an array can hold: Conv, Gemm or MatMul.
struct Layer {
  std::string name, op;
  std::string weight;        ///< name of the parameter
  std::string bias;          ///< likewise, or empty
  std::string input, output; ///< values of the graph
  int64_t filters = 0;       ///< outputs, the columns of the array matrix
  int64_t columns = 0;       ///< weights of one output: channels of a group times taps
  int64_t taps = 1;          ///< rows times columns of a kernel
  int64_t groups = 1;
  bool isTransposed = false; ///< stored [columns, filters]: Gemm without transB, MatMul
  int64_t positions = 0;     ///< products with the matrix for one sample

  bool isConvolution() const { return op == "Conv"; }
  int64_t weightCount() const { return filters * columns; }
};

/// Runs a model on batches of samples, with gradients for its parameters.
///
/// Nodes that need no input of the graph are computed once, when the network is made, and leave the
/// model. Parameters are the float constants that Conv, Gemm, MatMul, BatchNormalization, Add, Mul
/// and PRelu compute with; all other constants are buffers, the running statistics too.
class Network {
public:
  using Transform = std::function<Tensor(const Tensor &)>;

  /// Throws pim::Error if the graph cannot be run or trained: the first operator in the way is
  /// named with its node.
  explicit Network(Model model);

  /// The outputs for `batch` [N, ...]. Values of the graph that `seen` names are left there.
  std::vector<Tensor> run(const Tensor &batch, TensorMap *seen = nullptr) const;
  /// The first output as [N, classes]. Throws if it has another form.
  Tensor scores(const Tensor &batch, TensorMap *seen = nullptr) const;

  void setTraining(bool value) { training = value; }

  /// Shape of one sample, with 1 as the batch.
  const std::vector<int64_t> &inputShape() const { return shape; }
  const std::string &inputName() const { return input; }
  int64_t classes() const { return classCount; }
  const std::vector<Layer> &layers() const { return layerList; }
  const Layer &layer(const std::string &name) const;
  const Model &model() const { return source; }
  /// True if the scores are probabilities already.
  bool endsInSoftmax() const { return lastOp == "Softmax"; }
  /// True if each score is a neuron's answer of its own, 0 to 1.
  bool endsInSigmoid() const { return lastOp == "Sigmoid"; }

  /// The weight of `layer` as the matrix [filters, columns]; a view where the layout allows it.
  Tensor matrix(const Layer &layer) const;
  /// `matrix` [filters, columns] in the shape that the layer's weight is stored in.
  Tensor stored(const Layer &layer, const Tensor &matrix) const;

  /// The parameter as nodes read it: transformed.
  Tensor effective(const std::string &parameter) const;

  /// The model with the parameters as they are, or as nodes read them.
  onnx::ModelProto snapshot(bool transformed) const;

  TensorMap parameters; ///< leaves that require gradients
  TensorMap buffers;
  /// What nodes read instead of a parameter.
  std::map<std::string, Transform> weightTransforms;
  /// What a node, by name, reads instead of its first input.
  std::map<std::string, Transform> inputTransforms;

private:
  struct Step {
    NodeView node;
    Operator function;
    std::vector<int> inputs, outputs; ///< slots; -1 where left out
    std::vector<bool> batched;
    std::vector<int> dying; ///< slots that nothing after this step reads
  };

  std::vector<Tensor> execute(const Tensor &batch, std::map<std::string, int64_t> *elements,
                              TensorMap *seen) const;
  void readInput();
  void foldConstants();
  void classifyConstants();
  void buildSteps();
  void findLayers();
  void probe();
  int slotOf(const std::string &name);

  Model source;
  std::string input, lastOp;
  std::vector<int64_t> shape;
  int64_t modelBatch = 1, classCount = 0;
  bool training = false;
  TensorMap constants; ///< before they are told apart
  std::vector<Step> steps;
  std::map<std::string, int> slots;
  std::vector<int> outputs;
  std::vector<Layer> layerList;
};

} // namespace pim::compress

#endif // LIB_COMPRESS_NETWORK_H
