//===- OutputFile.cpp - files that appear whole or not at all -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/OutputFile.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

static Location fileLocation(MLIRContext *context, StringRef path) {
  return FileLineColLoc::get(context, path, 0, 0);
}

LogicalResult mlir::pim::checkWritable(MLIRContext *context, StringRef path) {
  try {
    ::pim::requireWritable(path.str());
    return success();
  } catch (const ::pim::Error &error) {
    // The location says the path; the message need not.
    StringRef message(error.what());
    message.consume_front(path);
    message.consume_front(": ");
    return emitError(fileLocation(context, path), message);
  }
}

LogicalResult
mlir::pim::writeOutputFile(MLIRContext *context, StringRef path,
                           llvm::function_ref<LogicalResult(llvm::raw_pwrite_stream &)> write) {
  if (path == "-") {
    (void)llvm::sys::ChangeStdoutToBinary();
    llvm::raw_fd_ostream &stream = llvm::outs();
    // Standard output cannot seek; writers see a buffer.
    llvm::SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream buffered(buffer);
    if (failed(write(buffered)))
      return failure();
    stream.write(buffer.data(), buffer.size());
    stream.flush();
    if (!stream.has_error())
      return success();
    std::error_code error = stream.error();
    stream.clear_error();
    return emitError(UnknownLoc::get(context), "standard output: cannot be written: ")
           << error.message();
  }
  if (failed(checkWritable(context, path)))
    return failure();

  bool special = llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path);
  llvm::SmallString<128> temporary(path);
  if (!special) {
    int descriptor;
    if (std::error_code error = llvm::sys::fs::createUniqueFile(
            llvm::Twine(path) + ".%%%%%%.tmp", descriptor, temporary, llvm::sys::fs::OF_None,
            llvm::sys::fs::all_read | llvm::sys::fs::owner_write))
      return emitError(fileLocation(context, path), "cannot be written: ") << error.message();
    (void)llvm::sys::fs::closeFile(descriptor);
    llvm::sys::RemoveFileOnSignal(temporary);
  }
  std::error_code error;
  llvm::raw_fd_ostream stream(temporary, error);
  LogicalResult written = error ? failure() : write(stream);
  stream.close();
  if (stream.has_error()) {
    error = stream.error();
    stream.clear_error();
  }
  if (succeeded(written) && !error && !special)
    error = llvm::sys::fs::rename(temporary, path);
  if (!special)
    llvm::sys::DontRemoveFileOnSignal(temporary);
  if (failed(written) || error) {
    if (!special)
      (void)llvm::sys::fs::remove(temporary);
    if (error)
      return emitError(fileLocation(context, path), "cannot be written: ") << error.message();
    return failure();
  }
  return success();
}
