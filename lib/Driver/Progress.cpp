//===- Progress.cpp - a progress bar on a terminal ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/Progress.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <memory>

using Clock = std::chrono::steady_clock;

namespace {

class ProgressBar {
public:
  explicit ProgressBar(std::string label) : label(std::move(label)) {}

  void update(int64_t done, int64_t total) {
    using namespace std::chrono_literals;
    Clock::time_point now = Clock::now();
    if (!isStarted) {
      start = last = now;
      first = done;
    }
    isStarted = true;
    if (done >= total) {
      if (drawn)
        llvm::errs() << "\r\033[K";
      drawn = isStarted = false; // more may follow under the same label
      return;
    }
    if (now - start < 2s || now - last < 100ms)
      return;
    last = now;
    drawn = true;
    constexpr int width = 30;
    int filled = static_cast<int>(width * done / total);
    double elapsed = std::chrono::duration<double>(now - start).count();
    double left = done > first ? elapsed * static_cast<double>(total - done) /
                                     static_cast<double>(done - first)
                               : 0;
    llvm::errs() << "\r\033[K" << label << " [" << std::string(filled, '#')
                 << std::string(width - filled, ' ') << "] " << done << "/" << total
                 << llvm::format(", %.0f s left", left);
    llvm::errs().flush();
  }

private:
  std::string label;
  Clock::time_point start, last;
  int64_t first = 0; ///< done when the time began
  bool isStarted = false, drawn = false;
};

} // namespace

std::function<void(int64_t, int64_t)> mlir::pim::makeProgressBar(std::string label) {
  if (!llvm::sys::Process::StandardErrIsDisplayed())
    return [](int64_t, int64_t) {};
  auto bar = std::make_shared<ProgressBar>(std::move(label));
  return [bar](int64_t done, int64_t total) { bar->update(done, total); };
}
