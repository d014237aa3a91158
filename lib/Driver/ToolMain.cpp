//===- ToolMain.cpp - how tools end when something is thrown --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/ToolMain.h"
#include "pim/Driver/CommandLine.h"
#include "pim/Support/Error.h"
#include "pim/Support/OneLine.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"

#include <new>

static void throwBadAlloc(void *, const char *, bool) { throw std::bad_alloc(); }

/// InitLLVM has memory that runs out end the process with a stack dump.
static void letAllocationsThrow() {
  std::set_new_handler(nullptr);
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(throwBadAlloc);
}

int mlir::pim::runTool(llvm::StringRef tool, const std::string &input,
                       llvm::function_ref<int()> body) {
  letAllocationsThrow();
  std::string problem;
  try {
    return body();
  } catch (const ::pim::Error &error) {
    problem = error.what();
  } catch (const std::bad_alloc &) {
    problem = input + ": there is not enough memory for it";
  } catch (const std::exception &error) {
    // Libraries write several lines; the first says what is wrong.
    problem = input + ": " + llvm::StringRef(error.what()).split('\n').first.str();
  }
  llvm::errs() << tool << ": error: " << ::pim::oneLine(problem) << "\n";
  return inputAtFaultStatus;
}
