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

/// False, with the reason, if what was printed did not arrive; LLVM would end the process
/// otherwise.
static bool flushOutput(std::string &problem) {
  llvm::raw_fd_ostream &stream = llvm::outs();
  stream.flush();
  if (!stream.has_error())
    return true;
  problem = "standard output: cannot be written: " + stream.error().message();
  stream.clear_error();
  return false;
}

int mlir::pim::runTool(llvm::StringRef tool, const std::string &input,
                       llvm::function_ref<int()> body) {
  letAllocationsThrow();
  std::string problem;
  try {
    int status = body();
    if (flushOutput(problem))
      return status;
  } catch (const ::pim::Error &error) {
    problem = error.what();
  } catch (const std::bad_alloc &) {
    problem = input + ": there is not enough memory for it";
  } catch (const std::exception &error) {
    // Libraries write several lines; the first says what is wrong.
    problem = input + ": " + llvm::StringRef(error.what()).split('\n').first.str();
  }
  std::string ignored;
  flushOutput(ignored);
  llvm::errs() << tool << ": error: " << ::pim::oneLine(problem) << "\n";
  return inputAtFaultStatus;
}
