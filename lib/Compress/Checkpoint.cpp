//===- Checkpoint.cpp - what a resumed run needs --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"

#include "pim/Runtime/Data/Dataset.h"
#include "pim/Support/Error.h"

#include <cstring>

namespace pim::compress {

// Names in the archive: a letter for the kind, then the name with '/' as it is.
constexpr char tensorMark = 't', textMark = 's';

int64_t Checkpoint::number(const std::string &name) const {
  auto text = texts.find(name);
  if (text == texts.end() || text->second.empty() ||
      text->second.find_first_not_of("-0123456789") != std::string::npos ||
      text->second.size() > 18)
    fail("holds no number '", name, "'");
  return std::stoll(text->second);
}

TensorMap Checkpoint::section(const std::string &prefix) const {
  TensorMap result;
  for (const auto &[name, value] : tensors)
    if (name.compare(0, prefix.size(), prefix) == 0)
      result[name.substr(prefix.size())] = value;
  return result;
}

void Checkpoint::setSection(const std::string &prefix, const TensorMap &values) {
  for (const auto &[name, value] : values)
    tensors[prefix + name] = value;
}

/// Names may hold what archives do not like; hexadecimal is safe everywhere.
static std::string encoded(const std::string &name) {
  static const char digits[] = "0123456789abcdef";
  std::string result;
  for (unsigned char letter : name) {
    result += digits[letter >> 4];
    result += digits[letter & 15];
  }
  return result;
}

static std::string decoded(const std::string &text, const std::string &path) {
  std::string result;
  if (text.size() % 2 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    fail(path, ": is no checkpoint of pim-compress");
  for (size_t index = 0; index < text.size(); index += 2)
    result += static_cast<char>(std::stoi(text.substr(index, 2), nullptr, 16));
  return result;
}

static data::Array arrayOf(const Tensor &value) {
  Tensor dense = value.detach().contiguous();
  data::Array array;
  switch (dense.scalar_type()) {
  case at::kLong:
    array.type = data::Type::I64;
    break;
  case at::kByte:
    array.type = data::Type::U8;
    break;
  case at::kChar:
    array.type = data::Type::I8;
    break;
  case at::kBool:
    array.type = data::Type::Bool;
    break;
  default:
    array.type = data::Type::F32;
    dense = dense.to(at::kFloat);
  }
  array.shape = dense.sizes().vec();
  array.bytes.resize(dense.nbytes());
  if (dense.nbytes())
    std::memcpy(array.bytes.data(), dense.data_ptr(), dense.nbytes());
  return array;
}

static Tensor tensorOf(const data::Array &array, const std::string &path) {
  at::ScalarType type = at::kFloat;
  switch (array.type) {
  case data::Type::F32:
    break;
  case data::Type::I64:
    type = at::kLong;
    break;
  case data::Type::U8:
    type = at::kByte;
    break;
  case data::Type::I8:
    type = at::kChar;
    break;
  case data::Type::Bool:
    type = at::kBool;
    break;
  default:
    fail(path, ": is no checkpoint of pim-compress");
  }
  Tensor value = at::empty(array.shape, type);
  if (!array.bytes.empty())
    std::memcpy(value.data_ptr(), array.bytes.data(), array.bytes.size());
  return value;
}

void Checkpoint::write(const std::string &path) const {
  std::vector<data::NamedArray> arrays;
  for (const auto &[name, value] : tensors)
    arrays.push_back({tensorMark + encoded(name), arrayOf(value)});
  for (const auto &[name, text] : texts) {
    data::Array array;
    array.type = data::Type::U8;
    array.shape = {static_cast<int64_t>(text.size())};
    array.bytes.resize(text.size());
    std::memcpy(array.bytes.data(), text.data(), text.size());
    arrays.push_back({textMark + encoded(name), std::move(array)});
  }
  data::writeNpz(path, arrays);
}

Checkpoint Checkpoint::read(const std::string &path) {
  Checkpoint result;
  for (const data::NamedArray &entry : data::load(path).arrays) {
    if (entry.name.empty() || (entry.name[0] != tensorMark && entry.name[0] != textMark))
      fail(path, ": is no checkpoint of pim-compress");
    std::string name = decoded(entry.name.substr(1), path);
    const data::Array &array = entry.array;
    if (entry.name[0] == tensorMark)
      result.tensors[name] = tensorOf(array, path);
    else
      result.texts[name] =
          std::string(reinterpret_cast<const char *>(array.bytes.data()), array.bytes.size());
  }
  return result;
}

} // namespace pim::compress
