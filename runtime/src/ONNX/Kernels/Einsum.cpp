//===- Einsum.cpp - sums of products over named dimensions ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Products.h"

#include <algorithm>
#include <map>

using namespace pim;
using namespace pim::onnx;

namespace {

/// The labels of each term, one character for each dimension. Those that an ellipsis stands for are
/// control characters, which an equation cannot hold.
struct Equation {
  std::vector<std::string> operands;
  std::string result;
  std::map<char, int64_t> sizes;
};

} // namespace

/// The labels of `rank` dimensions in a term; what the ellipsis stands for ends at label `last`.
static std::string expandTerm(const Call &call, const std::string &term, int64_t rank) {
  std::string labels;
  size_t dots = term.find("...");
  int64_t named = int64_t(term.size()) - (dots == std::string::npos ? 0 : 3);
  int64_t hidden = rank - named;
  call.require(dots == std::string::npos ? hidden == 0 : hidden >= 0 && hidden < 30, "term '", term,
               "' does not fit rank ", rank);
  for (size_t i = 0; i < term.size(); ++i) {
    if (i == dots) {
      for (int64_t d = hidden; d > 0; --d)
        labels += char(d); // the last hidden dimension is label 1
      i += 2;
      continue;
    }
    call.require(std::isalpha(static_cast<unsigned char>(term[i])), "equation has '", term[i], "'");
    labels += term[i];
  }
  return labels;
}

static Equation parse(const Call &call) {
  std::string text = call.text("equation", "");
  std::erase(text, ' ');
  size_t arrow = text.find("->");
  std::string left = text.substr(0, arrow);
  Equation equation;
  int64_t hidden = 0;
  for (size_t i = 0, start = 0; i < call.inputCount(); ++i) {
    call.require(start <= left.size(), "equation '", text, "' has too few terms");
    size_t end = std::min(left.find(',', start), left.size());
    const Shape &shape = call.in(i).shape();
    std::string labels = expandTerm(call, left.substr(start, end - start), int64_t(shape.size()));
    for (size_t d = 0; d < labels.size(); ++d) {
      int64_t &size = equation.sizes.emplace(labels[d], shape[d]).first->second;
      call.require(size == shape[d] || size == 1 || shape[d] == 1,
                   "dimensions of one label have sizes ", size, " and ", shape[d]);
      size = size == 1 ? shape[d] : size;
      if (labels[d] < 30)
        hidden = std::max<int64_t>(hidden, labels[d]);
    }
    equation.operands.push_back(labels);
    start = end + 1;
    call.require(i + 1 < call.inputCount() || end == left.size(), "equation '", text,
                 "' has too many terms");
  }
  if (arrow != std::string::npos) {
    std::string term = text.substr(arrow + 2);
    bool dots = term.find("...") != std::string::npos;
    equation.result = expandTerm(call, term, int64_t(term.size()) + (dots ? hidden - 3 : 0));
  } else { // hidden dimensions, then the labels that occur once, sorted
    for (int64_t d = hidden; d > 0; --d)
      equation.result += char(d);
    for (const auto &[label, size] : equation.sizes) {
      int64_t uses = 0;
      for (const std::string &labels : equation.operands)
        uses += std::count(labels.begin(), labels.end(), label);
      if (label >= 30 && uses == 1)
        equation.result += label;
    }
  }
  for (char label : equation.result)
    call.require(equation.sizes.count(label) &&
                     std::count(equation.result.begin(), equation.result.end(), label) == 1,
                 "equation '", text, "' has a result that does not follow from its terms");
  return equation;
}

/// Steps of an operand along each of `labels`, 0 where it does not have that dimension; a label
/// that occurs twice walks the diagonal.
static Shape stepsOf(const Shape &shape, const std::string &own, const std::string &labels) {
  Shape steps(labels.size(), 0), strides = rowMajorStrides(shape);
  for (size_t d = 0; d < own.size(); ++d)
    if (shape[d] != 1)
      steps[labels.find(own[d])] += strides[d];
  return steps;
}

/// One after the other, operands are multiplied into a product over all labels still needed: those
/// of later operands and of the result. The others are summed.
template <typename W> static std::vector<W> contract(const Call &call, const Equation &equation) {
  std::vector<W> product{W(1)};
  std::string labels;
  for (size_t i = 0; i < call.inputCount(); ++i) {
    std::string kept, summed;
    auto needed = [&](char label) {
      if (equation.result.find(label) != std::string::npos)
        return true;
      for (size_t j = i + 1; j < equation.operands.size(); ++j)
        if (equation.operands[j].find(label) != std::string::npos)
          return true;
      return false;
    };
    for (char label : i + 1 == call.inputCount() ? equation.result + labels + equation.operands[i]
                                                 : labels + equation.operands[i])
      if (kept.find(label) == std::string::npos && summed.find(label) == std::string::npos)
        (needed(label) ? kept : summed) += label;
    std::string all = kept + summed;
    Shape shape, old;
    for (char label : all)
      shape.push_back(equation.sizes.at(label));
    for (char label : labels)
      old.push_back(equation.sizes.at(label));
    Shape target(shape.begin(), shape.begin() + int64_t(kept.size()));
    std::vector<W> next(checkedCount(target, sizeof(W)), W(0));
    Shape targetSteps = rowMajorStrides(target);
    targetSteps.resize(all.size(), 0);
    checkedCount(shape, 1);
    Reader<W> operand(call.in(i));
    forEachRow<3>(shape,
                  {targetSteps, stepsOf(old, labels, all),
                   stepsOf(call.in(i).shape(), equation.operands[i], all)},
                  [&](const auto &offsets, const auto &steps, int64_t size) {
                    W *to = next.data() + offsets[0];
                    const W *x = product.data() + offsets[1], *y = operand.data() + offsets[2];
                    for (int64_t k = 0; k < size; ++k)
                      to[k * steps[0]] += x[k * steps[1]] * y[k * steps[2]];
                  });
    product = std::move(next);
    labels = kept;
  }
  return product;
}

static void einsum(Call &call) {
  call.require(call.inputCount() > 0, "has no operand");
  for (size_t i = 0; i < call.inputCount(); ++i)
    call.requireSameElement(0, i);
  ElementType element = call.in(0).element();
  call.require(element != ElementType::STRING, "has no meaning for texts");
  Equation equation = parse(call);
  Shape shape;
  for (char label : equation.result)
    shape.push_back(equation.sizes.at(label));
  Tensor &out = call.out(0, element, shape);
  visitWide(element, [&]<typename W>(W) {
    std::vector<W> values = contract<W>(call, equation);
    storeElements(values.data(), out);
  });
}

void pim::onnx::addEinsum(Registry &registry) { registry.add("Einsum", einsum, 12); }
