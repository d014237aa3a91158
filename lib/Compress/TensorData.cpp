//===- TensorData.cpp - ONNX tensors as torch tensors ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorData.h"

#include "pim/Runtime/Data/Array.h"
#include "pim/Runtime/Data/Dataset.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <filesystem>

namespace pim::compress {

using Proto = onnx::TensorProto;

std::string shapeText(at::IntArrayRef shape) { return data::shapeText(shape.vec()); }

/// How elements of an ONNX type lie in raw data, and what they become.
struct ElementType {
  at::ScalarType stored, used;
};

static ElementType elementTypeOf(const Proto &tensor, const std::string &what) {
  switch (tensor.data_type()) {
  case Proto::FLOAT:
    return {at::kFloat, at::kFloat};
  case Proto::DOUBLE:
    return {at::kDouble, at::kFloat};
  case Proto::FLOAT16:
    return {at::kHalf, at::kFloat};
  case Proto::BFLOAT16:
    return {at::kBFloat16, at::kFloat};
  case Proto::INT64:
    return {at::kLong, at::kLong};
  case Proto::INT32:
    return {at::kInt, at::kLong};
  case Proto::INT16:
    return {at::kShort, at::kLong};
  case Proto::INT8:
    return {at::kChar, at::kChar};
  case Proto::UINT8:
    return {at::kByte, at::kByte};
  case Proto::BOOL:
    return {at::kBool, at::kBool};
  default:
    fail(what, " has elements of type ", tensor.data_type(), ", which cannot be trained with");
  }
}

/// The bytes that `tensor` keeps in a file beside the model.
static std::vector<std::byte> readExternal(const Proto &tensor, const std::string &modelPath,
                                           const std::string &what) {
  namespace fs = std::filesystem;
  std::string location, offset = "0", length;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    if (entry.key() == "location")
      location = entry.value();
    else if (entry.key() == "offset")
      offset = entry.value();
    else if (entry.key() == "length")
      length = entry.value();
  }
  auto number = [&](const std::string &text) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != text.npos)
      fail(what, ": offset or length of its external data is '", text, "', expected a number");
    return static_cast<size_t>(std::stoull(text));
  };
  std::error_code error;
  fs::path folder = fs::canonical(fs::absolute(modelPath).parent_path(), error);
  fs::path file = error ? fs::path() : fs::canonical(folder / location, error);
  if (location.empty() || error)
    fail(what, ": external data '", location, "' cannot be found");
  // Compared after links were followed.
  fs::path relative = file.lexically_relative(folder);
  if (relative.empty() || *relative.begin() == "..")
    fail(what, ": external data '", location, "' lie outside the folder of the model");
  std::vector<std::byte> bytes = readBytes(file.string());
  size_t begin = number(offset);
  size_t count = length.empty() ? bytes.size() - std::min(begin, bytes.size()) : number(length);
  if (begin > bytes.size() || count > bytes.size() - begin)
    fail(what, ": external data '", location, "' have ", bytes.size(), " bytes, but ", count,
         " from byte ", begin, " on are asked for");
  return {bytes.begin() + begin, bytes.begin() + begin + count};
}

/// Elements that are given one by one in a field of the message.
template <typename Field>
static Tensor fromField(const Field &field, at::ScalarType type, int64_t count,
                        const std::string &what) {
  if (field.size() != count)
    fail(what, " has ", field.size(), " values, expected ", count);
  Tensor values = at::empty({count}, at::kDouble);
  double *out = values.data_ptr<double>();
  for (auto value : field)
    *out++ = static_cast<double>(value);
  return values.to(type);
}

static Tensor fromFields(const Proto &tensor, at::ScalarType stored, int64_t count,
                         const std::string &what) {
  switch (tensor.data_type()) {
  case Proto::FLOAT:
    return fromField(tensor.float_data(), stored, count, what);
  case Proto::DOUBLE:
    return fromField(tensor.double_data(), stored, count, what);
  case Proto::INT64: {
    if (tensor.int64_data_size() != count)
      fail(what, " has ", tensor.int64_data_size(), " values, expected ", count);
    Tensor values = at::empty({count}, at::kLong);
    std::copy(tensor.int64_data().begin(), tensor.int64_data().end(), values.data_ptr<int64_t>());
    return values;
  }
  case Proto::FLOAT16:
  case Proto::BFLOAT16: { // travel as their bits
    Tensor bits = fromField(tensor.int32_data(), at::kInt, count, what).to(at::kShort);
    return bits.view(stored);
  }
  default:
    return fromField(tensor.int32_data(), stored, count, what);
  }
}

Tensor tensorOf(const Proto &tensor, const std::string &modelPath, const std::string &what) {
  ElementType type = elementTypeOf(tensor, what);
  std::vector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  size_t width = c10::elementSize(type.stored);
  int64_t count = data::checkedElementCount(shape, width, uint64_t(1) << 32, what);
  bool isExternal = tensor.data_location() == Proto::EXTERNAL;
  Tensor values;
  if (isExternal || tensor.has_raw_data()) {
    std::vector<std::byte> external;
    if (isExternal)
      external = readExternal(tensor, modelPath, what);
    const void *bytes = isExternal ? static_cast<const void *>(external.data())
                                   : static_cast<const void *>(tensor.raw_data().data());
    size_t size = isExternal ? external.size() : tensor.raw_data().size();
    if (size != static_cast<size_t>(count) * width)
      fail(what, " has ", size, " bytes, expected ", static_cast<size_t>(count) * width);
    values = at::empty(shape, type.stored);
    if (size)
      std::memcpy(values.data_ptr(), bytes, size);
  } else {
    values = fromFields(tensor, type.stored, count, what).reshape(shape);
  }
  return values.to(type.used);
}

void storeTensor(Proto &proto, const std::string &name, const Tensor &value) {
  Tensor dense = value.detach().contiguous();
  proto.Clear();
  proto.set_name(name);
  switch (dense.scalar_type()) {
  case at::kFloat:
    proto.set_data_type(Proto::FLOAT);
    break;
  case at::kInt:
    proto.set_data_type(Proto::INT32);
    break;
  case at::kLong:
    proto.set_data_type(Proto::INT64);
    break;
  case at::kChar:
    proto.set_data_type(Proto::INT8);
    break;
  case at::kByte:
    proto.set_data_type(Proto::UINT8);
    break;
  case at::kBool:
    proto.set_data_type(Proto::BOOL);
    break;
  default:
    fail("tensor '", name, "' has a type that is not written");
  }
  for (int64_t size : dense.sizes())
    proto.add_dims(size);
  proto.set_raw_data(dense.data_ptr(), dense.nbytes());
}

} // namespace pim::compress
