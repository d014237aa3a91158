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
           iterations <= maxUnrolledNodes / int64_t(body->getOperations().size());
  }
  /// How a Scan cuts its operands and stacks its results.
  struct ScanAxes {
    int64_t states; ///< values carried from one iteration to the next
    int64_t length; ///< of what is cut: the number of iterations
    SmallVector<int64_t> inAxes, inBackwards, outAxes, outBackwards;
  };
  std::optional<ScanAxes> readScan();
  std::optional<int64_t> scanLength(int64_t states, MutableArrayRef<int64_t> axes);
  bool staysTrue(Value condition);
  Value stack(ArrayRef<Value> parts, int64_t axis);

  Block *body;
};

} // namespace

/// True if the condition that the body yields is true whenever the one that it is given is.
bool Unroller::staysTrue(Value condition) {
  while (auto identity = condition.getDefiningOp<NodeOp>()) {
    if (!isOperator(identity, "Identity") || identity.getInputs().size() != 1)
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

/// The one length of the operands behind `states`, each along its axis; makes axes count from the
/// front.
std::optional<int64_t> Unroller::scanLength(int64_t states, MutableArrayRef<int64_t> axes) {
  std::optional<int64_t> length;
  for (auto [operand, axis] : llvm::zip_equal(node.getInputs().drop_front(states), axes)) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(operand.getType()).getShape();
    axis += axis < 0 ? int64_t(shape.size()) : 0;
    if (axis < 0 || axis >= int64_t(shape.size()) || (length && *length != shape[axis]))
      return std::nullopt;
    length = shape[axis];
  }
  return length;
}

/// Nothing unless all that decides what the iterations do is known and fits.
std::optional<Unroller::ScanAxes> Unroller::readScan() {
  NodeBinder binder(node);
  auto scans = binder.getInt("num_scan_inputs");
  int64_t inputs = int64_t(node.getInputs().size());
  auto isStatic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  };
  if (failed(scans) || *scans < 1 || *scans > inputs || !body || node.getOpset() < 9 ||
      !llvm::all_of(node.getInputs().getTypes(), isStatic))
    return std::nullopt;
  int64_t states = inputs - *scans, outputs = int64_t(node.getNumResults()) - states;
  Operation *yield = body->getTerminator();
  if (outputs < 0 || int64_t(body->getNumArguments()) != inputs ||
      yield->getNumOperands() != node.getNumResults() ||
      llvm::any_of(yield->getOperandTypes(), llvm::IsaPred<NoneType>))
    return std::nullopt;
  ScanAxes axes{states, 0, {}, {}, {}, {}};
  for (auto [name, list, size] : {std::tuple(StringRef("scan_input_axes"), &axes.inAxes, *scans),
                                  {"scan_input_directions", &axes.inBackwards, *scans},
                                  {"scan_output_axes", &axes.outAxes, outputs},
                                  {"scan_output_directions", &axes.outBackwards, outputs}}) {
    auto given = binder.getInts(name, SmallVector<int64_t>(size_t(size), 0));
    if (failed(given) || int64_t(given->size()) != size)
      return std::nullopt;
    *list = *given;
  }
  std::optional<int64_t> length = scanLength(states, axes.inAxes);
  if (!length || !isSmall(*length))
    return std::nullopt;
  axes.length = *length;
  return axes;
}

/// Inputs: carried values, then those that are cut along an axis. The body takes the carried ones
/// and one cut of each of the others, and yields the carried ones and values that are stacked.
bool Unroller::runScan() {
  std::optional<ScanAxes> axes = readScan();
  if (!axes)
    return false;
  SmallVector<Value> carried(node.getInputs().take_front(axes->states));
  SmallVector<SmallVector<Value>> stacked(axes->outAxes.size());
  for (int64_t iteration = 0; iteration < axes->length; ++iteration) {
    SmallVector<Value> arguments = carried;
    for (auto [operand, axis, backwards] : llvm::zip_equal(
             node.getInputs().drop_front(axes->states), axes->inAxes, axes->inBackwards)) {
      int64_t at = backwards ? axes->length - 1 - iteration : iteration;
      arguments.push_back(
          makeNode("Gather", {operand, makeConstant({at}, true)}, intAttribute("axis", axis)));
    }
    SmallVector<Value> yielded = iterate(*body, iteration, arguments);
    carried.assign(yielded.begin(), yielded.begin() + axes->states);
    for (auto [parts, value] : llvm::zip_equal(stacked, ArrayRef(yielded).drop_front(axes->states)))
      parts.push_back(value);
  }
  SmallVector<Value> results = carried;
  for (auto [parts, axis, backwards] :
       llvm::zip_equal(stacked, axes->outAxes, axes->outBackwards)) {
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
