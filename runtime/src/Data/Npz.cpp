//===- Npz.cpp - NumPy's archives of arrays -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A .npz file is a zip archive of .npy files, plain or deflated. The central directory at its end
// is what counts. Format: PKWARE APPNOTE 6.3.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <set>
#include <string_view>
#include <zlib.h>

using namespace pim;
using namespace pim::data;

static constexpr uint32_t localSignature = 0x04034b50;
static constexpr uint32_t centralSignature = 0x02014b50;
static constexpr uint32_t endSignature = 0x06054b50;
static constexpr size_t localSize = 30;
static constexpr size_t centralSize = 46;
static constexpr size_t endSize = 22;

bool pim::data::isZip(Bytes content) {
  if (content.size() < 4)
    return false;
  uint32_t signature = readLittle<uint32_t>(content, 0);
  return signature == localSignature || signature == endSignature;
}

static uint32_t checksum(Bytes bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()));
}

namespace {

/// An entry of the central directory.
struct Entry {
  std::string name;
  uint16_t flags, method;
  uint32_t crc, compressed, size, offset;
};

/// Where the record that ends the archive begins; a comment of up to 65535 bytes may follow it.
size_t findEnd(Bytes content, const std::string &path) {
  for (size_t back = endSize; back <= content.size() && back <= endSize + 65535; ++back)
    if (readLittle<uint32_t>(content, content.size() - back) == endSignature)
      return content.size() - back;
  fail(path, ": zip archive is truncated: it has no central directory");
}

std::vector<Entry> readDirectory(Bytes content, const std::string &path) {
  size_t end = findEnd(content, path);
  size_t count = readLittle<uint16_t>(content, end + 10);
  uint64_t position = readLittle<uint32_t>(content, end + 16);
  std::vector<Entry> entries;
  for (size_t i = 0; i < count; ++i) {
    if (position + centralSize > content.size() ||
        readLittle<uint32_t>(content, position) != centralSignature)
      fail(path, ": zip directory is damaged at entry ", i);
    Entry entry;
    entry.flags = readLittle<uint16_t>(content, position + 8);
    entry.method = readLittle<uint16_t>(content, position + 10);
    entry.crc = readLittle<uint32_t>(content, position + 16);
    entry.compressed = readLittle<uint32_t>(content, position + 20);
    entry.size = readLittle<uint32_t>(content, position + 24);
    size_t nameLength = readLittle<uint16_t>(content, position + 28);
    size_t extraLength = readLittle<uint16_t>(content, position + 30);
    size_t commentLength = readLittle<uint16_t>(content, position + 32);
    entry.offset = readLittle<uint32_t>(content, position + 42);
    if (position + centralSize + nameLength > content.size())
      fail(path, ": zip directory is damaged at entry ", i);
    entry.name.assign(reinterpret_cast<const char *>(content.data()) + position + centralSize,
                      nameLength);
    entries.push_back(std::move(entry));
    position += centralSize + nameLength + extraLength + commentLength;
  }
  return entries;
}

Array readEntry(Bytes content, const Entry &entry, const std::string &what) {
  if (entry.flags & 1)
    fail(what, ": is encrypted");
  if (entry.compressed == UINT32_MAX || entry.size == UINT32_MAX || entry.offset == UINT32_MAX)
    fail(what, ": is larger than 4 GiB, which is not supported");
  uint64_t header = entry.offset;
  if (header + localSize > content.size() ||
      readLittle<uint32_t>(content, header) != localSignature)
    fail(what, ": zip entry is damaged");
  uint64_t begin = header + localSize + readLittle<uint16_t>(content, header + 26) +
                   readLittle<uint16_t>(content, header + 28);
  if (begin + entry.compressed > content.size())
    fail(what, ": zip entry reaches beyond the end of the file");
  Bytes data = content.subspan(begin, entry.compressed);
  std::vector<std::byte> expanded;
  if (entry.method == 8) {
    expanded = inflateRaw(data, entry.size, what);
    data = expanded;
  } else if (entry.method != 0 || entry.size != entry.compressed) {
    fail(what, ": is compressed by method ", entry.method, ", expected 0 (stored) or 8 (deflate)");
  }
  if (checksum(data) != entry.crc)
    fail(what, ": checksum does not match, the file is damaged");
  if (!isNpy(data))
    fail(what, ": is no .npy file");
  return parseNpy(data, what);
}

template <typename T> void append(std::vector<std::byte> &out, T value) {
  auto bytes = std::as_bytes(std::span(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// The fields that local headers and the central directory have in common.
void appendCommon(std::vector<std::byte> &out, const std::string &name, Bytes data) {
  append<uint16_t>(out, 20);    // version needed
  append<uint16_t>(out, 0x800); // names are UTF-8
  append<uint16_t>(out, 0);     // stored
  append<uint32_t>(out,
                   (uint32_t(1) << 21) | (1 << 16)); // 1 January 1980: equal arrays, equal bytes
  append<uint32_t>(out, checksum(data));
  append<uint32_t>(out, static_cast<uint32_t>(data.size()));
  append<uint32_t>(out, static_cast<uint32_t>(data.size()));
  append<uint16_t>(out, static_cast<uint16_t>(name.size()));
  append<uint16_t>(out, 0); // extra
}

void appendText(std::vector<std::byte> &out, const std::string &text) {
  auto bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

} // namespace

std::vector<NamedArray> pim::data::parseNpz(Bytes content, const std::string &path) {
  std::vector<NamedArray> arrays;
  std::set<std::string> names;
  for (const Entry &entry : readDirectory(content, path)) {
    std::string name = entry.name;
    if (name.ends_with(".npy"))
      name.resize(name.size() - 4);
    std::string what = path + ": array '" + name + "'";
    if (!names.insert(name).second)
      fail(what, ": occurs twice");
    arrays.push_back({name, readEntry(content, entry, what)});
  }
  return arrays;
}

void pim::data::writeNpz(const std::string &path, std::span<const NamedArray> arrays) {
  std::vector<std::byte> out, directory;
  for (const NamedArray &array : arrays) {
    std::string name = array.name + ".npy";
    std::vector<std::byte> data = formatNpy(array.array);
    if (name.size() > UINT16_MAX || out.size() + data.size() > UINT32_MAX - (1 << 20))
      fail(path, ": array '", array.name, "' makes the archive larger than 4 GiB");
    uint32_t offset = static_cast<uint32_t>(out.size());
    append(out, localSignature);
    appendCommon(out, name, data);
    appendText(out, name);
    out.insert(out.end(), data.begin(), data.end());

    append(directory, centralSignature);
    append<uint16_t>(directory, 20); // version made by
    appendCommon(directory, name, data);
    append<uint16_t>(directory, 0); // comment
    append<uint16_t>(directory, 0); // disk
    append<uint16_t>(directory, 0); // internal attributes
    append<uint32_t>(directory, 0); // external attributes
    append(directory, offset);
    appendText(directory, name);
  }
  uint32_t begin = static_cast<uint32_t>(out.size());
  out.insert(out.end(), directory.begin(), directory.end());
  append(out, endSignature);
  append<uint32_t>(out, 0); // disks
  append<uint16_t>(out, static_cast<uint16_t>(arrays.size()));
  append<uint16_t>(out, static_cast<uint16_t>(arrays.size()));
  append<uint32_t>(out, static_cast<uint32_t>(directory.size()));
  append(out, begin);
  append<uint16_t>(out, 0); // comment
  writeBytes(path, out);
}
