//===- ControlFlow.cpp - control flow that constants decide ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ControlFlow.h"
#include "NodeWriter.h"
#include "Sequences.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

static std::optional<Elements> constantOf(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant ? Elements::get(constant.getValue()) : std::nullopt;
}

bool mlir::pim::onnx::inlineIf(NodeOp node) {
  if (!isOperator(node, "If"))
    return false;
  std::optional<Elements> condition = NodeBinder(node).getConstant(0);
  if (!condition || condition->getCount() != 1)
    return false;
  StringRef wanted = condition->getInt(0) != 0 ? "then_branch" : "else_branch";
  for (auto [name, graph] :
       llvm::zip_equal(node.getGraphNames().getAsValueRange<StringAttr>(), node.getGraphs())) {
    Block &branch = graph.front();
    Operation *yield = branch.getTerminator();
    if (name != wanted || branch.getNumArguments() != 0 ||
        yield->getNumOperands() != node.getNumResults() ||
        llvm::any_of(yield->getOperandTypes(), llvm::IsaPred<NoneType>))
      continue;
    node.getResults().replaceAllUsesWith(yield->getOperands());
    yield->erase();
    node->getBlock()->getOperations().splice(node->getIterator(), branch.getOperations());
    node.erase();
    return true;
  }
  return false;
}

namespace {

/// Writes the iterations of one node one after the other.
class Unroller : NodeWriter {
public:
  explicit Unroller(NodeOp node)
      : NodeWriter(node),
        body(node.getGraphs().empty() ? nullptr : &node.getGraphs().front().front()) {}

  bool runLoop();
  bool runScan();

private:
  bool isSmall(int64_t iterations) {
    return iterations >= 1 &&
           iterations * int64_t(body->getOperations().size()) <= maxUnrolledNodes;
  }
  bool staysTrue(Value condition);
  Value stack(ArrayRef<Value> parts, int64_t axis);

  Block *body;
};

} // namespace

/// True if the condition that the body yields is true whenever the one that it is given is.
bool Unroller::staysTrue(Value condition) {
  while (auto identity = condition.getDefiningOp<NodeOp>()) {
    if (!isOperator(identity, "Identity"))
      break;
    condition = identity.getInputs().front();
  }
  if (condition == body->getArgument(1))
    return true;
  std::optional<Elements> constant = constantOf(condition);
  return constant && constant->getCount() == 1 && constant->getInt(0) != 0;
}

/// The values of all iterations along a new dimension `axis`.
Value Unroller::stack(ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> spread;
  for (Value part : parts)
    spread.push_back(changeAxis("Unsqueeze", part, axis));
  return makeNode("Concat", spread, intAttribute("axis", axis));
}

/// Inputs: the count, the condition, carried values. The body takes the number of the iteration,
/// the condition and these, and yields the condition, these, and values that are stacked.
bool Unroller::runLoop() {
  if (node.getInputs().size() < 2 || !body)
    return false;
  std::optional<Elements> count = constantOf(node.getInputs()[0]);
  std::optional<Elements> condition = constantOf(node.getInputs()[1]);
  bool isTrue = condition ? condition->getCount() == 1 && condition->getInt(0) != 0
                          : isa_and_nonnull<NoneOp>(node.getInputs()[1].getDefiningOp());
  SmallVector<Value> carried(node.getInputs().drop_front(2));
  Operation *yield = body->getTerminator();
  if (!count || count->getCount() != 1 || !isTrue || !isSmall(count->getInt(0)) ||
      body->getNumArguments() != carried.size() + 2 ||
      yield->getNumOperands() != node.getNumResults() + 1 ||
      node.getNumResults() < carried.size() || !staysTrue(yield->getOperand(0)) ||
      !llvm::all_of(carried,
                    [](Value value) {
                      return isa<RankedTensorType>(value.getType()) || elementsOf(value);
                    }) ||
      llvm::any_of(yield->getOperandTypes(), llvm::IsaPred<NoneType>))
    return false;
  auto truth = DenseElementsAttr::get(RankedTensorType::get({}, builder.getI1Type()), true);
  Value always = ConstantOp::create(builder, node.getLoc(), truth);
  SmallVector<SmallVector<Value>> stacked(node.getNumResults() - carried.size());
  for (int64_t iteration = 0; iteration < count->getInt(0); ++iteration) {
    SmallVector<Value> arguments = {makeConstant({iteration}, true), always};
    llvm::append_range(arguments, carried);
    SmallVector<Value> yielded = iterate(*body, iteration, arguments);
    carried.assign(yielded.begin() + 1, yielded.begin() + 1 + carried.size());
    for (auto [parts, value] :
         llvm::zip_equal(stacked, ArrayRef(yielded).drop_front(1 + carried.size())))
      parts.push_back(value);
  }
  SmallVector<Value> results = carried;
  for (ArrayRef<Value> parts : stacked)
    results.push_back(stack(parts, 0));
  return finish(results);
}

/// Inputs: carried values, then those that are cut along an axis. The body takes the carried ones
/// and one cut of each of the others, and yields the carried ones and values that are stacked.
bool Unroller::runScan() {
  NodeBinder binder(node);
  auto scans = binder.getInt("num_scan_inputs");
  int64_t inputs = int64_t(node.getInputs().size());
  if (failed(scans) || *scans < 1 || *scans > inputs || !body || node.getOpset() < 9 ||
      !llvm::all_of(node.getInputs().getTypes(), [](Type type) {
        auto tensor = dyn_cast<RankedTensorType>(type);
        return tensor && tensor.hasStaticShape();
      }))
    return false;
  int64_t states = inputs - *scans, outputs = int64_t(node.getNumResults()) - states;
  auto shapeOfInput = [&](int64_t index) {
    return cast<RankedTensorType>(node.getInputs()[states + index].getType()).getShape();
  };
  SmallVector<int64_t> zeros(std::max<int64_t>(*scans, std::max<int64_t>(outputs, 0)), 0);
  auto take = [&](StringRef name, int64_t size) {
    return binder.getInts(name, ArrayRef(zeros).take_front(size));
  };
  Operation *yield = body->getTerminator();
  if (outputs < 0 || body->getNumArguments() != node.getInputs().size() ||
      yield->getNumOperands() != node.getNumResults() ||
      llvm::any_of(yield->getOperandTypes(), llvm::IsaPred<NoneType>))
    return false;
  auto inAxes = take("scan_input_axes", *scans),
       inBackwards = take("scan_input_directions", *scans),
       outAxes = take("scan_output_axes", outputs),
       outBackwards = take("scan_output_directions", outputs);
  if (failed(inAxes) || failed(inBackwards) || failed(outAxes) || failed(outBackwards) ||
      inAxes->size() != size_t(*scans) || inBackwards->size() != size_t(*scans) ||
      outAxes->size() != size_t(outputs) || outBackwards->size() != size_t(outputs))
    return false;
  std::optional<int64_t> length;
  for (auto [index, axis] : llvm::enumerate(*inAxes)) {
    ArrayRef<int64_t> shape = shapeOfInput(int64_t(index));
    axis += axis < 0 ? int64_t(shape.size()) : 0;
    if (axis < 0 || axis >= int64_t(shape.size()) || (length && *length != shape[axis]))
      return false;
    length = shape[axis];
  }
  if (!isSmall(*length))
    return false;

  SmallVector<Value> carried(node.getInputs().take_front(states));
  SmallVector<SmallVector<Value>> stacked(outputs);
  for (int64_t iteration = 0; iteration < *length; ++iteration) {
    SmallVector<Value> arguments = carried;
    for (int64_t index = 0; index < *scans; ++index) {
      int64_t at = (*inBackwards)[index] ? *length - 1 - iteration : iteration;
      arguments.push_back(
          makeNode("Gather", {node.getInputs()[states + index], makeConstant({at}, true)},
                   builder.getNamedAttr("axis", builder.getI64IntegerAttr((*inAxes)[index]))));
    }
    SmallVector<Value> yielded = iterate(*body, iteration, arguments);
    carried.assign(yielded.begin(), yielded.begin() + states);
    for (auto [parts, value] : llvm::zip_equal(stacked, ArrayRef(yielded).drop_front(states)))
      parts.push_back(value);
  }
  SmallVector<Value> results = carried;
  for (auto [parts, axis, backwards] : llvm::zip_equal(stacked, *outAxes, *outBackwards)) {
    if (backwards)
      std::reverse(parts.begin(), parts.end());
    results.push_back(stack(parts, axis));
  }
  return finish(results);
}

bool mlir::pim::onnx::unroll(NodeOp node) {
  if (isOperator(node, "Loop"))
    return Unroller(node).runLoop();
  return isOperator(node, "Scan") && Unroller(node).runScan();
}
