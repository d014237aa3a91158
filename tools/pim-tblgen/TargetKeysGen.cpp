//===- TargetKeysGen.cpp - code and docs from the target keys --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads include/pim/Target/TargetKeys.td. Three backends: the struct (-gen-target-struct), the
// table of keys
// (-gen-target-keys) and the documentation (-gen-target-docs). The generated C++ has no LLVM in it.
// Tested by unittests/Target and test/Tools/pim-tblgen/target-keys-errors.td.
//
//===----------------------------------------------------------------------===//

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;

namespace {

/// A TargetKey record.
class Key {
public:
  explicit Key(const Record &record) : record(record) {}

  StringRef section() const { return sectionRecord().getValueAsString("name"); }
  StringRef name() const { return record.getValueAsString("name"); }
  std::string path() const {
    return section().empty() ? name().str() : (section() + "." + name()).str();
  }
  const Record &sectionRecord() const { return *record.getValueAsDef("section"); }
  const Record &type() const { return *record.getValueAsDef("type"); }
  StringRef cppType() const { return type().getValueAsString("cppType"); }
  StringRef doc() const { return record.getValueAsString("doc"); }
  std::string member() const { return convertToCamelFromSnakeCase(name()); }
  bool flag(StringRef field) const { return record.getValueAsBit(field); }
  int64_t number(StringRef field) const { return record.getValueAsInt(field); }
  StringRef text(StringRef field) const { return record.getValueAsString(field); }
  std::vector<StringRef> kinds() const { return record.getValueAsListOfStrings("kinds"); }
  bool isNumeric() const {
    return cppType() != "std::string" && !type().isSubClassOf("ChoiceType");
  }
  ArrayRef<SMLoc> location() const { return record.getLoc(); }

private:
  const Record &record;
};

} // namespace

/// Records of a class in the order in which the file defines them.
static std::vector<const Record *> recordsInOrder(const RecordKeeper &records, StringRef name) {
  std::vector<const Record *> found = records.getAllDerivedDefinitions(name);
  llvm::sort(found, [](const Record *a, const Record *b) { return a->getID() < b->getID(); });
  return found;
}

/// All keys, checked: what is wrong with the table is found here and not by the C++ compiler.
static std::vector<Key> keysOf(const RecordKeeper &records) {
  std::vector<Key> keys;
  StringSet<> seen;
  for (const Record *record : recordsInOrder(records, "TargetKey")) {
    Key key(*record);
    if (!seen.insert(key.path()).second)
      PrintFatalError(key.location(), "target key '" + key.path() + "' is defined twice");
    if (key.doc().empty())
      PrintFatalError(key.location(), "target key '" + key.path() + "' has no documentation");
    if (key.kinds().empty())
      PrintFatalError(key.location(), "target key '" + key.path() + "' applies to no array kind");
    if (key.number("min") > key.number("max"))
      PrintFatalError(key.location(), "target key '" + key.path() + "' has an empty range");
    if (key.flag("isOptional") && key.isNumeric() && key.text("defaultText").empty())
      PrintFatalError(key.location(),
                      "target key '" + key.path() + "' may be left out but has no default");
    const Record *kindType = records.getDef("ArrayKind");
    for (StringRef kind : key.kinds())
      if (!kindType || !is_contained(kindType->getValueAsListOfStrings("words"), kind))
        PrintFatalError(key.location(), "target key '" + key.path() +
                                            "' applies to an unknown array kind '" + kind + "'");
    keys.push_back(key);
  }
  return keys;
}

static std::vector<const Record *> choicesOf(const RecordKeeper &records) {
  return recordsInOrder(records, "ChoiceType");
}

//===----------------------------------------------------------------------===//
// The struct
//===----------------------------------------------------------------------===//

static void emitMember(const Key &key, StringRef indent, raw_ostream &os) {
  os << indent << "/// " << key.doc() << " (" << key.path() << ").\n";
  bool zeroed = key.isNumeric() && key.cppType() != "std::vector<double>";
  os << indent << key.cppType() << " " << key.member()
     << (zeroed || key.type().isSubClassOf("ChoiceType") ? "{}" : "") << ";\n";
}

static void emitChoice(const Record &choice, raw_ostream &os) {
  StringRef name = choice.getValueAsString("cppType");
  os << "enum class " << name << " : uint8_t { "
     << join(choice.getValueAsListOfStrings("enumerators"), ", ") << " };\n"
     << "/// The word of targets/*.yaml and of --set.\n"
     << "const char *nameOf(" << name << " value);\n\n";
}

static bool emitStruct(const RecordKeeper &records, raw_ostream &os) {
  std::vector<Key> keys = keysOf(records);
  os << "// Generated from TargetKeys.td by pim-tblgen -gen-target-struct.\n\n";
  for (const Record *choice : choicesOf(records))
    emitChoice(*choice, os);
  os << "/// What TargetKeys.td says, and nothing else; Target adds the questions.\n"
     << "struct TargetData {\n";
  for (const Record *section : recordsInOrder(records, "TargetSection")) {
    bool isTop = section->getValueAsString("name").empty();
    StringRef indent = isTop ? "  " : "    ";
    std::string member = section->getValueAsString("member").str();
    if (!isTop)
      os << "  /// " << section->getValueAsString("doc") << ".\n"
         << "  struct " << convertToCamelFromSnakeCase(member, /*capitalizeFirst=*/true) << " {\n";
    for (const Key &key : keys)
      if (&key.sectionRecord() == section)
        emitMember(key, indent, os);
    if (!isTop)
      os << "  } " << convertToCamelFromSnakeCase(member) << ";\n";
  }
  os << "};\n";
  return false;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// `t.chip.meshRows`
static std::string access(const Key &key) {
  std::string result = "t.";
  if (!key.section().empty())
    result +=
        convertToCamelFromSnakeCase(key.sectionRecord().getValueAsString("member").str()) + ".";
  return result + key.member();
}

static void emitChoiceWords(const Record &choice, raw_ostream &os) {
  StringRef name = choice.getValueAsString("cppType");
  os << "static constexpr const char *wordsOf" << name << "[] = {";
  for (StringRef word : choice.getValueAsListOfStrings("words"))
    os << '"' << word << "\", ";
  os << "};\n"
     << "const char *nameOf(" << name << " value) { return wordsOf" << name
     << "[static_cast<size_t>(value)]; }\n"
     << "static std::span<const char *const> words(const " << name << " *) { return wordsOf" << name
     << "; }\n\n";
}

static bool emitKeys(const RecordKeeper &records, raw_ostream &os) {
  os << "// Generated from TargetKeys.td by pim-tblgen -gen-target-keys.\n\n";
  std::vector<std::string> alternatives = {"std::string *", "uint32_t *", "double *",
                                           "std::vector<double> *"};
  for (const Record *choice : choicesOf(records)) {
    emitChoiceWords(*choice, os);
    alternatives.push_back(choice->getValueAsString("cppType").str() + " *");
  }
  os << "/// A pointer to the member that a key names.\n"
     << "using FieldRef = std::variant<" << join(alternatives, ", ") << ">;\n"
     << "using FieldAccess = FieldRef (*)(TargetData &);\n\n"
     << "static constexpr KeyInfo keyInfos[] = {\n";
  std::vector<Key> keys = keysOf(records);
  for (const Key &key : keys) {
    std::vector<std::string> kinds;
    for (StringRef kind : key.kinds())
      kinds.push_back("(1u << static_cast<unsigned>(ArrayKind::" +
                      convertToCamelFromSnakeCase(kind, true) + "))");
    os << formatv(
        "    {\"{0}\", \"{1}\", \"{2}\", {3}, {4}, {5}, {6}, \"{7}\", {8}, {9}, {10}, {11}},\n",
        key.path(), key.doc(), key.type().getValueAsString("doc"), join(kinds, " | "),
        key.isNumeric(), key.flag("isOptional"), key.flag("isCompiled"), key.text("defaultText"),
        key.number("min"), key.number("max"), key.flag("isBounded"), key.flag("isPositive"));
  }
  os << "};\n\nstatic constexpr FieldAccess fieldAccess[] = {\n";
  for (const Key &key : keys)
    os << "    [](TargetData &t) -> FieldRef { return &" << access(key) << "; },\n";
  os << "};\n";
  return false;
}

//===----------------------------------------------------------------------===//
// The documentation
//===----------------------------------------------------------------------===//

static std::string rangeText(const Key &key) {
  if (!key.isNumeric())
    return "";
  if (key.flag("isPositive"))
    return "> 0";
  if (!key.flag("isBounded"))
    return ">= " + std::to_string(key.number("min"));
  return std::to_string(key.number("min")) + " .. " + std::to_string(key.number("max"));
}

static bool emitDocs(const RecordKeeper &records, raw_ostream &os) {
  os << "<!-- Generated from TargetKeys.td by pim-tblgen -gen-target-docs. -->\n";
  std::vector<Key> keys = keysOf(records);
  for (const Record *section : recordsInOrder(records, "TargetSection")) {
    StringRef name = section->getValueAsString("name");
    os << "\n### " << (name.empty() ? StringRef("top level") : name) << ": "
       << section->getValueAsString("doc") << "\n\n"
       << "| key | holds | range | array kinds | fixed at compile time | meaning |\n"
       << "|---|---|---|---|---|---|\n";
    for (const Key &key : keys) {
      if (&key.sectionRecord() != section)
        continue;
      std::string type = key.type().getValueAsString("doc").str();
      size_t bar = 0;
      while ((bar = type.find('|', bar)) != std::string::npos) {
        type.insert(bar, "\\");
        bar += 2;
      }
      os << "| `" << key.path() << "` | " << type << " | " << rangeText(key) << " | "
         << join(key.kinds(), ", ") << " | " << (key.flag("isCompiled") ? "yes" : "") << " | "
         << key.doc();
      if (key.flag("isOptional"))
        os << "; may be left out"
           << (key.text("defaultText").empty() ? "" : " (" + key.text("defaultText").str() + ")");
      os << " |\n";
    }
  }
  return false;
}

static mlir::GenRegistration genStruct("gen-target-struct", "Generate pim::target::TargetData",
                                       emitStruct);
static mlir::GenRegistration genKeys("gen-target-keys", "Generate the table of target keys",
                                     emitKeys);
static mlir::GenRegistration genDocs("gen-target-docs", "Generate the table of docs/targets.md",
                                     emitDocs);
