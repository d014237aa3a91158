//===- ExternalData.cpp - tensors kept in files beside the model ------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::pim;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {
/// Where the message says the data are.
struct ExternalLocation {
  StringRef file;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};
} // namespace

static FailureOr<ExternalLocation> parseLocation(const ::onnx::TensorProto &tensor,
                                                 Location location, const Twine &what) {
  ExternalLocation result;
  for (const ::onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    uint64_t number = 0;
    if (key == "location") {
      result.file = value;
    } else if (key == "offset" || key == "length") {
      if (value.getAsInteger(10, number))
        return emitError(location) << what << ": the " << key << " of its external data is "
                                   << quoted(value) << ", expected a number";
      if (key == "offset")
        result.offset = number;
      else
        result.length = number;
    }
  }
  if (result.file.empty())
    return emitError(location) << what << " has external data without a location";
  return result;
}

/// The real path of `file` in the folder of the model, or an error if it leads out of there.
static FailureOr<std::string> resolve(StringRef file, StringRef modelPath, Location location,
                                      const Twine &what) {
  auto refuse = [&]() -> FailureOr<std::string> {
    return emitError(location) << what << ": external data " << quoted(file)
                               << " lie outside the folder of the model";
  };
  if (path::is_absolute(file) || file.contains('\0') ||
      llvm::is_contained(llvm::make_range(path::begin(file), path::end(file)), ".."))
    return refuse();
  StringRef parent = path::parent_path(modelPath);
  SmallString<256> folder, full(parent.empty() ? "." : parent), real;
  if (fs::real_path(full, folder))
    return emitError(location) << what << ": cannot find the folder of the model";
  path::append(full, file);
  if (std::error_code error = fs::real_path(full, real))
    return emitError(location) << what << ": cannot read external data " << quoted(file) << ": "
                               << error.message();
  // Compared after links were followed, folder by folder, so that "model2" is not inside "model".
  StringRef rest = real.str();
  if (!rest.consume_front(folder) || (!rest.starts_with("/") && !StringRef(folder).ends_with("/")))
    return refuse();
  if (!fs::is_regular_file(real))
    return emitError(location) << what << ": external data " << quoted(file) << " are not a file";
  return std::string(real);
}

FailureOr<std::shared_ptr<llvm::MemoryBuffer>>
mlir::pim::readExternalData(const ::onnx::TensorProto &tensor, StringRef modelPath,
                            Location location, const Twine &what) {
  FailureOr<ExternalLocation> where = parseLocation(tensor, location, what);
  if (failed(where))
    return failure();
  FailureOr<std::string> file = resolve(where->file, modelPath, location, what);
  if (failed(file))
    return failure();
  uint64_t size = 0;
  if (std::error_code error = fs::file_size(*file, size))
    return emitError(location) << what << ": cannot read external data " << quoted(where->file)
                               << ": " << error.message();
  uint64_t length = where->length.value_or(size - std::min(size, where->offset));
  if (where->offset > size || length > size - where->offset)
    return emitError(location) << what << ": external data " << quoted(where->file) << " have "
                               << size << " bytes, but " << length << " from byte " << where->offset
                               << " on are asked for";
  auto buffer = llvm::MemoryBuffer::getFileSlice(*file, length, where->offset);
  if (!buffer)
    return emitError(location) << what << ": cannot read external data " << quoted(where->file)
                               << ": " << buffer.getError().message();
  return std::shared_ptr<llvm::MemoryBuffer>(std::move(*buffer));
}
