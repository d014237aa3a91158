//===- NodeView.cpp - attributes of an ONNX node --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeView.h"

namespace pim::compress {

using Attribute = onnx::AttributeProto;

const Attribute *NodeView::find(const std::string &name) const {
  for (const Attribute &attribute : node->attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

const Attribute *NodeView::find(const std::string &name, Attribute::AttributeType type) const {
  const Attribute *attribute = find(name);
  if (attribute && attribute->type() != type)
    fail("attribute '", name, "' is of another kind than the operator has");
  return attribute;
}

int64_t NodeView::integer(const std::string &name, int64_t missing) const {
  const Attribute *attribute = find(name, Attribute::INT);
  return attribute ? attribute->i() : missing;
}

double NodeView::real(const std::string &name, double missing) const {
  const Attribute *attribute = find(name, Attribute::FLOAT);
  return attribute ? attribute->f() : missing;
}

std::string NodeView::text(const std::string &name, const std::string &missing) const {
  const Attribute *attribute = find(name, Attribute::STRING);
  return attribute ? attribute->s() : missing;
}

std::vector<int64_t> NodeView::integers(const std::string &name,
                                        std::vector<int64_t> missing) const {
  const Attribute *attribute = find(name, Attribute::INTS);
  if (!attribute)
    return missing;
  return {attribute->ints().begin(), attribute->ints().end()};
}

} // namespace pim::compress
