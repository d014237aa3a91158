//===- VerifierTest.cpp - tests of what a program must hold to ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

using namespace pim;
using namespace pim::program;
using ::testing::HasSubstr;

namespace {

std::string problemOf(const Program &program) {
  try {
    verify(program);
  } catch (const Error &error) {
    return error.what();
  }
  return "none";
}

TEST(VerifierTest, SmallProgramHolds) { EXPECT_EQ(problemOf(smallProgram()), "none"); }

struct Case {
  const char *message;
  std::function<void(Program &)> damage;
};

class VerifierCase : public ::testing::TestWithParam<Case> {};

TEST_P(VerifierCase, IsRefused) {
  Program program = smallProgram();
  GetParam().damage(program);
  EXPECT_THAT(problemOf(program), HasSubstr(GetParam().message));
  EXPECT_THROW(write(program), Error);
}

fb::CoreT &core(Program &program) { return *program.header.cores[0]; }

fb::TileT &tile(Program &program) { return *core(program).groups[0]->tiles[0]; }

#define DAMAGE(...) [](Program &p) { __VA_ARGS__; }

const Case headerCases[] = {
    {"another version of the instruction set", DAMAGE(p.header.isa_fingerprint ^= 1)},
    {"which model", DAMAGE(p.header.model.reset())},
    {"0 inputs and 1 outputs", DAMAGE(p.header.inputs.clear())},
    {"target key 'adc.bits' is missing",
     DAMAGE(std::erase_if(p.header.target, [](auto &t) { return t->key == "adc.bits"; }))},
    {"unknown key 'adc.bats'", DAMAGE(p.header.target[20]->key = "adc.bats")},
    {"has no images in flight", DAMAGE(p.header.images_in_flight = 0)},
    {"uses 20000 x 64 bytes of global memory, the target has 1048576",
     DAMAGE(p.header.images_in_flight = 20000)},
    {"65537 semaphores", DAMAGE(p.header.semaphores = 65537)},
    {"bytes of global memory, the target has 1048576",
     DAMAGE(p.header.global_memory_bytes = 1 << 21)},
    {"does not say how many arrays it uses", DAMAGE(p.header.array_counts.reset())},
    {"unknown layout 'hwc'", DAMAGE(p.header.preprocess->layout = "hwc")},
    {"0 is no usable number", DAMAGE(p.header.preprocess->std = {0})},
    {"nan is no usable number", DAMAGE(p.header.preprocess->mean = {NAN})},
    {"reference graph: is no valid FlatBuffer", DAMAGE(p.reference.resize(20))},
};
INSTANTIATE_TEST_SUITE_P(Header, VerifierCase, ::testing::ValuesIn(headerCases));

const Case coreCases[] = {
    {"core 0: lies at column 2, row 0, outside the mesh of 2 x 2", DAMAGE(core(p).x = 2)},
    {"core 1: lies where another core does",
     DAMAGE(p.header.cores[1]->x = 1; p.header.cores[1]->y = 0)},
    {"core 0: uses 5 arrays, the target has 4", DAMAGE(core(p).arrays = 5)},
    {"core 0: has round 0 begin at image 1, expected 0", DAMAGE(core(p).rounds = {1})},
    {"core 0: has round 2 begin at image 1, where", DAMAGE(core(p).rounds = {0, 1, 1})},
    {"core 0: has a round begin at image 2 of 2", DAMAGE(core(p).rounds = {0, 2})},
    {"core 0: uses 5 arrays, the target has 4",
     DAMAGE(core(p).arrays = 6; core(p).rounds = {0, 1})},
    {"core 0: uses 1025 bytes of scratchpad", DAMAGE(core(p).scratchpad_bytes = 1025)},
    {"core 1: has its code outside", DAMAGE(p.header.cores[1]->code_offset = 3)},
    {"core 1: has its code outside", DAMAGE(p.header.cores[1]->code_words = ~uint64_t(0))},
    {"words of code, its cores have 13", DAMAGE(p.code.push_back(0))},
    {"core 1: has its cells at byte", DAMAGE(p.header.cores[1]->cell_offset = 8)},
    {"do not fit the arrays", DAMAGE(p.cells.pop_back())},
    {"beyond the last row", DAMAGE(p.cells[3] = 0x100)},
    {"memory image 0: starts at byte 1", DAMAGE(p.header.memory_images[0]->offset = 1)},
    {"memory image 0: ends outside global memory", DAMAGE(p.header.memory_images[0]->address = 62)},
    {"memory image 0: ends outside global memory",
     DAMAGE(p.header.memory_images[0]->address = ~uint64_t(0))},
    {"bytes of constants", DAMAGE(p.constants.emplace_back())},
    {"has 5 cores, target 'small' has 4", DAMAGE(p.header.cores.resize(5))},
};
INSTANTIATE_TEST_SUITE_P(Cores, VerifierCase, ::testing::ValuesIn(coreCases));

const Case tableCases[] = {
    {"tensor 0: has 3 sizes and 4 strides", DAMAGE(p.header.tensors[0]->sizes.pop_back())},
    {"tensor 0: has size 0 in dimension 2", DAMAGE(p.header.tensors[0]->sizes[2] = 0)},
    {"tensor 0: reaches outside its memory of 64 bytes", DAMAGE(p.header.tensors[0]->base = 61)},
    {"tensor 0: reaches outside", DAMAGE(p.header.tensors[0]->base = ~uint64_t(0))},
    {"tensor 0: reaches outside", DAMAGE(p.header.tensors[0]->strides[3] = -1)},
    {"tensor 0: reaches outside", DAMAGE(p.header.tensors[0]->strides[3] = INT64_MAX)},
    {"tensor 0: has more than 2^31-1",
     DAMAGE(p.header.tensors[0]->sizes = std::vector<uint32_t>(4, ~0u))},
    {"tensor 0: has unknown element type 9",
     DAMAGE(p.header.tensors[0]->element = fb::ElementType(9))},
    {"tensor 0: lies in a scratchpad", DAMAGE(p.header.tensors[0]->space = fb::Space::Scratchpad)},
    {"core 0: tensor 1: lies in unknown memory 7",
     DAMAGE(core(p).tensors[1]->space = fb::Space(7))},
    {"core 0: tensor 1: lies in the scratchpad of core 2 of 2",
     DAMAGE(core(p).tensors[1]->core = 2)},
    {"core 0: window 0: has ring_rows 0", DAMAGE(core(p).windows[0]->ring_rows = 0)},
    {"core 0: window 0: reaches outside the scratchpad of 64 bytes",
     DAMAGE(core(p).windows[0]->base = 61)},
    {"core 0: window 0: reads rows beyond",
     DAMAGE(core(p).windows[0]->out_rows = ~0u; core(p).windows[0]->row_step = ~0u)},
    {"core 0: window 0: has element type 5",
     DAMAGE(core(p).windows[0]->element = fb::ElementType::F32)},
    {"core 0: group 0: has inputs of 17 bits", DAMAGE(core(p).groups[0]->input_bits = 17)},
    {"core 0: group 0: has 2 bits in a cell", DAMAGE(core(p).groups[0]->cell_bits = 2)},
    {"core 0: group 0: has 0 slices", DAMAGE(core(p).groups[0]->slices.clear())},
    {"core 0: group 0: has a slice worth 2^99",
     DAMAGE(core(p).groups[0]->slices[0] = fb::Slice(99, false))},
    {"core 0: group 0: tile 0: lies in array 2 of 2",
     DAMAGE(core(p).groups[0]->tiles[0]->array = 2)},
    {"tile 0: ends at row 9 of an array with 8",
     DAMAGE(core(p).groups[0]->tiles[0]->row_offset = 5)},
    {"tile 0: ends at column 9 of an array with 8",
     DAMAGE(core(p).groups[0]->tiles[0]->col_offset = 5)},
    {"tile 0: holds slices 1 to 3 of 2", DAMAGE(core(p).groups[0]->tiles[0]->slice_begin = 1)},
    {"tile 0: lists 5 rows, expected 4", DAMAGE(core(p).groups[0]->tiles[0]->rows.push_back(0))},
    {"tile 0: holds rows 4 of 4", DAMAGE(core(p).groups[0]->tiles[0]->rows[0] = 4)},
    {"tile 0: holds outputs 1 to 3 of 2", DAMAGE(core(p).groups[0]->tiles[0]->output_begin = 1)},
    {"tile 0: holds outputs 4294967295 to",
     DAMAGE(core(p).groups[0]->tiles[0]->output_begin = ~0u)},
    {"tile 0: lists 1 delays, expected 4", DAMAGE(tile(p).delays = {1})},
    {"tile 0: delays a row by 9 steps, expected at most 8", DAMAGE(tile(p).delays = {0, 0, 0, 9})},
    {"tile 0: is shifted by 9, expected at most 8", DAMAGE(tile(p).shift = 9)},
    {"tile 0: lists 1 signs, expected 0", DAMAGE(tile(p).signs = {0})},
    {"tile 0: has the sign 2, expected 0 or 1",
     DAMAGE(tile(p).fragment_rows = 4; tile(p).signs = {0, 2})},
    {"core 0: group 0: has a matrix of 0 x 2", DAMAGE(core(p).groups[0]->matrix_rows = 0)},
    {"core 0: group 0: has neurons, which only arrays of kind 'imac' have",
     DAMAGE(core(p).groups[0]->neurons = {2})},
    {"requantize table 0: has 2 multipliers and 1 shifts",
     DAMAGE(core(p).requantize[0]->shift.pop_back())},
    {"requantize table 0: has a shift of 1", DAMAGE(core(p).requantize[0]->shift[0] = 1)},
    {"requantize table 0: has a negative multiplier",
     DAMAGE(core(p).requantize[0]->multiplier[0] = -1)},
    {"requantize table 0: clamps to 128 .. 127", DAMAGE(core(p).requantize[0]->min = 128)},
    {"requantize table 0: rounds both twice and in floats",
     DAMAGE(core(p).requantize[0]->double_round = core(p).requantize[0]->float_round = true)},
    {"lookup table 0: has 255 entries", DAMAGE(core(p).lookups[0]->entries.pop_back())},
    {"input 'image': lies in tensor 3 of 3", DAMAGE(p.header.inputs[0]->tensor = 3)},
    {"input 'image': has element type i32, its tensor i8",
     DAMAGE(p.header.inputs[0]->element = fb::ElementType::I32)},
    {"input 'image': has a shape whose number", DAMAGE(p.header.inputs[0]->shape[1] = 5)},
    {"input 'image': has a dimension of -4", DAMAGE(p.header.inputs[0]->shape[1] = -4)},
    {"input 'image': has a permutation that is none",
     DAMAGE(p.header.inputs[0]->permutation = {0, 0})},
    {"input 'image': has a scale of 0", DAMAGE(p.header.inputs[0]->scale = 0)},
    {"output 'scores': has values from 5 to -5",
     DAMAGE(p.header.outputs[0]->min = 5; p.header.outputs[0]->max = -5)},
    {"host call 0: has 2 inputs, its graph 1", DAMAGE(p.header.host_calls[0]->inputs.push_back(0))},
    {"host call 0: hands over tensor 0 as 'in'", DAMAGE(p.header.host_calls[0]->inputs[0] = 0)},
    {"host call 0: is no valid FlatBuffer", DAMAGE(p.header.host_calls[0]->graph.resize(30))},
    {"layer 0 'fc': has instructions on core 2 of 2",
     DAMAGE(p.header.layers[0]->spans[0] = fb::Span(2, 0, 1))},
    {"layer 0 'fc': has instructions 3 to 12",
     DAMAGE(p.header.layers[0]->spans[0] = fb::Span(0, 3, 12))},
    {"layer 0 'fc': leaves its result in tensor 3 of 3", DAMAGE(p.header.layers[0]->output = 3)},
    {"layer 0 'fc': is compared with 'total'", DAMAGE(p.header.layers[0]->reference = "total")},
};
INSTANTIATE_TEST_SUITE_P(Tables, VerifierCase, ::testing::ValuesIn(tableCases));

/// Replaces instruction `index` of core 0.
#define CODE(index, ...)                                                                           \
  [](Program &p) {                                                                                 \
    using namespace pim::isa;                                                                      \
    p.code[index] = encode(__VA_ARGS__);                                                           \
  }

const Case codeCases[] = {
    {"core 0: instruction 0: ", DAMAGE(p.code[0] = ~uint64_t(0))},
    {"core 0: has code that does not end with 'halt'", CODE(10, Nop{})},
    {"core 0: instruction 3 'mvm", CODE(3, (Mvm{1, 2, 0, 0, 0, false}))},
    {"'dst' is entry 5 of a table with 5", CODE(2, (DmaCopy{5, 0, 0, 0}))},
    {"'window' is entry 1 of a table with 1", CODE(3, (Mvm{0, 2, 0, 1, 0, false}))},
    {"'params' is entry 9 of a table with 1", CODE(4, (Vrequant{3, 0, 2, 0, 9}))},
    {"'lookup' is entry 4 of a table with 1", CODE(5, (Vlookup{3, 0, 3, 0, 4}))},
    {"'semaphore' is entry 1 of a table with 1", CODE(8, (Signal{1, 1}))},
    {"'call' is entry 1 of a table with 1", CODE(9, Host{1})},
    {"'halt': is inside a loop", CODE(4, Halt{})},
    {"'restore': is not the first instruction", CODE(4, Restore{})},
    {"has a body that ends outside the code", CODE(1, (Loop{2, 10}))},
    {"ends outside the loop around it", CODE(2, (Loop{2, 6}))},
    {"has operands of different sizes", CODE(2, (DmaCopy{2, 0, 0, 0}))},
    {"copies i8 to i32", CODE(6, (DmaCopy{2, 0, 3, 0}))},
    {"writes values from 128 to 128, which i8 cannot hold", CODE(6, (DmaFill{3, 0, 128}))},
    {"writes i8, expected i32", CODE(3, (Mvm{0, 3, 0, 0, 0, false}))},
    {"gathers vectors of 5 elements for a matrix of 4 rows",
     DAMAGE(core(p).windows[0]->channels = 5)},
    {"programs a round of a core with 0", CODE(0, Reprogram{0})},
    {"drives arrays before any 'reprogram'", DAMAGE(core(p).rounds = {0})},
    {"'reprogram 0': stands inside a loop",
     [](Program &p) {
       core(p).rounds = {0};
       p.code[2] = pim::isa::encode(pim::isa::Reprogram{0});
     }},
    {"drives image 1, round 0 holds 0 to 0",
     [](Program &p) {
       core(p).rounds = {0, 1};
       p.code[0] = pim::isa::encode(pim::isa::Reprogram{0});
     }},
    {"works on a tensor outside this core's scratchpad", CODE(4, (Vrequant{4, 0, 2, 0, 0}))},
    {"uses a table with 3 entries of 'bias'", DAMAGE(core(p).requantize[0]->bias.push_back(0))},
    {"looks up i32, expected i8", CODE(5, (Vlookup{3, 0, 2, 0, 0}))},
    {"cannot hold", DAMAGE(core(p).lookups[0]->entries[0] = 200)},
    {"expected i32", CODE(5, (Vadd{3, 0, 3, 0, 3, 0}))},
    {"whose sizes are not [1, 1, 1, 4]", CODE(5, (Vmaxpool{3, 0, 0, 0}))},
    {"fills a tensor of f32, expected an integer of at most 32 bits",
     [](Program &p) {
       core(p).tensors[0]->element = fb::ElementType::F32;
       core(p).tensors[0]->strides = {16, 16, 16, 4};
       p.code[2] = isa::encode(isa::DmaFill{0, 0, 1});
     }},
    {"writes i8 from a window of i16",
     [](Program &p) {
       core(p).windows[0]->element = fb::ElementType::I16;
       p.code[2] = isa::encode(isa::Vmaxpool{1, 0, 0, 0});
     }},
    {"averages i16 to i8, expected i8 or i16, the same for both",
     [](Program &p) {
       core(p).windows[0]->element = fb::ElementType::I16;
       p.code[2] = isa::encode(isa::Vavgpool{1, 0, 0, 0, 0});
     }},
    {"has operands of different types", CODE(5, (Vadd{2, 0, 2, 0, 3, 0}))},
    {"core 1: has no code", DAMAGE(p.code.resize(11); p.header.cores[1]->code_words = 0)},
};
INSTANTIATE_TEST_SUITE_P(Code, VerifierCase, ::testing::ValuesIn(codeCases));

/// The program on arrays of kind `imac`: one layer of two neurons.
Program analogProgram() {
  Program program = smallProgram();
  program.setTarget(smallTarget(target::ArrayKind::Imac));
  fb::ArrayGroupT &group = *core(program).groups[0];
  group.slices = {fb::Slice(0, false), fb::Slice(0, true)};
  group.neurons = {2};
  group.feedback_ohm = {1000};
  return program;
}

TEST(VerifierTest, AnalogLayers) {
  auto problem = [](const std::function<void(fb::ArrayGroupT &)> &damage) {
    Program program = analogProgram();
    damage(*core(program).groups[0]);
    return problemOf(program);
  };
  using Group = fb::ArrayGroupT;
  EXPECT_EQ(problem([](Group &) {}), "none");
  EXPECT_EQ(problem([](Group &g) { g.neurons.clear(); }),
            "core 0: group 0: has no neurons, which arrays of kind 'imac' need");
  EXPECT_EQ(problem([](Group &g) { g.feedback_ohm.clear(); }),
            "core 0: group 0: has 1 layers of neurons and 0 feedback resistors");
  EXPECT_EQ(problem([](Group &g) { g.neurons[0] = 0; }),
            "core 0: group 0: has a layer without neurons, or more lines than a core can have");
  EXPECT_EQ(problem([](Group &g) { g.feedback_ohm[0] = -1; }),
            "core 0: group 0: has a feedback resistor of -1 ohm");
  EXPECT_EQ(problem([](Group &g) { g.neurons[0] = 3; }),
            "core 0: group 0: ends in 3 neurons, but has 2 outputs");
  EXPECT_EQ(problem([](Group &g) { g.slices[1] = fb::Slice(1, true); }),
            "core 0: group 0: has other slices than a positive and a negative cell");
  EXPECT_EQ(problem([](Group &g) { g.tiles[0]->shift = 1; }),
            "core 0: group 0: tile 0: of analog layers is not made of plain pairs of cells");
  auto second = [&](const std::function<void(fb::TileT &)> &damage) {
    return problem([&](Group &g) {
      g.neurons = {1, 2};
      g.feedback_ohm = {1000, 1000};
      g.tiles[0]->outputs = {1, 2};
      g.tiles[0]->rows = {4, 5, 4, 5}; // the line of ones, and that of neuron 0
      damage(*g.tiles[0]);
    });
  };
  EXPECT_EQ(second([](fb::TileT &) {}), "none");
  EXPECT_EQ(second([](fb::TileT &tile) {
              tile.outputs = {0, 1};
            }),
            "core 0: group 0: tile 0: holds neurons of several layers");
  EXPECT_EQ(second([](fb::TileT &tile) { tile.rows[1] = 3; }),
            "core 0: group 0: tile 0: is driven by line 3, which the layer before does not drive");
}

TEST(VerifierTest, HostPrograms) {
  auto problem = [](const std::function<void(Program &)> &damage) {
    Program program = smallProgram();
    program.header.cores.clear();
    program.header.layers.clear();
    program.header.inputs[0]->name = "in";
    program.header.outputs[0]->name = "out";
    program.code.clear();
    program.cells.clear();
    program.constants.clear();
    damage(program);
    return problemOf(program);
  };
  EXPECT_EQ(problem([](Program &) {}), "none");
  EXPECT_EQ(problem([](Program &p) { p.header.inputs[0]->element = fb::ElementType::F32; }),
            "input 'in': has another element type than its value in the graph");
  EXPECT_EQ(problem([](Program &p) { p.code = {0}; }), "has no core, but code, cells or constants");
}

TEST(VerifierTest, LoopsNestEightDeep) {
  Program program = smallProgram();
  auto nest = [&](size_t depth) {
    for (size_t i = 0; i < 10; ++i)
      program.code[i] = isa::encode(isa::Nop{});
    for (size_t i = 0; i < depth; ++i)
      program.code[i] = isa::encode(isa::Loop{2, uint32_t(9 - i)});
    return problemOf(program);
  };
  program.header.layers.clear();
  EXPECT_EQ(nest(8), "none");
  EXPECT_THAT(nest(9), HasSubstr("is the ninth loop"));
}

} // namespace
