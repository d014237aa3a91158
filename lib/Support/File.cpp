//===- File.cpp - whole files, read and written -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Support/File.h"
#include "pim/Support/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace pim {

namespace {

/// A file descriptor that closes itself.
class Handle {
public:
  explicit Handle(int descriptor) : descriptor(descriptor) {}
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { close(); }

  /// False if the system reports that the data did not arrive.
  bool close() {
    int result = descriptor < 0 ? 0 : ::close(descriptor);
    descriptor = -1;
    return result == 0;
  }
  int get() const { return descriptor; }

private:
  int descriptor;
};

} // namespace

[[noreturn]] static void failOn(const std::string &path, const char *what) {
  fail(path, ": ", what, ": ", std::strerror(errno));
}

std::vector<std::byte> readBytes(const std::string &path) {
  Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
    failOn(path, "cannot be read");
  if (!S_ISREG(status.st_mode))
    fail(path, ": is no regular file");
  std::vector<std::byte> bytes(static_cast<size_t>(status.st_size));
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      failOn(path, "cannot be read");
    if (count == 0)
      break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

bool isSpecial(const std::string &path) {
  std::error_code ignored;
  fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status);
}

void requireWritable(const std::string &path) {
  if (path.empty() || path == "-")
    return;
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    fail(path, ": is a folder, expected a file to write to");
  if (isSpecial(path)) {
    if (::access(path.c_str(), W_OK) != 0)
      failOn(path, "cannot be written");
    return;
  }
  const fs::path parent = fs::path(path).parent_path();
  const std::string folder = parent.empty() ? fs::path(".") : parent;
  if (!fs::is_directory(folder, ignored))
    fail(path, ": cannot be written: there is no folder '", folder, "'");
  if (::access(folder.c_str(), W_OK) != 0)
    failOn(path, "cannot be written");
}

/// Writes everything or returns false with errno set.
static bool writeAll(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

static void writeInPlace(const std::string &path, std::span<const std::byte> bytes) {
  Handle file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !writeAll(file.get(), bytes) || !file.close())
    failOn(path, "cannot be written");
}

void writeBytes(const std::string &path, std::span<const std::byte> bytes) {
  requireWritable(path);
  if (isSpecial(path))
    return writeInPlace(path, bytes);
  std::string temporary = path + ".XXXXXX";
  Handle file(::mkstemp(temporary.data()));
  if (file.get() < 0)
    failOn(path, "cannot be written");
  mode_t mask = ::umask(0);
  ::umask(mask);
  bool written = writeAll(file.get(), bytes) && ::fchmod(file.get(), 0666 & ~mask) == 0;
  if (!(file.close() && written) || ::rename(temporary.c_str(), path.c_str()) != 0) {
    int reason = errno;
    ::unlink(temporary.c_str());
    errno = reason;
    failOn(path, "cannot be written");
  }
}

} // namespace pim
