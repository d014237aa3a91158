//===- AssemblyPrinter.cpp - a program as text ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldSyntax.h"
#include "Fields.h"
#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/Program/Assembly.h"

#include <algorithm>

namespace pim::program {

namespace {

/// The values of the fields of a table, in order.
struct ValueCollector {
  std::vector<std::pair<const char *, std::string>> values;
  template <typename T> void operator()(const char *name, T &value) {
    values.emplace_back(name, printValue(value));
  }
};

class Printer {
public:
  explicit Printer(const Program &program) : program(program) {}
  std::string run();

private:
  /// A directive with the fields that differ from their default.
  template <typename T> void directive(const char *name, const T &table, size_t depth);
  template <typename T>
  void directives(const char *name, const std::vector<std::unique_ptr<T>> &tables, size_t depth);
  void data(std::span<const std::byte> bytes, size_t depth);
  void printCore(size_t index);
  void printCode(size_t index);
  void indent(size_t depth) { text.append(2 * depth, ' '); }

  const Program &program;
  std::string text;
};

} // namespace

template <typename T> void Printer::directive(const char *name, const T &table, size_t depth) {
  T defaults;
  ValueCollector given, usual;
  visitFields(const_cast<T &>(table), given); // only read through
  visitFields(defaults, usual);
  indent(depth);
  text += name;
  for (size_t i = 0; i < given.values.size(); ++i)
    if (given.values[i].second != usual.values[i].second) {
      text += ' ';
      text += given.values[i].first;
      text += '=';
      text += given.values[i].second;
    }
  text += '\n';
}

template <typename T>
void Printer::directives(const char *name, const std::vector<std::unique_ptr<T>> &tables,
                         size_t depth) {
  for (const auto &table : tables)
    directive(name, *table, depth);
}

/// Lines of base64 between .data and .end.
void Printer::data(std::span<const std::byte> bytes, size_t depth) {
  constexpr size_t bytesPerLine = 72;
  indent(depth);
  text += ".data\n";
  for (size_t at = 0; at < bytes.size(); at += bytesPerLine) {
    indent(depth);
    text += encodeBase64(bytes.subspan(at, std::min(bytesPerLine, bytes.size() - at)));
    text += '\n';
  }
  indent(depth);
  text += ".end\n";
}

/// Instructions, indented by the loops around them, with the layer they begin as a comment.
void Printer::printCode(size_t index) {
  text += "  .code\n";
  std::span<const uint64_t> code = program.codeOf(index);
  std::vector<const fb::LayerT *> begins(code.size());
  for (const auto &layer : program.header.layers)
    for (const fb::Span &span : layer->spans)
      if (span.core() == index && span.begin() < span.end())
        begins[span.begin()] = layer.get();
  std::vector<size_t> loopEnds;
  for (size_t i = 0; i < code.size(); ++i) {
    while (!loopEnds.empty() && loopEnds.back() <= i)
      loopEnds.pop_back();
    if (begins[i])
      text += "    ; layer " + printValue(begins[i]->name) + "\n";
    isa::Instruction instruction = isa::decode(code[i]);
    indent(2 + loopEnds.size());
    text += isa::print(instruction);
    text += '\n';
    if (const auto *loop = instruction.getIf<isa::Loop>())
      loopEnds.push_back(i + 1 + loop->length);
  }
  text += "  .end\n";
}

void Printer::printCore(size_t index) {
  const fb::CoreT &core = *program.header.cores[index];
  text += "\n; core " + std::to_string(index) + "\n";
  directive(".core", core, 0);
  directives(".tensor", core.tensors, 1);
  directives(".window", core.windows, 1);
  for (const auto &group : core.groups) {
    directive(".group", *group, 1);
    for (const fb::Slice &slice : group->slices)
      directive(".slice", SliceFields{slice.shift(), slice.negative()}, 2);
    directives(".tile", group->tiles, 2);
  }
  directives(".requantize", core.requantize, 1);
  directives(".lookup", core.lookups, 1);
  printCode(index);
  if (core.arrays != 0) {
    text += "  .cells\n";
    data(std::as_bytes(program.cellsOf(index)), 1);
  }
}

std::string Printer::run() {
  const fb::ProgramT &header = program.header;
  text = "; a program for a processing-in-memory chip; docs/BinaryFormat.md explains the listing\n";
  directive(".program", header, 0);
  directive(".model", *header.model, 0);
  directives(".target", header.target, 0);
  if (header.preprocess)
    directive(".preprocess", *header.preprocess, 0);
  directive(".array_counts", *header.array_counts, 0);
  directives(".tensor", header.tensors, 0);
  directives(".input", header.inputs, 0);
  directives(".output", header.outputs, 0);
  for (const auto &call : header.host_calls) {
    directive(".host_call", *call, 0);
    data(std::as_bytes(std::span(call->graph)), 1);
  }
  for (const auto &image : header.memory_images) {
    directive(".memory_image", *image, 0);
    data(std::span(program.constants).subspan(image->offset, image->size), 1);
  }
  for (const auto &layer : header.layers) {
    directive(".layer", *layer, 0);
    for (const fb::Span &span : layer->spans)
      directive(".span", SpanFields{span.core(), span.begin(), span.end()}, 1);
  }
  for (size_t i = 0; i < header.cores.size(); ++i)
    printCore(i);
  if (!program.reference.empty()) {
    text += "\n.reference\n";
    data(program.reference, 0);
  }
  return std::move(text);
}

std::string printAssembly(const Program &program) { return Printer(program).run(); }

} // namespace pim::program
