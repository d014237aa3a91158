//===- Files.h - data files made by tests ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_DATA_FILES_H
#define PIM_RUNTIME_TESTS_DATA_FILES_H

#include "pim/Runtime/Data/Dataset.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>
#include <zlib.h>

namespace pim::data {

/// Content with every byte one character: a string is the handiest container of bytes.
inline std::span<const std::byte> bytesOf(const std::string &content) {
  return std::as_bytes(std::span(content));
}

/// A number as it lies in a little-endian file.
template <typename T> std::string little(T value) {
  return {reinterpret_cast<const char *>(&value), sizeof value};
}
inline std::string big32(uint32_t value) { return little(__builtin_bswap32(value)); }

inline std::string npy(const std::string &header, const std::string &data) {
  return "\x93NUMPY" + std::string("\1\0", 2) + little(static_cast<uint16_t>(header.size())) +
         header + data;
}

/// u8 of these dimensions, with the given elements.
inline std::string idx(const std::vector<uint32_t> &sizes, const std::string &data) {
  std::string content("\0\0\x08", 3);
  content += static_cast<char>(sizes.size());
  for (uint32_t size : sizes)
    content += big32(size);
  return content + data;
}

inline std::string gzip(const std::string &content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A CIFAR-10 record whose pixels count up from `first`.
inline std::string cifarRecord(char label, int first) {
  std::string record(1, label);
  for (int i = 0; i < 3072; ++i)
    record += static_cast<char>(first + i);
  return record;
}

/// Expects that reading fails with a message that has `words` in it.
template <typename Read> void expectError(Read read, const std::string &words) {
  try {
    read();
    ADD_FAILURE() << "no error; expected '" << words << "'";
  } catch (const Error &error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(words));
  }
}

inline void expectRefused(const std::string &content, const std::string &words) {
  expectError([&] { parse(bytesOf(content), "file"); }, words);
}

template <typename T> std::vector<T> numbers(const Array &array) {
  std::vector<T> values(array.bytes.size() / sizeof(T));
  std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

} // namespace pim::data

#endif // PIM_RUNTIME_TESTS_DATA_FILES_H
