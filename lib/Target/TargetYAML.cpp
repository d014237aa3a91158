//===- TargetYAML.cpp - reads targets/*.yaml ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file is read in two steps: the YAML becomes a list of keys with their texts, sources and
// places, then the keys become a target. Only the second knows what keys mean. A target with a base
// begins as that one.
//
//===----------------------------------------------------------------------===//

#include "pim/Target/TargetYAML.h"
#include "TargetFiles.h"
#include "pim/Support/Error.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace mlir;
using namespace mlir::pim;
using namespace ::pim::target;
namespace yaml = llvm::yaml;

namespace {

/// A key as the file has it.
struct Entry {
  std::string path;
  std::string text;
  SMLoc keyPlace, valuePlace;
  bool hasSource = false;
};

class TargetReader {
public:
  TargetReader(StringRef text, StringRef file, unsigned depth,
               llvm::function_ref<InFlightDiagnostic()> emitError)
      : text(text), file(file), depth(depth), emitError(emitError) {}

  FailureOr<Target> read();

private:
  // From YAML to entries.
  LogicalResult readDocument(yaml::Stream &stream);
  LogicalResult readSection(StringRef section, yaml::MappingNode &map);
  LogicalResult readEntry(StringRef path, SMLoc keyPlace, yaml::Node *value);
  LogicalResult readAnnotated(Entry &entry, yaml::MappingNode &map);
  FailureOr<std::string> readSource(yaml::Node *value);
  FailureOr<std::string> readText(yaml::Node *value);
  std::optional<std::string> scalarText(yaml::Node *node);
  LogicalResult addEntry(Entry entry);
  LogicalResult readBase(SMLoc keyPlace, yaml::Node *value);

  // From entries to a target.
  FailureOr<Target> build();
  LogicalResult begin(Target &target);
  LogicalResult checkKeys();
  LogicalResult assign(Target &target, const Entry &entry);
  LogicalResult completeOptional(Target &target);
  LogicalResult validate(const Target &target);

  LogicalResult report(SMLoc place, const Twine &message);

  StringRef text, file;
  unsigned depth; ///< how many files have this one as their base
  llvm::function_ref<InFlightDiagnostic()> emitError;
  llvm::SourceMgr sources;
  std::string problem;
  std::string syntaxProblem;
  bool isReported = false; ///< by the reader of the base
  std::optional<Target> base;
  std::vector<Entry> entries;
  llvm::StringMap<size_t> entryOf;
  llvm::StringMap<SMLoc> sectionPlaces;
};

} // namespace

static bool isSourceKey(StringRef key) { return key == "source" || key == "assumption"; }

/// Keeps the first problem, with its place in front.
LogicalResult TargetReader::report(SMLoc place, const Twine &message) {
  auto [line, column] =
      place.isValid() ? sources.getLineAndColumn(place) : std::pair<unsigned, unsigned>(1, 1);
  if (problem.empty())
    problem = (file + ":" + Twine(line) + ":" + Twine(column) + ": " + message).str();
  return failure();
}

//===----------------------------------------------------------------------===//
// From YAML to entries
//===----------------------------------------------------------------------===//

std::optional<std::string> TargetReader::scalarText(yaml::Node *node) {
  SmallString<64> storage;
  if (auto *scalar = dyn_cast_or_null<yaml::ScalarNode>(node))
    return scalar->getValue(storage).str();
  if (auto *block = dyn_cast_or_null<yaml::BlockScalarNode>(node))
    return block->getValue().str();
  return std::nullopt;
}

FailureOr<std::string> TargetReader::readSource(yaml::Node *value) {
  SMLoc place = value ? value->getSourceRange().Start : SMLoc();
  std::optional<std::string> source = scalarText(value);
  if (!source || StringRef(*source).trim().empty())
    return report(place, "a source is a text that says where a number comes from");
  return *source;
}

/// The text of a scalar, or "[a, b]" of a list of scalars.
FailureOr<std::string> TargetReader::readText(yaml::Node *value) {
  if (std::optional<std::string> scalar = scalarText(value))
    return *scalar;
  auto *list = dyn_cast_or_null<yaml::SequenceNode>(value);
  if (!list)
    return report(value ? value->getSourceRange().Start : SMLoc(),
                  "expected a number, a text or a list of numbers");
  std::string result = "[";
  for (yaml::Node &node : *list) {
    std::optional<std::string> scalar = scalarText(&node);
    if (!scalar)
      return report(node.getSourceRange().Start, "expected a number in the list");
    result += (result.size() > 1 ? ", " : "") + *scalar;
  }
  return result + "]";
}

LogicalResult TargetReader::addEntry(Entry entry) {
  if (!entryOf.try_emplace(entry.path, entries.size()).second)
    return report(entry.keyPlace, "key '" + entry.path + "' is listed twice");
  entries.push_back(std::move(entry));
  return success();
}

/// `{value: 1.0, source: "..."}`
LogicalResult TargetReader::readAnnotated(Entry &entry, yaml::MappingNode &map) {
  bool hasValue = false;
  for (yaml::KeyValueNode &pair : map) {
    std::string key = scalarText(pair.getKey()).value_or("");
    SMLoc place = pair.getKey() ? pair.getKey()->getSourceRange().Start : entry.keyPlace;
    if (key == "value") {
      entry.valuePlace = pair.getValue() ? pair.getValue()->getSourceRange().Start : place;
      FailureOr<std::string> value = readText(pair.getValue());
      if (failed(value))
        return failure();
      entry.text = *value;
      hasValue = true;
    } else if (isSourceKey(key)) {
      if (failed(readSource(pair.getValue())))
        return failure();
      entry.hasSource = true;
    } else {
      return report(place, "unknown key '" + key + "' of the value of '" + entry.path +
                               "'; expected value, source or assumption");
    }
  }
  if (!hasValue)
    return report(entry.keyPlace, "key '" + entry.path + "' has no value");
  return success();
}

/// Reads the target that this one changes, after its file; its reader says what is wrong there.
LogicalResult TargetReader::readBase(SMLoc keyPlace, yaml::Node *value) {
  std::optional<std::string> name = scalarText(value);
  if (!name || name->empty())
    return report(keyPlace, "'base' is the name or the file of a target");
  if (depth == mostBases)
    return report(keyPlace, "more than " + Twine(mostBases) +
                                " targets are built on one another; is one its own base?");
  SmallString<256> path(*name);
  if (isTargetFile(*name) && !llvm::sys::path::is_absolute(*name)) {
    path = llvm::sys::path::parent_path(file);
    llvm::sys::path::append(path, *name);
    if (!isTargetFile(path))
      path = ("./" + path).str();
  }
  FailureOr<Target> read = loadTarget(path, depth + 1, emitError);
  if (failed(read)) {
    isReported = true;
    return failure();
  }
  base = std::move(*read);
  return success();
}

LogicalResult TargetReader::readEntry(StringRef path, SMLoc keyPlace, yaml::Node *value) {
  Entry entry;
  entry.path = path.str();
  entry.keyPlace = keyPlace;
  entry.valuePlace = value ? value->getSourceRange().Start : keyPlace;
  // Found here rather than later, because what is below an unknown key need not have any known
  // form.
  if (!findKey(path.str()))
    return report(keyPlace, describeUnknownKey(path.str()));
  if (auto *map = dyn_cast_or_null<yaml::MappingNode>(value)) {
    if (failed(readAnnotated(entry, *map)))
      return failure();
  } else {
    FailureOr<std::string> read = readText(value);
    if (failed(read))
      return failure();
    entry.text = *read;
  }
  return addEntry(std::move(entry));
}

LogicalResult TargetReader::readSection(StringRef section, yaml::MappingNode &map) {
  size_t firstEntry = entries.size();
  bool hasSource = false;
  for (yaml::KeyValueNode &pair : map) {
    std::optional<std::string> key = scalarText(pair.getKey());
    SMLoc place =
        pair.getKey() ? pair.getKey()->getSourceRange().Start : map.getSourceRange().Start;
    if (!key)
      return report(place, "expected the name of a key");
    if (isSourceKey(*key)) {
      if (failed(readSource(pair.getValue())))
        return failure();
      hasSource = true;
    } else if (failed(readEntry((section + "." + *key).str(), place, pair.getValue()))) {
      return failure();
    }
  }
  // One source may cover a section, wherever in it it stands.
  for (size_t i = firstEntry; i < entries.size(); ++i)
    entries[i].hasSource |= hasSource;
  return success();
}

static bool isSection(StringRef name) {
  return llvm::any_of(keys(), [&](const KeyInfo &info) {
    return !info.section().empty() && info.section() == std::string_view(name);
  });
}

LogicalResult TargetReader::readDocument(yaml::Stream &stream) {
  yaml::document_iterator document = stream.begin();
  yaml::Node *root = document == stream.end() ? nullptr : document->getRoot();
  auto *map = dyn_cast_or_null<yaml::MappingNode>(root);
  if (stream.failed())
    return failure();
  if (!map)
    return report(root ? root->getSourceRange().Start : SMLoc(),
                  "expected a map of keys, as in targets/sot-and.yaml");
  for (yaml::KeyValueNode &pair : *map) {
    std::optional<std::string> key = scalarText(pair.getKey());
    SMLoc place =
        pair.getKey() ? pair.getKey()->getSourceRange().Start : map->getSourceRange().Start;
    if (!key)
      return report(place, "expected the name of a key");
    yaml::Node *value = pair.getValue();
    if (*key == "base") {
      if (base)
        return report(place, "'base' is listed twice");
      if (failed(readBase(place, value)))
        return failure();
      continue;
    }
    if (!isSection(*key)) {
      if (failed(readEntry(*key, place, value)))
        return failure();
      continue;
    }
    auto *section = dyn_cast_or_null<yaml::MappingNode>(value);
    if (!section)
      return report(place, "'" + *key + "' is a section; expected keys under it");
    if (!sectionPlaces.try_emplace(*key, place).second)
      return report(place, "section '" + *key + "' is listed twice");
    if (failed(readSection(*key, *section)))
      return failure();
  }
  return failure(stream.failed());
}

//===----------------------------------------------------------------------===//
// From entries to a target
//===----------------------------------------------------------------------===//

/// Every number has a source.
LogicalResult TargetReader::checkKeys() {
  for (const Entry &entry : entries) {
    const KeyInfo *info = findKey(entry.path);
    if (info->isNumeric && !entry.hasSource)
      return report(entry.keyPlace, "number '" + entry.path +
                                        "' has no source; write {value: ..., source: \"...\"}, or "
                                        "a 'source' or 'assumption' for its section");
  }
  return success();
}

LogicalResult TargetReader::assign(Target &target, const Entry &entry) {
  try {
    target.set(entry.path, entry.text);
  } catch (const KeyError &error) {
    return report(entry.valuePlace, error.what());
  }
  return success();
}

LogicalResult TargetReader::completeOptional(Target &target) {
  if (base)
    return success();
  for (const KeyInfo &info : keys()) {
    StringRef path(info.path);
    if (entryOf.contains(path) || !info.appliesTo(target.array.kind))
      continue;
    if (!info.isOptional) {
      auto section = sectionPlaces.find(StringRef(info.section()));
      SMLoc place = section == sectionPlaces.end() ? SMLoc() : section->second;
      return report(place, "key '" + path + "' is missing: " + StringRef(info.doc));
    }
    if (!info.defaultText.empty())
      target.set(info.path, info.defaultText);
  }
  return success();
}

LogicalResult TargetReader::validate(const Target &target) {
  try {
    target.validate();
  } catch (const KeyError &error) {
    auto found = entryOf.find(error.key);
    return report(found == entryOf.end() ? SMLoc() : entries[found->second].valuePlace,
                  error.what());
  }
  return success();
}

/// The array kind first: it decides which other keys there are.
LogicalResult TargetReader::begin(Target &target) {
  auto kind = entryOf.find("array.kind");
  if (!base) {
    if (kind == entryOf.end())
      return report(sectionPlaces.lookup("array"),
                    "key 'array.kind' is missing: and, xbar or imac");
    return assign(target, entries[kind->second]);
  }
  target = *base;
  if (kind != entryOf.end() && entries[kind->second].text != base->get("array.kind"))
    return report(entries[kind->second].valuePlace,
                  "the base has arrays of kind '" + base->get("array.kind") +
                      "', and the kind decides which keys there are; take another base");
  if (!entryOf.contains("name"))
    return report(SMLoc(), "key 'name' is missing: what is changed has a name of its own");
  target.set("description", "");
  return success();
}

FailureOr<Target> TargetReader::build() {
  Target target;
  if (failed(checkKeys()) || failed(begin(target)))
    return failure();
  for (const Entry &entry : entries)
    if (failed(assign(target, entry)))
      return failure();
  if (failed(completeOptional(target)) || failed(validate(target)))
    return failure();
  return target;
}

FailureOr<Target> TargetReader::read() {
  sources.setDiagHandler(
      [](const llvm::SMDiagnostic &diagnostic, void *context) {
        auto &reader = *static_cast<TargetReader *>(context);
        if (reader.syntaxProblem.empty())
          reader.syntaxProblem =
              (reader.file + ":" + Twine(diagnostic.getLineNo()) + ":" +
               Twine(diagnostic.getColumnNo() + 1) + ": is no YAML: " + diagnostic.getMessage())
                  .str();
      },
      this);
  yaml::Stream stream(llvm::MemoryBufferRef(text, file), sources);
  LogicalResult parsed = readDocument(stream);
  FailureOr<Target> target = failure();
  if (succeeded(parsed) && syntaxProblem.empty())
    target = build();
  if (isReported)
    return failure();
  // What a parser that has lost its way delivers is not worth a message of its own.
  const std::string &message = syntaxProblem.empty() ? problem : syntaxProblem;
  if (!message.empty())
    return emitError() << message;
  return target;
}

FailureOr<Target> mlir::pim::parseTarget(StringRef text, StringRef file, unsigned depth,
                                         llvm::function_ref<InFlightDiagnostic()> emitError) {
  return TargetReader(text, file, depth, emitError).read();
}

FailureOr<Target> mlir::pim::parseTarget(StringRef text, StringRef file,
                                         llvm::function_ref<InFlightDiagnostic()> emitError) {
  return parseTarget(text, file, 0, emitError);
}
