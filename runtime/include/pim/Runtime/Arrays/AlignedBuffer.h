//===- AlignedBuffer.h - memory that vectors load from ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A buffer on a cache line, with slack behind it so that a kernel may load or store whole vectors
// at its end.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_ALIGNEDBUFFER_H
#define PIM_RUNTIME_ARRAYS_ALIGNEDBUFFER_H

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

namespace pim::runtime {

template <typename T> class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  static constexpr size_t alignment = 64;
  /// Bytes behind the last element that belong to the buffer too; zero when made.
  static constexpr size_t slackBytes = 128;

  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t count) { assign(count); }

  /// Makes the buffer `count` zeros.
  void assign(size_t count) {
    const size_t bytes = count * sizeof(T) + slackBytes;
    storage.reset(static_cast<T *>(::operator new(bytes, std::align_val_t(alignment))));
    std::memset(static_cast<void *>(storage.get()), 0, bytes);
    elements = count;
  }

  /// Room for at least `count` elements; what was in them is lost if the buffer grows.
  T *reserve(size_t count) {
    if (count > elements)
      assign(count + count / 2);
    return storage.get();
  }

  T *data() { return storage.get(); }
  const T *data() const { return storage.get(); }
  size_t size() const { return elements; }
  T &operator[](size_t i) { return storage.get()[i]; }
  const T &operator[](size_t i) const { return storage.get()[i]; }

private:
  struct Delete {
    void operator()(T *pointer) const { ::operator delete(pointer, std::align_val_t(alignment)); }
  };
  std::unique_ptr<T[], Delete> storage;
  size_t elements = 0;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_ALIGNEDBUFFER_H
