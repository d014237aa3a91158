//===- File.cpp - program files on disk -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace pim::program {

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

static std::vector<std::byte> slurp(const std::string &path) {
  Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
    failOn(path, "cannot be read");
  if (!S_ISREG(status.st_mode))
    fail(path, ": is no regular file, expected a compiled program");
  std::vector<std::byte> bytes(status.st_size);
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      failOn(path, "cannot be read");
    if (count == 0)
      break;
    done += count;
  }
  bytes.resize(done);
  return bytes;
}

Program readFile(const std::string &path) {
  std::vector<std::byte> bytes = slurp(path);
  try {
    return read(bytes);
  } catch (const Error &error) {
    fail(path, ": ", error.what());
  }
}

/// Writes everything or returns false with errno set.
static bool writeAll(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    bytes = bytes.subspan(count);
  }
  return true;
}

void writeFile(const std::string &path, std::span<const std::byte> bytes) {
  // A rename replaces only what it may: a folder or a device of that name stays.
  struct stat status;
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    fail(path, ": cannot be written: is no regular file");
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

} // namespace pim::program
