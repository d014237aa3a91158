//===- UnusedConstants.cpp - data of constants nobody uses -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/UnusedConstants.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

void mlir::pim::releaseUnusedConstants(Operation *module) {
  llvm::StringSet<> used;
  module->walk([&](Operation *op) {
    op->getAttrDictionary().walk([&](DenseResourceElementsAttr attribute) {
      used.insert(attribute.getRawHandle().getKey());
    });
  });
  auto &manager =
      DenseResourceElementsHandle::getManagerInterface(module->getContext()).getBlobManager();
  std::vector<std::string> unused;
  manager.getBlobMap([&](const llvm::StringMap<DialectResourceBlobManager::BlobEntry> &blobs) {
    for (const auto &entry : blobs)
      if (entry.second.getBlob() && !used.contains(entry.first()))
        unused.push_back(entry.first().str());
  });
  for (const std::string &name : unused)
    manager.update(name, AsmResourceBlob());
}
