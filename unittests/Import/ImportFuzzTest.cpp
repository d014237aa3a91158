//===- ImportFuzzTest.cpp - damaged models ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Seeded mutations of a valid model. Each must be imported and converted, or refused with exactly
// one error; a crash or a sanitizer's report ends the test program. PIM_FUZZ_MUTATIONS asks for
// more of them.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"
#include "mlir/Pass/PassManager.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

using namespace mlir;
using namespace ::pim::test;

namespace {

size_t mutationCount() {
  const char *text = std::getenv("PIM_FUZZ_MUTATIONS");
  return text ? std::strtoul(text, nullptr, 10) : 1000;
}

/// One to four changes: flipped bits, other bytes, bytes cut out, doubled or swapped in from
/// elsewhere, a cut end.
std::string mutate(const std::string &model, std::mt19937_64 &random) {
  std::string bytes = model;
  auto below = [&](size_t limit) { return size_t(random() % limit); };
  for (size_t change = 0, count = 1 + below(4); change < count && bytes.size() > 16; ++change) {
    size_t at = below(bytes.size()), length = 1 + below(8);
    length = std::min(length, bytes.size() - at);
    switch (below(6)) {
    case 0:
      bytes[at] = char(bytes[at] ^ (1 << below(8)));
      break;
    case 1:
      bytes[at] = char(random());
      break;
    case 2:
      bytes.erase(at, length);
      break;
    case 3:
      bytes.insert(below(bytes.size()), bytes.substr(at, length));
      break;
    case 4:
      bytes.replace(at, length, bytes.substr(below(bytes.size()), length));
      break;
    case 5:
      if (below(8) == 0)
        bytes.resize(at);
      break;
    }
  }
  return bytes;
}

TEST(ImportFuzzTest, DamagedModelsAreImportedOrRefused) {
  std::string model = smallNetwork().bytes();
  std::mt19937_64 random(20240229);
  size_t imported = 0, converted = 0;
  for (size_t round = 0, count = mutationCount(); round < count; ++round) {
    // A context of its own: attributes live as long as it does.
    MLIRContext context(MLIRContext::Threading::DISABLED);
    context.loadDialect<tosa::TosaDialect, quant::QuantDialect>();
    Imported result = importBytes(context, mutate(model, random));
    ASSERT_EQ(result.errors.size(), result.module ? 0u : 1u) << "mutation " << round;
    if (!result.module)
      continue;
    ++imported;
    size_t errors = 0;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      errors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
      return success();
    });
    PassManager manager(&context);
    manager.addPass(mlir::pim::createConvertONNXToTosaPass());
    manager.addNestedPass<func::FuncOp>(mlir::pim::createPimSinkTransposesPass());
    manager.addNestedPass<func::FuncOp>(mlir::pim::createPimFoldLinearPass());
    bool succeeds = succeeded(manager.run(*result.module));
    ASSERT_EQ(errors, succeeds ? 0u : 1u) << "mutation " << round;
    converted += succeeds;
  }
  // Mutations that all end in the protobuf parser would test nothing.
  EXPECT_GT(imported, mutationCount() / 20);
  EXPECT_GT(converted, mutationCount() / 50);
}

} // namespace
