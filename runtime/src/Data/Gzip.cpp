//===- Gzip.cpp - compressed files --------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <new>
#include <zlib.h>

using namespace pim;
using namespace pim::data;

// zlib counts in 32 bits.
static constexpr size_t maxChunk = size_t(1) << 30;

bool pim::data::isGzip(Bytes content) {
  return content.size() >= 2 && content[0] == std::byte(0x1f) && content[1] == std::byte(0x8b);
}

namespace {

/// A zlib stream that is closed whatever happens.
class Inflater {
public:
  Inflater(int windowBits, Bytes content) : content(content) {
    if (inflateInit2(&stream, windowBits) != Z_OK)
      throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;

  /// Fills `room` as far as the content goes; gives the number of bytes.
  size_t read(std::span<std::byte> room) {
    size_t inputSize = std::min(content.size() - consumed, maxChunk);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(content.data() + consumed));
    stream.avail_in = static_cast<uInt>(inputSize);
    stream.next_out = reinterpret_cast<Bytef *>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    status = inflate(&stream, Z_NO_FLUSH);
    consumed += inputSize - stream.avail_in;
    return room.size() - stream.avail_out;
  }

  bool ended() const { return status == Z_STREAM_END; }
  bool broken() const { return status != Z_OK && status != Z_STREAM_END; }
  bool hasMore() const { return consumed < content.size(); }
  void nextMember() { inflateReset(&stream); }

private:
  z_stream stream{};
  Bytes content;
  size_t consumed = 0;
  int status = Z_OK;
};

} // namespace

std::vector<std::byte> pim::data::gunzip(Bytes content, const std::string &path, size_t limit) {
  Inflater inflater(/*gzip format*/ 15 + 16, content);
  std::vector<std::byte> out;
  size_t size = 0;
  while (true) {
    if (size == out.size())
      out.resize(std::min(std::max(2 * size, size_t(1) << 16), limit + 1));
    size += inflater.read(std::span(out).subspan(size));
    if (size > limit)
      fail(path, ": expands to more than ", limit, " bytes");
    if (inflater.ended()) {
      if (!inflater.hasMore())
        break;
      inflater.nextMember();
    } else if (inflater.broken() || (!inflater.hasMore() && size < out.size())) {
      fail(path, ": gzip data are ", inflater.hasMore() ? "damaged" : "truncated");
    }
  }
  out.resize(size);
  return out;
}

std::vector<std::byte> pim::data::inflateRaw(Bytes content, size_t size, const std::string &what) {
  // Deflate makes at most 1032 bytes of one, so the memory asked for is bounded by the file.
  if (size / 1032 > content.size() || size > maxChunk)
    fail(what, ": claims to expand to ", size, " bytes, which ", content.size(),
         " compressed bytes cannot");
  std::vector<std::byte> out(size + 1);
  Inflater inflater(/*raw*/ -15, content);
  size_t done = inflater.read(out);
  if (!inflater.ended() || done != size)
    fail(what, ": compressed data are damaged");
  out.resize(size);
  return out;
}
