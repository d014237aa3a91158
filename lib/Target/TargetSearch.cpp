//===- TargetSearch.cpp - finds targets by name ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetFiles.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace mlir;
using namespace mlir::pim;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Folders of targets, the installed one first.
static SmallVector<std::string> targetFolders() {
  SmallVector<std::string> folders;
  std::string tool = fs::getMainExecutable(nullptr, nullptr);
  auto beside = [&](ArrayRef<StringRef> parts) {
    SmallString<256> folder = path::parent_path(tool);
    for (StringRef part : parts)
      path::append(folder, part);
    path::remove_dots(folder, /*remove_dot_dot=*/true);
    folders.push_back(folder.str().str());
  };
  beside({"..", "share", "pim", "targets"});
  beside({"..", "..", "targets"});
  folders.push_back(PIM_TARGETS_FOLDER);
  return folders;
}

SmallVector<std::string> mlir::pim::knownTargets() {
  std::set<std::string> names;
  for (const std::string &folder : targetFolders()) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error))
      if (path::extension(it->path()) == ".yaml")
        names.insert(path::stem(it->path()).str());
  }
  return {names.begin(), names.end()};
}

bool mlir::pim::isTargetFile(StringRef name) {
  return name.contains('/') || name.ends_with(".yaml") || name.ends_with(".yml");
}

/// The file of the target called `name`, empty if there is none.
static std::string findTarget(StringRef name) {
  for (const std::string &folder : targetFolders()) {
    SmallString<256> candidate(folder);
    path::append(candidate, name + ".yaml");
    if (fs::exists(candidate))
      return candidate.str().str();
  }
  return {};
}

static std::string describeUnknownTarget(StringRef name) {
  SmallVector<std::string> known = knownTargets();
  std::string message = ("unknown target '" + name + "'").str();
  StringRef nearest;
  unsigned best = 3;
  for (StringRef candidate : known) {
    unsigned distance = name.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty())
    return message + "; did you mean '" + nearest.str() + "'";
  return message + "; expected " + (known.empty() ? "" : llvm::join(known, ", ") + ", or ") +
         "the path of a .yaml file";
}

FailureOr<::pim::target::Target>
mlir::pim::loadTarget(StringRef nameOrPath, llvm::function_ref<InFlightDiagnostic()> emitError) {
  return loadTarget(nameOrPath, 0, emitError);
}

FailureOr<::pim::target::Target>
mlir::pim::loadTarget(StringRef nameOrPath, unsigned depth,
                      llvm::function_ref<InFlightDiagnostic()> emitError) {
  std::string file = isTargetFile(nameOrPath) ? nameOrPath.str() : findTarget(nameOrPath);
  if (file.empty())
    return emitError() << describeUnknownTarget(nameOrPath);
  if (fs::is_directory(file))
    return emitError() << file << ": is a folder, expected a target description";
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return emitError() << file << ": cannot be read: " << buffer.getError().message();
  return parseTarget((*buffer)->getBuffer(), file, depth, emitError);
}
