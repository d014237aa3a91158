//===- ArrayKinds.cpp - the registry of array kinds -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ArrayKind.h"

#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

const std::vector<const ArrayKind *> &runtime::arrayKinds() {
  static const std::vector<const ArrayKind *> kinds = {&andArrayKind(), &imacArrayKind(),
                                                       &xbarArrayKind()};
  return kinds;
}

const ArrayKind &runtime::findArrayKind(std::string_view name) {
  std::string known;
  for (const ArrayKind *kind : arrayKinds()) {
    if (kind->name() == name)
      return *kind;
    known += (known.empty() ? "" : ", ") + std::string(kind->name());
  }
  fail("unknown array kind '", name, "'; known: ", known);
}
