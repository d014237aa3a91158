//===- AssemblyParser.cpp - a program from text ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One line is one directive, one instruction or one piece of data. A directive adds an entry to a
// table of what was opened last: a tile to the group, a group to the core.
//
//===----------------------------------------------------------------------===//

#include "FieldSyntax.h"
#include "Fields.h"
#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/Program/Assembly.h"

#include <cstring>
#include <functional>
#include <map>
#include <optional>

namespace pim::program {

namespace {

/// The `name=value` pairs of a line.
using Fields = std::map<std::string_view, std::string_view, std::less<>>;

/// Takes the fields of a table out of the pairs.
struct FieldAssigner {
  Fields &fields;
  template <typename T> void operator()(const char *name, T &value) {
    auto found = fields.find(name);
    if (found == fields.end())
      return;
    try {
      parseValue(found->second, value);
    } catch (const Error &error) {
      fail("field '", name, "': ", error.what());
    }
    fields.erase(found);
  }
};

class Parser {
public:
  explicit Parser(std::string_view text) : rest(text) {}
  Program run();

private:
  std::optional<std::string_view> nextLine();
  void parseLine(std::string_view line);
  void parseCoreDirective(std::string_view name, Fields &fields);
  void parseGroupDirective(std::string_view name, Fields &fields);
  bool parseProgramDirective(std::string_view name, Fields &fields);
  std::vector<std::byte> parseData();
  std::vector<uint64_t> parseCode();
  void finishCore();

  template <typename T> static T make(Fields &fields) {
    T table;
    visitFields(table, FieldAssigner{fields});
    if (!fields.empty())
      fail("unknown field '", fields.begin()->first, "'");
    return table;
  }
  template <typename T>
  static void append(std::vector<std::unique_ptr<T>> &tables, Fields &fields) {
    tables.push_back(std::make_unique<T>(make<T>(fields)));
  }
  fb::CoreT &core(std::string_view name) {
    if (!openCore)
      fail("'", name, "' outside a .core");
    return *openCore;
  }

  std::string_view rest;
  size_t lineNumber = 0;
  Program program;
  /// The core whose directives are being read, with its bulk data.
  std::optional<fb::CoreT> openCore;
  std::vector<uint64_t> code, cells;
  bool sawProgram = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

static std::string_view trim(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The next line that has something in it.
std::optional<std::string_view> Parser::nextLine() {
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    std::string_view line = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    ++lineNumber;
    if (!line.empty() && line.front() != ';')
      return line;
  }
  return std::nullopt;
}

/// Where the value at the start of `text` ends: behind a quote or bracket that closes it, or at a
/// blank.
static size_t valueLength(std::string_view text) {
  if (text.front() == '"') {
    for (size_t i = 1; i < text.size(); ++i) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        return i + 1;
    }
    fail("a text is not closed");
  }
  if (text.front() == '[') {
    size_t end = text.find(']');
    if (end == std::string_view::npos)
      fail("a list is not closed");
    return end + 1;
  }
  return std::min(text.find(' '), text.size());
}

static Fields splitFields(std::string_view text) {
  Fields fields;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    size_t equal = text.find('=');
    if (equal == std::string_view::npos || equal + 1 == text.size())
      fail("expected name=value, found '", text, "'");
    std::string_view name = text.substr(0, equal);
    text.remove_prefix(equal + 1);
    size_t length = valueLength(text);
    if (!fields.emplace(name, text.substr(0, length)).second)
      fail("field '", name, "' is given twice");
    text.remove_prefix(length);
  }
  return fields;
}

std::vector<std::byte> Parser::parseData() {
  std::optional<std::string_view> line = nextLine();
  if (line != ".data")
    fail("expected .data");
  std::vector<std::byte> bytes;
  while ((line = nextLine()) && *line != ".end")
    decodeBase64(*line, bytes);
  if (!line)
    fail("data without .end");
  return bytes;
}

std::vector<uint64_t> Parser::parseCode() {
  std::vector<uint64_t> words;
  std::optional<std::string_view> line;
  while ((line = nextLine()) && *line != ".end")
    words.push_back(isa::encode(isa::parse(*line)));
  if (!line)
    fail("code without .end");
  return words;
}

//===----------------------------------------------------------------------===//
// Directives
//===----------------------------------------------------------------------===//

void Parser::finishCore() {
  if (openCore)
    program.addCore(std::move(*openCore), code, cells);
  openCore.reset();
  code.clear();
  cells.clear();
}

/// Directives of the program itself; false if `name` is none.
bool Parser::parseProgramDirective(std::string_view name, Fields &fields) {
  fb::ProgramT &header = program.header;
  if (name == ".program") {
    if (sawProgram)
      fail("a second .program");
    header = make<fb::ProgramT>(fields);
    sawProgram = true;
  } else if (name == ".model") {
    header.model = std::make_unique<fb::ModelInfoT>(make<fb::ModelInfoT>(fields));
  } else if (name == ".target") {
    append(header.target, fields);
  } else if (name == ".preprocess") {
    header.preprocess = std::make_unique<fb::PreprocessT>(make<fb::PreprocessT>(fields));
  } else if (name == ".array_counts") {
    header.array_counts = std::make_unique<fb::ArrayCountsT>(make<fb::ArrayCountsT>(fields));
  } else if (name == ".input") {
    append(header.inputs, fields);
  } else if (name == ".output") {
    append(header.outputs, fields);
  } else if (name == ".host_call") {
    append(header.host_calls, fields);
    std::vector<std::byte> graph = parseData();
    const auto *bytes = reinterpret_cast<const uint8_t *>(graph.data());
    header.host_calls.back()->graph.assign(bytes, bytes + graph.size());
  } else if (name == ".memory_image") {
    uint64_t address = make<fb::MemoryImageT>(fields).address;
    program.addMemoryImage(address, parseData());
  } else if (name == ".layer") {
    append(header.layers, fields);
  } else if (name == ".span") {
    auto span = make<SpanFields>(fields);
    if (header.layers.empty())
      fail("'.span' outside a .layer");
    header.layers.back()->spans.emplace_back(span.core, span.begin, span.end);
  } else if (name == ".core") {
    finishCore();
    openCore = make<fb::CoreT>(fields);
  } else if (name == ".reference") {
    finishCore();
    program.reference = parseData();
  } else {
    return false;
  }
  return true;
}

void Parser::parseGroupDirective(std::string_view name, Fields &fields) {
  fb::CoreT &owner = core(name);
  if (owner.groups.empty())
    fail("'", name, "' outside a .group");
  fb::ArrayGroupT &group = *owner.groups.back();
  if (name == ".tile")
    return append(group.tiles, fields);
  auto slice = make<SliceFields>(fields);
  group.slices.emplace_back(slice.shift, slice.negative);
}

void Parser::parseCoreDirective(std::string_view name, Fields &fields) {
  if (name == ".tensor")
    append(openCore ? openCore->tensors : program.header.tensors, fields);
  else if (name == ".window")
    append(core(name).windows, fields);
  else if (name == ".group")
    append(core(name).groups, fields);
  else if (name == ".slice" || name == ".tile")
    parseGroupDirective(name, fields);
  else if (name == ".requantize")
    append(core(name).requantize, fields);
  else if (name == ".lookup")
    append(core(name).lookups, fields);
  else if (name == ".code") {
    core(name);
    code = parseCode();
  } else if (name == ".cells") {
    core(name);
    std::vector<std::byte> bytes = parseData();
    if (bytes.size() % sizeof(uint64_t) != 0)
      fail("cells of ", bytes.size(), " bytes, which are no 64-bit words");
    cells.resize(bytes.size() / sizeof(uint64_t));
    if (!bytes.empty())
      std::memcpy(cells.data(), bytes.data(), bytes.size());
  } else {
    fail("unknown directive '", name, "'");
  }
}

void Parser::parseLine(std::string_view line) {
  if (line.front() != '.')
    fail("expected a directive like .core, found '", line.substr(0, 40), "'");
  std::string_view name = line.substr(0, line.find(' '));
  if (!sawProgram && name != ".program")
    fail("expected .program first, found '", name, "'");
  Fields fields = splitFields(line.substr(name.size()));
  if (!parseProgramDirective(name, fields))
    parseCoreDirective(name, fields);
}

Program Parser::run() {
  try {
    while (std::optional<std::string_view> line = nextLine())
      parseLine(*line);
  } catch (const Error &error) {
    throw AssemblyError(lineNumber, error.what());
  }
  if (!sawProgram)
    throw AssemblyError(1, "expected .program, found the end");
  finishCore();
  return std::move(program);
}

Program parseAssembly(std::string_view text) {
  Program program = Parser(text).run();
  verify(program);
  return program;
}

} // namespace pim::program
