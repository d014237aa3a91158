//===- DatasetTest.cpp - each format, good and bad ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../src/Data/Formats.h"
#include "Files.h"
#include "pim/Support/File.h"

#include <onnx/onnx_pb.h>

#include <cmath>
#include <cstdio>
#include <random>

using namespace pim;
using namespace pim::data;
using testing::ElementsAre;

namespace {

Dataset read(const std::string &content) { return parse(bytesOf(content), "file"); }

const std::string f32Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
const std::string fourFloats = little(1.0f) + little(2.0f) + little(3.0f) + little(-4.5f);

std::string tensorProto(const std::vector<int64_t> &dims, const std::vector<float> &values) {
  onnx::TensorProto tensor;
  tensor.set_name("x");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (int64_t size : dims)
    tensor.add_dims(size);
  for (float value : values)
    tensor.add_float_data(value);
  return tensor.SerializeAsString();
}

std::string npzContent(std::span<const NamedArray> arrays) {
  std::string path = testing::TempDir() + "dataset-test.npz";
  writeNpz(path, arrays);
  std::vector<std::byte> content = readBytes(path);
  std::remove(path.c_str());
  return {reinterpret_cast<const char *>(content.data()), content.size()};
}

TEST(Npy, ReadsNumbers) {
  Dataset data = read(npy(f32Header, fourFloats));
  EXPECT_EQ(data.format, Format::Npy);
  EXPECT_THAT(data.arrays[0].array.shape, ElementsAre(2, 2));
  EXPECT_THAT(numbers<float>(data.arrays[0].array), ElementsAre(1, 2, 3, -4.5));
}

TEST(Npy, ReadsScalarsAndOtherSpellings) {
  Dataset data = read(npy("{\"shape\":(),'fortran_order':False,\"descr\":'|i1'}", "\xff"));
  EXPECT_TRUE(data.arrays[0].array.shape.empty());
  EXPECT_EQ(data.arrays[0].array.integerAt(0), -1);
}

TEST(Npy, TurnsBigEndianAndFortranOrder) {
  std::string big = npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }",
                        std::string("\1\2\xff\xfe", 4));
  EXPECT_THAT(numbers<int16_t>(read(big).arrays[0].array), ElementsAre(0x102, -2));
  std::string fortran = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
                            std::string("\1\4\2\5\3\6", 6));
  EXPECT_THAT(numbers<uint8_t>(read(fortran).arrays[0].array), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Npy, ReadsHalves) {
  std::string data = std::string("\0\x3c\0\xc0\1\0\0\x7c", 8);
  Dataset halves = read(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", data));
  const Array &array = halves.arrays[0].array;
  EXPECT_EQ(array.at(0), 1);
  EXPECT_EQ(array.at(1), -2);
  EXPECT_EQ(array.at(2), std::ldexp(1, -24));
  EXPECT_EQ(array.at(3), INFINITY);
}

TEST(Npy, RefusesWhatDoesNotFit) {
  std::string sound = npy(f32Header, fourFloats);
  expectRefused(sound.substr(0, 8), "header is truncated");
  expectRefused(sound.substr(0, 40), "header is truncated");
  expectRefused(sound.substr(0, sound.size() - 1), "has 15 bytes of data, expected 16");
  expectRefused(sound + "x", "has 17 bytes of data, expected 16");
  auto header = [](const std::string &type, const std::string &order, const std::string &shape) {
    return npy("{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + "}",
               "");
  };
  expectRefused(header("'<c8'", "False", "(1,)"), "elements of type '<c8'");
  expectRefused(header("[('a', '<f4')]", "False", "(1,)"), "structured");
  expectRefused(header("'<f4'", "Maybe", "(1,)"), "malformed");
  expectRefused(header("'<f4'", "False", "(-1,)"), "negative dimension");
  expectRefused(header("'<f4'", "False", "(9223372036854775807,9)"), "is too large");
  expectRefused(header("'<f4'", "False", "(99999999999999999999,)"), "malformed");
  expectRefused(header("'<f4'", "False", "(1000000000000,)"), "more than");
  expectRefused(header("'<f4'", "False", "(1"), "malformed");
  std::string dimensions;
  for (int i = 0; i < 33; ++i)
    dimensions += "1,";
  expectRefused(header("'<f4'", "False", "(" + dimensions + ")"), "more than 32 dimensions");
  expectRefused(npy("{'descr': '<f4'}", ""), "lacks");
  expectRefused(npy("{'descr': '<f4', 'color': 'red'}", ""), "unexpected key 'color'");
  std::string version = sound;
  version[6] = 9;
  expectRefused(version, "version 9");
}

TEST(Npz, RoundTripsAndIsReproducible) {
  NamedArray a{"logits", {Type::F32, {2, 1}, std::vector<std::byte>(8, std::byte(0x41))}};
  NamedArray b{"path/name:0", {Type::U8, {3}, {std::byte(1), std::byte(2), std::byte(3)}}};
  std::vector<NamedArray> arrays = {a, b};
  std::string content = npzContent(arrays);
  EXPECT_EQ(content, npzContent(arrays));
  Dataset data = read(content);
  EXPECT_EQ(data.format, Format::Npz);
  ASSERT_EQ(data.arrays.size(), 2u);
  EXPECT_EQ(data.arrays[0].name, "logits");
  EXPECT_EQ(data.arrays[0].array.bytes, a.array.bytes);
  EXPECT_EQ(data.arrays[1].name, "path/name:0");
  EXPECT_EQ(data.arrays[1].array.shape, b.array.shape);
}

TEST(Npz, RefusesDamage) {
  NamedArray a{"x", {Type::U8, {4}, std::vector<std::byte>(4)}};
  std::string content = npzContent({&a, 1});
  expectRefused(content.substr(0, content.size() - 5), "no central directory");
  std::string flipped = content;
  flipped[content.find("x.npy") + 5 + 128] ^= 1; // the first element
  expectRefused(flipped, "checksum does not match");
  std::string twice = npzContent(std::vector<NamedArray>{a, a});
  expectRefused(twice, "occurs twice");
  expectRefused(std::string("PK\5\6", 4) + std::string(18, '\0'), "holds no array");
}

/// What the directory and the entry of an archive say, one field at a time.
TEST(Npz, RefusesDirectoriesThatDoNotFit) {
  NamedArray a{"x", {Type::U8, {4}, std::vector<std::byte>(4)}};
  const std::string sound = npzContent({&a, 1});
  const size_t directory = sound.find("PK\1\2"), data = 30 + 5; // behind the local header
  auto put = [](std::string &content, size_t at, const std::string &bytes) {
    content.replace(at, bytes.size(), bytes);
  };
  auto refuse = [&](size_t at, const std::string &bytes, const std::string &words) {
    std::string content = sound;
    put(content, at, bytes);
    expectRefused(content, words);
  };
  const std::string most(4, '\xff');
  refuse(directory, "QK", "zip directory is damaged at entry 0");
  refuse(directory + 28, "\xff\xff", "zip directory is damaged at entry 0");
  refuse(directory + 8, "\1", "array 'x': is encrypted");
  refuse(directory + 20, most, "is larger than 4 GiB");
  refuse(directory + 42, "\1", "zip entry is damaged");
  refuse(26, "\xff\xff", "zip entry reaches beyond the end of the file");
  refuse(directory + 10, "\x0c", "is compressed by method 12, expected 0 (stored) or 8 (deflate)");
  refuse(directory + 10, "\x08", "compressed data are damaged");
  std::string bomb = sound;
  put(bomb, directory + 10, "\x08");
  put(bomb, directory + 24, std::string("\0\0\0\x7f", 4));
  expectRefused(bomb, "claims to expand to 2130706432 bytes, which 132 compressed bytes cannot");
  std::string text = sound;
  put(text, data, "TEXT");
  put(text, directory + 16,
      little(uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(&text[data]), directory - data))));
  expectRefused(text, "is no .npy file");
}

TEST(Npz, CannotBeWrittenEverywhere) {
  expectError([] { writeNpz("/no/such/folder/out.npz", {}); },
              "/no/such/folder/out.npz: cannot be written");
}

TEST(TensorProto, ReadsFieldsAndRawData) {
  Dataset data = read(tensorProto({1, 2}, {1.5, -2}));
  EXPECT_EQ(data.format, Format::TensorProto);
  EXPECT_EQ(data.arrays[0].name, "x");
  EXPECT_THAT(numbers<float>(data.arrays[0].array), ElementsAre(1.5, -2));

  onnx::TensorProto raw;
  raw.set_data_type(onnx::TensorProto::INT64);
  raw.add_dims(1);
  raw.set_raw_data(little(int64_t(-7)));
  EXPECT_EQ(read(raw.SerializeAsString()).arrays[0].array.integerAt(0), -7);
}

TEST(TensorProto, RefusesWhatDoesNotFit) {
  expectRefused(tensorProto({3}, {1, 2}), "has 8 bytes of data, expected 12");
  expectRefused(tensorProto({-3}, {1, 2}), "negative dimension");
  expectRefused(tensorProto({1ll << 40, 1ll << 40}, {1}), "is too large");
  onnx::TensorProto text;
  text.set_data_type(onnx::TensorProto::STRING);
  text.add_dims(2);
  text.add_string_data("words");
  expectRefused(text.SerializeAsString(), "has 1 texts, expected 2");
  onnx::TensorProto complex;
  complex.set_data_type(onnx::TensorProto::COMPLEX64);
  expectRefused(complex.SerializeAsString(), "ONNX type 14, expected");
  onnx::TensorProto external;
  external.set_data_type(onnx::TensorProto::FLOAT);
  external.set_data_location(onnx::TensorProto::EXTERNAL);
  expectRefused(external.SerializeAsString(), "elsewhere");
}

TEST(Idx, ReadsImagesAlsoCompressed) {
  std::string content = idx({2, 1, 3}, "\1\2\3\4\5\6");
  for (const std::string &file : {content, gzip(content)}) {
    Dataset data = read(file);
    EXPECT_EQ(data.format, Format::Idx);
    EXPECT_TRUE(data.batched);
    EXPECT_THAT(data.arrays[0].array.shape, ElementsAre(2, 1, 3));
    EXPECT_THAT(numbers<uint8_t>(data.arrays[0].array), ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

TEST(Idx, RefusesWhatDoesNotFit) {
  expectRefused(idx({2, 1, 3}, "\1\2\3"), "has 3 bytes of data, expected 6");
  expectRefused(idx({2, 1, 3}, "").substr(0, 9), "header is truncated");
  expectRefused(idx({0xffffffff, 0xffffffff, 0xffffffff}, ""), "is too large");
  expectRefused(gzip(idx({1}, "\1")).substr(0, 20), "truncated");
  std::string damaged = gzip(idx({1}, "\1"));
  damaged[damaged.size() - 6] ^= 1;
  expectRefused(damaged, "gzip data are");
}

TEST(Gzip, BombsAreRefused) {
  std::string bomb = gzip(std::string(size_t(1) << 20, '\0'));
  EXPECT_LT(bomb.size(), 2000u);
  EXPECT_EQ(gunzip(bytesOf(bomb), "file", 1 << 20).size(), size_t(1) << 20);
  expectError([&] { gunzip(bytesOf(bomb), "file", (1 << 20) - 1); }, "expands to more than");
}

TEST(Cifar10, ReadsRecordsWithLabels) {
  Dataset data = read(cifarRecord(3, 1) + cifarRecord(9, 2));
  EXPECT_EQ(data.format, Format::Cifar10);
  EXPECT_THAT(data.arrays[0].array.shape, ElementsAre(2, 3, 32, 32));
  EXPECT_THAT(data.labels, ElementsAre(3, 9));
  EXPECT_EQ(data.arrays[0].array.integerAt(3072), 2);
}

TEST(Cifar10, IsNotTakenForIdx) {
  // An airplane (0) that starts with the pixels 0, 8, 3: an idx header but for the size.
  std::string record = cifarRecord(0, 0);
  record.replace(1, 3, std::string("\0\x08\x03", 3));
  EXPECT_EQ(read(record).format, Format::Cifar10);
}

TEST(Dataset, RefusesOtherContent) {
  expectRefused("", "is empty");
  expectRefused("hello, world\n", "format is not recognised");
  expectRefused(std::string(3072, '\xff'), "format is not recognised");
  expectError([] { load("/no/such/file"); }, "/no/such/file: cannot be read: No such file");
  expectError([] { load("/tmp"); }, "is no regular file");
}

/// Whatever bytes are changed, cut or repeated: an array whose size fits its shape, or pim::Error.
TEST(Dataset, SurvivesMutations) {
  NamedArray a{"x", {Type::U8, {4}, std::vector<std::byte>(4)}};
  const std::string seeds[] = {npy(f32Header, fourFloats),           npzContent({&a, 1}),
                               tensorProto({1, 2}, {1, 2}),          idx({2, 1, 3}, "\1\2\3\4\5\6"),
                               gzip(idx({2, 1, 3}, "\1\2\3\4\5\6")), cifarRecord(1, 7)};
  std::mt19937 random(1);
  for (const std::string &seed : seeds)
    for (int i = 0; i < 500; ++i) {
      std::string content = seed;
      for (int change = random() % 3; change >= 0; --change)
        content[random() % content.size()] = static_cast<char>(random());
      if (random() % 4 == 0)
        content.resize(random() % content.size());
      try {
        for (const NamedArray &array : read(content).arrays)
          ASSERT_EQ(array.array.bytes.size(),
                    static_cast<size_t>(checkedElementCount(
                        array.array.shape, typeBytes(array.array.type), 1 << 20, "array")) *
                        typeBytes(array.array.type));
      } catch (const Error &) {
      }
    }
}

TEST(Labels, ReadsEveryForm) {
  auto labels = [](const std::string &content) { return parseLabels(bytesOf(content), "file"); };
  EXPECT_THAT(labels(idx({3}, "\1\2\3")), ElementsAre(1, 2, 3));
  EXPECT_THAT(labels(gzip(idx({2}, "\7\6"))), ElementsAre(7, 6));
  EXPECT_THAT(labels(npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1), }",
                         little(int64_t(5)))),
              ElementsAre(5));
  EXPECT_THAT(labels("3\n1\r\n\n4\n"), ElementsAre(3, 1, 4));
  EXPECT_THAT(labels("row\tclass\tname\n0\t17\ttench\n1\t-1\tnone\n"), ElementsAre(17, -1));
  EXPECT_THAT(labels(cifarRecord(4, 0)), ElementsAre(4));
}

TEST(Labels, RefusesOtherContent) {
  auto refused = [](const std::string &content, const std::string &words) {
    expectError([&] { parseLabels(bytesOf(content), "file"); }, words);
  };
  refused("", "is empty");
  refused("labels\n", "holds no labels");
  refused("1\ntwo\n", "file:2: 'two' is no class number");
  refused(idx({2, 1, 2}, "\1\2\3\4"), "expected one number a sample");
  refused(npy(f32Header, fourFloats), "of type f32, expected integers");
  NamedArray a{"x", {Type::U8, {1}, std::vector<std::byte>(1)}}, b = a;
  b.name = "y";
  refused(npzContent(std::vector<NamedArray>{a, b}), "holds 2 arrays, expected the labels alone");
}

} // namespace
