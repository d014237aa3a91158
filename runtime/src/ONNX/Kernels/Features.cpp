//===- Features.cpp - features of classical models ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that stand before a model proper: counts of n-grams, codes of labels, choices of
// features. Tested by runtime/tests/ONNX/FeaturesTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Classical.h"

#include <algorithm>
#include <map>

using namespace pim;
using namespace pim::onnx;

//===----------------------------------------------------------------------===//
// TfIdfVectorizer
//===----------------------------------------------------------------------===//

/// Where each n-gram counts: by its items, which are integers or texts.
template <typename Item> using Grams = std::map<std::vector<Item>, int64_t>;

/// The n-grams of attribute `pool`: those of one item first, from ngram_counts[n - 1] on those of
/// n.
template <typename Item>
static Grams<Item> gramsOf(const Call &call, const std::vector<Item> &pool) {
  const std::vector<int64_t> starts = call.intList("ngram_counts"),
                             columns = call.intList("ngram_indexes");
  Grams<Item> grams;
  size_t gram = 0;
  for (size_t n = 1; n <= starts.size(); ++n) {
    const int64_t begin = starts[n - 1], end = n < starts.size() ? starts[n] : int64_t(pool.size());
    call.require(begin >= 0 && begin <= end && end <= int64_t(pool.size()) &&
                     (end - begin) % int64_t(n) == 0,
                 "ngram_counts do not divide a pool of ", pool.size(), " items");
    for (int64_t at = begin; at < end; at += int64_t(n), ++gram) {
      call.require(gram < columns.size(), "has more n-grams than its ", columns.size(),
                   " ngram_indexes");
      grams[{pool.begin() + at, pool.begin() + at + int64_t(n)}] = columns[gram];
    }
  }
  return grams;
}

/// Adds to `counts` the n-grams of a row, their items up to `max_skip_count` apart.
template <typename Item>
static void countGrams(const Call &call, const Grams<Item> &grams, std::span<const Item> row,
                       double *counts) {
  const int64_t least = call.integer("min_gram_length", 1),
                most = call.integer("max_gram_length", 1),
                skips = call.integer("max_skip_count", 0), size = int64_t(row.size());
  call.require(least >= 1 && least <= most && skips >= 0, "n-grams of ", least, " to ", most,
               " items, ", skips, " skipped");
  for (int64_t n = least; n <= std::min(most, size); ++n)
    for (int64_t step = 1; step <= (n == 1 ? 1 : skips + 1) && (n - 1) * step < size; ++step)
      for (int64_t begin = 0; begin + (n - 1) * step < size; ++begin) {
        std::vector<Item> gram;
        for (int64_t i = 0; i < n; ++i)
          gram.push_back(row[size_t(begin + i * step)]);
        if (auto found = grams.find(gram); found != grams.end())
          ++counts[found->second];
      }
}

template <typename Item>
static void countRows(const Call &call, const std::vector<Item> &pool, std::span<const Item> items,
                      int64_t columns, std::vector<double> &counts) {
  const Grams<Item> grams = gramsOf(call, pool);
  const int64_t rows = int64_t(counts.size()) / columns, size = int64_t(items.size()) / rows;
  for (int64_t row = 0; row < rows; ++row)
    countGrams(call, grams, items.subspan(size_t(row * size), size_t(size)),
               counts.data() + row * columns);
}

static void tfIdfVectorizer(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() == 1 || in.rank() == 2, "operand 0 has shape ", shapeText(in.shape()),
               ", expected [C] or [N, C]");
  const std::vector<int64_t> indexes = call.intList("ngram_indexes");
  call.require(!indexes.empty() && *std::min_element(indexes.begin(), indexes.end()) >= 0,
               "ngram_indexes name no columns");
  Shape shape = in.shape();
  const int64_t columns = *std::max_element(indexes.begin(), indexes.end()) + 1;
  shape.back() = columns;
  Tensor &out = call.out(0, ElementType::F32, shape);
  std::vector<double> counts(size_t(out.count()), 0);
  if (in.count() > 0 && in.isText())
    countRows<std::string>(call, call.textList("pool_strings"), in.texts(), columns, counts);
  else if (in.count() > 0)
    countRows<int64_t>(call, call.intList("pool_int64s"), call.ints(0), columns, counts);
  const std::string mode = call.text("mode", "TF");
  call.require(mode == "TF" || mode == "IDF" || mode == "TFIDF", "mode is '", mode,
               "', expected TF, IDF or TFIDF");
  std::vector<double> weights(size_t(columns), 1);
  const std::vector<double> given = call.realList("weights");
  call.require(given.empty() || given.size() == indexes.size(), "has ", given.size(),
               " weights for ", indexes.size(), " n-grams");
  for (size_t gram = 0; gram < given.size(); ++gram)
    weights[size_t(indexes[gram])] = given[gram];
  for (size_t i = 0; i < counts.size() && mode != "TF"; ++i)
    counts[i] = (mode == "IDF" ? double(counts[i] > 0) : counts[i]) * weights[i % size_t(columns)];
  storeElements(counts.data(), out);
}

//===----------------------------------------------------------------------===//
// Domain ai.onnx.ml
//===----------------------------------------------------------------------===//

/// The columns of operand 0 that operand 1 names.
static void arrayFeatureExtractor(Call &call) {
  const Tensor &in = call.in(0);
  const std::vector<int64_t> columns = call.ints(1);
  call.require(in.rank() >= 1 && !in.isText() && !columns.empty(), "operand 0 has shape ",
               shapeText(in.shape()));
  Shape shape = in.rank() == 1 ? Shape{1, in.size(0)} : in.shape();
  const int64_t width = shape.back(), rows = width ? in.count() / width : 0;
  shape.back() = int64_t(columns.size());
  Tensor &out = call.out(0, in.element(), shape);
  visitWide(in.element(), [&]<typename W>(W) {
    Reader<W> from(in);
    Writer<W> to(out);
    for (int64_t row = 0; row < rows; ++row)
      for (size_t i = 0; i < columns.size(); ++i)
        to[row * shape.back() + int64_t(i)] = from[row * width + call.index(columns[i], width)];
  });
}

static void binarizer(Call &call) {
  const Tensor &in = call.in(0);
  call.require(!in.isText(), "has no meaning for texts");
  const double threshold = call.real("threshold", 0);
  Tensor &out = call.out(0, in.element(), in.shape());
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t i = 0; i < in.count(); ++i)
    to[i] = from[i] > threshold;
}

/// The attribute `stem` + _strings, _int64s or _floats, or the tensor `stem` + _tensor; nothing
/// without.
static Value listOf(const Call &call, const std::string &stem) {
  auto name = [&](const char *end) { return stem + end; };
  if (call.hasAttribute(name("_tensor").c_str()))
    return call.tensor(name("_tensor").c_str());
  if (call.hasAttribute(name("_strings").c_str())) {
    std::vector<std::string> texts = call.textList(name("_strings").c_str());
    Tensor list(ElementType::STRING, {int64_t(texts.size())});
    list.texts() = std::move(texts);
    return list;
  }
  if (call.hasAttribute(name("_int64s").c_str()))
    return Tensor::ofInts(call.intList(name("_int64s").c_str()));
  if (!call.hasAttribute(name("_floats").c_str()))
    return {};
  const std::vector<double> reals = call.realList(name("_floats").c_str());
  Tensor list(ElementType::F32, {int64_t(reals.size())});
  storeElements(reals.data(), list);
  return list;
}

/// What stands for labels without a key, of the type of the values.
static Tensor defaultLabel(const Call &call, ElementType element) {
  if (call.hasAttribute("default_tensor"))
    return call.tensor("default_tensor");
  Tensor label(element, {1});
  if (label.isText()) {
    label.texts()[0] = call.text("default_string", "_Unused");
    return label;
  }
  const double number = isFloat(element) ? call.real("default_float", -0.0)
                                         : double(call.integer("default_int64", -1));
  storeElements(&number, label);
  return label;
}

/// Calls function(position in `keys`, or -1) for each element of `in`, both read as `Item`s.
template <typename Item, typename Function>
static void lookUp(std::span<const Item> keys, std::span<const Item> in, Function &&function) {
  for (size_t i = 0; i < in.size(); ++i) {
    // NaN is a key like others.
    auto same = [&](const Item &key) { return key == in[i] || (key != key && in[i] != in[i]); };
    auto found = std::find_if(keys.begin(), keys.end(), same);
    function(i, found == keys.end() ? -1 : int64_t(found - keys.begin()));
  }
}

static void labelEncoder(Call &call) {
  const Tensor &in = call.in(0);
  Value keyList = listOf(call, "keys"), valueList = listOf(call, "values");
  if (call.hasAttribute("classes_strings")) { // version 1: texts and their places
    const Value texts = listOf(call, "classes");
    std::vector<int64_t> places(call.textList("classes_strings").size());
    for (size_t i = 0; i < places.size(); ++i)
      places[i] = int64_t(i);
    keyList = in.isText() ? texts : Value(Tensor::ofInts(places));
    valueList = in.isText() ? Value(Tensor::ofInts(places)) : texts;
  }
  const Tensor *keys = std::get_if<Tensor>(&keyList), *labels = std::get_if<Tensor>(&valueList);
  call.require(keys && labels && keys->count() == labels->count(),
               "has no keys and values, or not as many of both");
  call.require(keys->isText() == in.isText(), "operand 0 has elements of type ",
               elementName(in.element()), ", its keys of ", elementName(keys->element()));
  const Tensor otherwise = defaultLabel(call, labels->element());
  call.require(otherwise.count() == 1 && otherwise.isText() == labels->isText(),
               "has a default of another type than its values");
  Tensor &out = call.out(0, labels->element(), in.shape());
  std::vector<int64_t> places(size_t(in.count()));
  auto keep = [&](size_t i, int64_t place) { places[i] = place; };
  if (in.isText()) {
    lookUp<std::string>(keys->texts(), in.texts(), keep);
  } else {
    Reader<double> keyNumbers(*keys), numbers(in);
    lookUp<double>({keyNumbers.begin(), keyNumbers.end()}, {numbers.begin(), numbers.end()}, keep);
  }
  if (out.isText()) {
    for (size_t i = 0; i < places.size(); ++i)
      out.texts()[i] = places[i] < 0 ? otherwise.texts()[0] : labels->texts()[size_t(places[i])];
    return;
  }
  Reader<double> from(*labels), missing(otherwise);
  Writer<double> to(out);
  for (size_t i = 0; i < places.size(); ++i)
    to[int64_t(i)] = places[i] < 0 ? missing[0] : from[places[i]];
}

/// Texts and their numbers, which way is decided by the operand.
static void categoryMapper(Call &call) {
  const Tensor &in = call.in(0);
  const std::vector<std::string> texts = call.textList("cats_strings");
  const std::vector<int64_t> numbers = call.intList("cats_int64s");
  call.require(texts.size() == numbers.size(), "has ", texts.size(), " texts and ", numbers.size(),
               " numbers, expected as many of both");
  Tensor &out = call.out(0, in.isText() ? ElementType::I64 : ElementType::STRING, in.shape());
  if (in.isText()) {
    const int64_t otherwise = call.integer("default_int64", -1);
    lookUp<std::string>(texts, in.texts(), [&](size_t i, int64_t place) {
      out.data<int64_t>()[i] = place < 0 ? otherwise : numbers[size_t(place)];
    });
    return;
  }
  const std::string otherwise = call.text("default_string", "_Unused");
  lookUp<int64_t>(numbers, call.ints(0), [&](size_t i, int64_t place) {
    out.texts()[i] = place < 0 ? otherwise : texts[size_t(place)];
  });
}

/// A one at the place of each category, along a new last dimension. Reals are cut to integers.
static void oneHotEncoder(Call &call) {
  const Tensor &in = call.in(0);
  const std::vector<std::string> texts = call.textList("cats_strings");
  const std::vector<int64_t> numbers = call.intList("cats_int64s");
  const size_t categories = in.isText() ? texts.size() : numbers.size();
  call.require(categories > 0, "has no categories for elements of type ",
               elementName(in.element()));
  Shape shape = in.shape();
  shape.push_back(int64_t(categories));
  Tensor &out = call.out(0, ElementType::F32, shape);
  std::fill_n(out.data<float>(), out.count(), 0.0f);
  const bool mayBeUnknown = call.integer("zeros", 1);
  auto set = [&](size_t i, int64_t place) {
    call.require(place >= 0 || mayBeUnknown, "element ", i, " is of no category");
    if (place >= 0)
      out.data<float>()[i * categories + size_t(place)] = 1;
  };
  if (in.isText())
    return lookUp<std::string>(texts, in.texts(), set);
  std::vector<int64_t> given(size_t(in.count()));
  loadElements(in, given.data());
  lookUp<int64_t>(numbers, given, set);
}

/// The columns of all operands side by side, of each as many as `inputdimensions` says: what it
/// lacks is zero.
static void featureVectorizer(Call &call) {
  const std::vector<int64_t> widths = call.intList("inputdimensions");
  call.require(!widths.empty() && widths.size() == call.inputCount(), "has ", widths.size(),
               " inputdimensions for ", call.inputCount(), " operands");
  auto rowsOf = [&](size_t operand) {
    const Tensor &in = call.in(operand);
    call.require(!in.isText() && (in.rank() == 1 || in.rank() == 2), "operand ", operand,
                 " has shape ", shapeText(in.shape()), ", expected numbers of shape [N, C] or [C]");
    return in.rank() == 1 ? 1 : in.size(0);
  };
  const int64_t rows = rowsOf(0);
  int64_t columns = 0, begin = 0;
  constexpr int64_t mostColumns = int64_t(1) << 30;
  for (int64_t width : widths) {
    call.require(width >= 0 && width <= mostColumns - columns, "attribute 'inputdimensions' has ",
                 width);
    columns += width;
  }
  Tensor &out = call.out(0, ElementType::F32, {rows, columns});
  std::fill_n(out.data<float>(), out.count(), 0.0f);
  for (size_t operand = 0; operand < widths.size(); ++operand) {
    call.require(rowsOf(operand) == rows, "operand ", operand, " has ", rowsOf(operand),
                 " rows, the first has ", rows);
    const int64_t given = call.in(operand).shape().back();
    Reader<double> from(call.in(operand));
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t i = 0; i < std::min(given, widths[operand]); ++i)
        out.data<float>()[row * columns + begin + i] = float(from[row * given + i]);
    begin += widths[operand];
  }
}

/// ONNX makes a map from labels to scores of each row. There are no maps here: they stay a tensor
/// with a column for each label, in the order of the labels.
static void zipMap(Call &call) {
  const Tensor &in = call.in(0);
  const size_t labels = std::max(call.intList("classlabels_int64s").size(),
                                 call.textList("classlabels_strings").size());
  call.require(in.rank() >= 1 && in.shape().back() == int64_t(labels), "operand 0 has shape ",
               shapeText(in.shape()), ", expected scores of ", labels, " labels");
  call.set(0, in);
}

void pim::onnx::addFeatures(Registry &registry) {
  registry.add("TfIdfVectorizer", tfIdfVectorizer, 9);
  registry.add(learningDomain, "ArrayFeatureExtractor", arrayFeatureExtractor);
  registry.add(learningDomain, "Binarizer", binarizer);
  registry.add(learningDomain, "LabelEncoder", labelEncoder);
  registry.add(learningDomain, "CategoryMapper", categoryMapper);
  registry.add(learningDomain, "FeatureVectorizer", featureVectorizer);
  registry.add(learningDomain, "OneHotEncoder", oneHotEncoder);
  registry.add(learningDomain, "ZipMap", zipMap);
  addLinearModels(registry);
  addSupportVectors(registry);
  addTrees(registry);
}
