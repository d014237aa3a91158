//===- Labels.cpp - the classes of samples ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <algorithm>
#include <charconv>
#include <string_view>

using namespace pim;
using namespace pim::data;

static std::vector<int64_t> arrayLabels(const Array &array, const std::string &path) {
  if (!array.isInteger())
    fail(path, ": labels are of type ", typeName(array.type), ", expected integers");
  // One label a sample: only one dimension may be longer than 1.
  if (std::count_if(array.shape.begin(), array.shape.end(), [](int64_t n) { return n != 1; }) > 1)
    fail(path, ": labels have shape ", shapeText(array.shape), ", expected one number a sample");
  std::vector<int64_t> labels(static_cast<size_t>(array.elementCount()));
  for (size_t i = 0; i < labels.size(); ++i)
    labels[i] = array.integerAt(static_cast<int64_t>(i));
  return labels;
}

static std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t'))
    text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  return text;
}

static bool parseInteger(std::string_view text, int64_t &value) {
  text = trim(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// One label a line: the whole line, or the second of several columns. The first line may be a
/// header.
static std::vector<int64_t> textLabels(std::string_view text, const std::string &path) {
  std::vector<int64_t> labels;
  for (size_t line = 1; !text.empty(); ++line) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trim(field).empty())
      continue;
    if (size_t tab = field.find('\t'); tab != std::string_view::npos) {
      field.remove_prefix(tab + 1);
      field = field.substr(0, field.find('\t'));
    }
    int64_t label;
    if (parseInteger(field, label))
      labels.push_back(label);
    else if (line > 1)
      fail(path, ":", line, ": '", trim(field).substr(0, 40), "' is no class number");
  }
  if (labels.empty())
    fail(path, ": holds no labels; expected idx, .npy, or text with one class number a line or in "
               "the second column");
  return labels;
}

std::vector<int64_t> pim::data::parseLabels(std::span<const std::byte> content,
                                            const std::string &path) {
  if (content.empty())
    fail(path, ": is empty");
  bool isText = std::none_of(content.begin(), content.end(), [](std::byte byte) {
    return byte < std::byte(' ') && byte != std::byte('\n') && byte != std::byte('\r') &&
           byte != std::byte('\t');
  });
  if (isText)
    return textLabels({reinterpret_cast<const char *>(content.data()), content.size()}, path);
  Dataset dataset = parse(content, path);
  if (!dataset.labels.empty())
    return dataset.labels;
  if (dataset.arrays.size() != 1)
    fail(path, ": holds ", dataset.arrays.size(), " arrays, expected the labels alone");
  return arrayLabels(dataset.arrays[0].array, path);
}

std::vector<int64_t> pim::data::loadLabels(const std::string &path) {
  return parseLabels(readBytes(path), path);
}
