//===- pim-operators.cpp - the table of supported ONNX operators ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints docs/operators.md from the handlers of convert-onnx-to-tosa and the kernels of the
// host. Run by the build for the documentation:
//
//   pim-operators [FOLDER FILE...]
//
// FILEs, relative to FOLDER, are tests: those that name an operator stand beside its kernels.
//
//===----------------------------------------------------------------------===//

#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Runtime/ONNX/Interpreter.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

static constexpr llvm::StringLiteral introduction = R"(# Supported ONNX operators

Generated from the handlers of `convert-onnx-to-tosa` and the kernels of the host. What has a handler becomes arrays and
vector instructions, as far as its restrictions go; beyond them, and where there is none, the host runs the operator's kernel:
as an island among layers of a chip, or with `--target host` as part of the whole model. A model with an operator in neither
table is refused with one error that lists all such nodes. On chips floats of any width are computed as f32; operators on
constants alone are computed at import; Split becomes Slices there, If with a constant condition its branch, Loop and Scan of
constant count their iterations, and sequences and optionals of known length their tensors. Q/DQ, QOperator, `com.microsoft` and QONNX forms of quantized layers are rewritten to
those of the first table by `pim-onnx-expand-quantized`.

The tests of kernels are those that name the operator. Where none does, the cases of the ONNX backend suite are its test
(`test/e2e/run_backend.py`).

)";

namespace {
/// A file of tests, and what stands in it.
struct TestFile {
  std::string path, content;
};
} // namespace

using TestFiles = llvm::ArrayRef<TestFile>;

/// The files that name the operator in quotes, with or without its domain, as the last column.
static void printTests(llvm::StringRef type, TestFiles tests) {
  const std::string plain = ("\"" + type + "\"").str(), ofDomain = (":" + type + "\"").str();
  llvm::StringRef separator = " | ";
  for (const TestFile &file : tests) {
    const llvm::StringRef content = file.content;
    if (!content.contains(plain) && !content.contains(ofDomain))
      continue;
    llvm::outs() << separator << "`" << file.path << "`";
    separator = ", ";
  }
  llvm::outs() << (separator == ", " ? " |\n" : " | `test/e2e/run_backend.py` |\n");
}

/// The versions of one operator make one row.
static void printHostOperators(TestFiles tests) {
  llvm::outs() << "\n## On the host\n\n| operator | domain | kernels from opset | tests |\n"
                  "|---|---|---|---|\n";
  std::pair<std::string, std::string> last;
  for (const pim::onnx::OperatorVersion &version : pim::onnx::supportedOperators()) {
    std::pair<std::string, std::string> key{version.domain, version.type};
    if (key == last) {
      llvm::outs() << ", " << version.since;
      continue;
    }
    if (!last.second.empty())
      printTests(last.second, tests);
    llvm::outs() << "| " << version.type << " | "
                 << (version.domain.empty() ? "ai.onnx" : version.domain) << " | " << version.since;
    last = std::move(key);
  }
  printTests(last.second, tests);
}

int main(int argc, char **argv) {
  std::vector<TestFile> tests;
  for (int index = 2; index < argc; ++index) {
    llvm::SmallString<256> path(argv[1]);
    llvm::sys::path::append(path, argv[index]);
    auto file = llvm::MemoryBuffer::getFile(path);
    if (!file) {
      llvm::errs() << "pim-operators: error: " << path
                   << ": cannot be read: " << file.getError().message() << "\n";
      return 1;
    }
    tests.push_back({argv[index], (*file)->getBuffer().str()});
  }
  llvm::outs() << introduction;
  mlir::pim::printOperatorTable(llvm::outs());
  printHostOperators(tests);
}
