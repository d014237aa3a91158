//===- Sequences.cpp - sequences whose length is known --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sequences.h"
#include "NodeWriter.h"
#include "llvm/ADT/StringSwitch.h"

#include <numeric>

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

std::optional<SmallVector<Value>> mlir::pim::onnx::elementsOf(Value sequence) {
  auto maker = sequence.getDefiningOp<NodeOp>();
  if (!maker || !(isOperator(maker, "SequenceConstruct") || isOperator(maker, "SequenceEmpty")))
    return std::nullopt;
  return SmallVector<Value>(maker.getInputs());
}

namespace {

/// Resolves one node.
class Resolver : NodeWriter {
public:
  explicit Resolver(NodeOp node) : NodeWriter(node), binder(node) {}

  bool run();

private:
  using Elements = SmallVector<Value>;

  /// The tensors of the sequence that operand `index` is.
  std::optional<Elements> sequence(unsigned index) {
    return binder.hasInput(index) ? elementsOf(binder.getInput(index)) : std::nullopt;
  }
  std::optional<int64_t> position(unsigned index, int64_t otherwise, int64_t size, int64_t most);
  bool become(ArrayRef<Value> elements);
  std::optional<std::pair<int64_t, int64_t>> splitAxis();
  std::optional<Elements> slices(int64_t axis, int64_t size, ArrayRef<int64_t> sizes);
  bool resolveSplit();
  bool resolveSplitToSequence();
  bool resolveInsert();
  bool resolveErase();
  bool resolveMap();
  bool resolveAt();
  bool resolveLength();
  bool resolveConcat();
  bool resolveOptional();

  NodeBinder binder;
};

} // namespace

/// The index in operand `index`, which counts from the end where it is negative; nothing unless it
/// is constant and from 0 to `most`.
std::optional<int64_t> Resolver::position(unsigned index, int64_t otherwise, int64_t size,
                                          int64_t most) {
  int64_t at = otherwise;
  if (binder.hasInput(index)) {
    auto constant = binder.getConstant(index);
    if (!constant || constant->getCount() != 1)
      return std::nullopt;
    at = constant->getInt(0);
    if (at < 0)
      at += size;
  }
  return at >= 0 && at <= most ? std::optional(at) : std::nullopt;
}

/// Writes the sequence out, in the place of the node.
bool Resolver::become(ArrayRef<Value> elements) {
  if (int64_t(elements.size()) > maxSequenceLength)
    return false;
  StringRef op = elements.empty() ? "SequenceEmpty" : "SequenceConstruct";
  return finish(makeNode(op, elements, {}));
}

/// The axis and the static size of what operand 0 is split along.
std::optional<std::pair<int64_t, int64_t>> Resolver::splitAxis() {
  auto type = binder.hasInput(0) ? dyn_cast<RankedTensorType>(binder.getInput(0).getType())
                                 : RankedTensorType();
  FailureOr<int64_t> axis = binder.getInt("axis", 0);
  if (!type || !type.hasStaticShape() || failed(axis))
    return std::nullopt;
  int64_t at = *axis < 0 ? *axis + type.getRank() : *axis;
  if (at < 0 || at >= type.getRank())
    return std::nullopt;
  return std::pair(at, type.getDimSize(at));
}

/// The parts of operand 0 of these sizes along an axis; nothing unless they cover it.
std::optional<Resolver::Elements> Resolver::slices(int64_t axis, int64_t size,
                                                   ArrayRef<int64_t> sizes) {
  if (sizes.empty() || int64_t(sizes.size()) > maxSequenceLength ||
      llvm::any_of(sizes, [&](int64_t part) { return part < 1 || part > size; }) ||
      std::accumulate(sizes.begin(), sizes.end(), int64_t(0)) != size)
    return std::nullopt;
  if (sizes.size() == 1)
    return Elements{binder.getInput(0)};
  Elements parts;
  int64_t begin = 0;
  for (int64_t part : sizes) {
    parts.push_back(slice(binder.getInput(0), axis, begin, begin + part));
    begin += part;
  }
  return parts;
}

/// `size` in parts of `each`, the last of which may be smaller.
static SmallVector<int64_t> evenParts(int64_t size, int64_t each) {
  SmallVector<int64_t> parts;
  if (each >= 1 && size / each < maxSequenceLength)
    for (int64_t start = 0; start < size; start += each)
      parts.push_back(std::min(each, size - start));
  return parts;
}

/// Sizes are the list in operand 1, an attribute before opset 13, or as even as the number of
/// results allows. Slices have a form in TOSA, a node of several results has none.
bool Resolver::resolveSplit() {
  auto along = splitAxis();
  int64_t count = int64_t(node.getNumResults());
  if (!along || (binder.hasInput(1) && !binder.getConstant(1)))
    return false;
  MaybeIntsOrNone given = binder.getIntsOrInput("split", 1);
  if (failed(given))
    return false;
  auto [axis, size] = *along;
  SmallVector<int64_t> sizes = *given ? **given : evenParts(size, (size + count - 1) / count);
  if (int64_t(sizes.size()) != count)
    return false;
  std::optional<Elements> parts = slices(axis, size, sizes);
  return parts && finish(*parts);
}

/// Sizes are the list in operand 1, the one size there, or 1; dimensions of 1 that nobody asked for
/// are left out if `keepdims` says so.
bool Resolver::resolveSplitToSequence() {
  auto along = splitAxis();
  FailureOr<int64_t> keep = binder.getInt("keepdims", 1);
  if (!along || failed(keep))
    return false;
  auto [axis, size] = *along;
  SmallVector<int64_t> sizes;
  if (binder.hasInput(1)) {
    auto given = binder.getConstant(1);
    if (!given || given->getCount() == 0)
      return false;
    sizes = given->getType().getRank() > 0 ? given->getInts() : evenParts(size, given->getInt(0));
  } else {
    sizes = evenParts(size, 1);
  }
  std::optional<Elements> parts = slices(axis, size, sizes);
  if (!parts)
    return false;
  if (!binder.hasInput(1) && *keep == 0)
    for (Value &part : *parts)
      part = changeAxis("Squeeze", part, axis);
  return become(*parts);
}

bool Resolver::resolveInsert() {
  std::optional<Elements> elements = sequence(0);
  int64_t size = elements ? int64_t(elements->size()) : 0;
  std::optional<int64_t> at = position(2, size, size, size);
  if (!elements || !at || !binder.hasInput(1))
    return false;
  elements->insert(elements->begin() + *at, binder.getInput(1));
  return become(*elements);
}

bool Resolver::resolveErase() {
  std::optional<Elements> elements = sequence(0);
  int64_t size = elements ? int64_t(elements->size()) : 0;
  std::optional<int64_t> at = position(1, size - 1, size, size - 1);
  if (!elements || !at)
    return false;
  elements->erase(elements->begin() + *at);
  return become(*elements);
}

/// The body is written out for each position; operands that are tensors are the same for all.
bool Resolver::resolveMap() {
  std::optional<Elements> first = sequence(0);
  if (!first || node.getGraphs().empty() || int64_t(first->size()) > maxSequenceLength)
    return false;
  Block &body = node.getGraphs().front().front();
  SmallVector<std::optional<Elements>> sequences;
  for (unsigned index = 0; index < node.getInputs().size(); ++index) {
    sequences.push_back(sequence(index));
    if (sequences.back() ? sequences.back()->size() != first->size()
                         : !isa<RankedTensorType>(binder.getInput(index).getType()))
      return false;
  }
  if (body.getNumArguments() != sequences.size() ||
      body.getTerminator()->getNumOperands() != node.getNumResults() ||
      llvm::any_of(body.getTerminator()->getOperandTypes(), llvm::IsaPred<NoneType>))
    return false;
  SmallVector<Elements> results(node.getNumResults());
  for (size_t position = 0; position < first->size(); ++position) {
    Elements arguments;
    for (auto [index, elements] : llvm::enumerate(sequences))
      arguments.push_back(elements ? (*elements)[position] : binder.getInput(unsigned(index)));
    for (auto [result, value] : llvm::zip_equal(results, iterate(body, position, arguments)))
      result.push_back(value);
  }
  SmallVector<Value> made;
  for (const Elements &elements : results)
    made.push_back(
        makeNode(elements.empty() ? "SequenceEmpty" : "SequenceConstruct", elements, {}));
  return finish(made);
}

bool Resolver::resolveAt() {
  std::optional<Elements> elements = sequence(0);
  int64_t size = elements ? int64_t(elements->size()) : 0;
  std::optional<int64_t> at = position(1, -1, size, size - 1);
  return at && finish((*elements)[size_t(*at)]);
}

bool Resolver::resolveLength() {
  std::optional<Elements> elements = sequence(0);
  return elements && finish(makeConstant({int64_t(elements->size())}, /*isScalar=*/true));
}

bool Resolver::resolveConcat() {
  std::optional<Elements> elements = sequence(0);
  FailureOr<int64_t> axis = binder.getInt("axis"), fresh = binder.getInt("new_axis", 0);
  if (!elements || elements->empty() || failed(axis) || failed(fresh))
    return false;
  if (*fresh != 0)
    for (Value &element : *elements)
      element = changeAxis("Unsqueeze", element, *axis);
  return finish(makeNode("Concat", *elements, intAttribute("axis", *axis)));
}

/// An optional with content is its content: a tensor, or a sequence that is known.
bool Resolver::resolveOptional() {
  bool hasInput = binder.hasInput(0);
  bool isKnown = hasInput && (isa<RankedTensorType>(binder.getInput(0).getType()) || sequence(0));
  if (!isOperator(node, "OptionalHasElement"))
    return isKnown && finish(binder.getInput(0));
  auto maker = hasInput ? binder.getInput(0).getDefiningOp<NodeOp>() : NodeOp();
  bool isEmpty = !hasInput || (maker && isOperator(maker, "Optional") && maker.getInputs().empty());
  if (!isKnown && !isEmpty)
    return false;
  auto answer = DenseElementsAttr::get(RankedTensorType::get({}, builder.getI1Type()), isKnown);
  return finish(ConstantOp::create(builder, node.getLoc(), answer).getResult());
}

bool Resolver::run() {
  if (!node.getDomain().value_or("").empty() || node.getNumResults() == 0)
    return false;
  bool (Resolver::*resolve)() = llvm::StringSwitch<bool (Resolver::*)()>(node.getOpType())
                                    .Case("ConcatFromSequence", &Resolver::resolveConcat)
                                    .Cases({"Optional", "OptionalGetElement", "OptionalHasElement"},
                                           &Resolver::resolveOptional)
                                    .Case("SequenceAt", &Resolver::resolveAt)
                                    .Case("SequenceErase", &Resolver::resolveErase)
                                    .Case("SequenceInsert", &Resolver::resolveInsert)
                                    .Case("SequenceLength", &Resolver::resolveLength)
                                    .Case("SequenceMap", &Resolver::resolveMap)
                                    .Case("Split", &Resolver::resolveSplit)
                                    .Case("SplitToSequence", &Resolver::resolveSplitToSequence)
                                    .Default(nullptr);
  bool mayHaveSeveral = isOperator(node, "Split") || isOperator(node, "SequenceMap");
  if (node.getNumResults() != 1 && !mayHaveSeveral)
    return false;
  if (resolve)
    return (this->*resolve)();
  std::optional<Elements> elements = isOperator(node, "Identity") ? sequence(0) : std::nullopt;
  return elements && become(*elements);
}

bool mlir::pim::onnx::resolveSequence(NodeOp node) { return Resolver(node).run(); }
