//===- TargetKeys.td - everything a target description says ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each key of a target is one record here. From the records pim-tblgen makes the struct pim::target::Target,
// the table that reads, prints and checks keys, and the table in docs/targets.md. To add a number to the cost model,
// add its key here and its value to targets/*.yaml.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TARGET_TARGETKEYS
#define PIM_TARGET_TARGETKEYS

//===----------------------------------------------------------------------===//
// Vocabulary
//===----------------------------------------------------------------------===//

/// A part of the chip; a nested struct of Target and a map of the YAML file.
class TargetSection<string n, string d, string m = n> {
  string name = n;
  string doc = d;
  string member = m;  // in C++, where the name is a keyword there
}
/// Keys that belong to no part.
def TopLevel : TargetSection<"", "the target itself">;

/// What a key holds. `alternative` is its place in pim::target::FieldRef.
class TargetType<string c, string d> {
  string cppType = c;
  string doc = d;
}
def Text : TargetType<"std::string", "text">;
def Count : TargetType<"uint32_t", "integer">;
def Number : TargetType<"double", "number">;
def NumberList : TargetType<"std::vector<double>", "list of numbers">;
class ChoiceType<string c, list<string> w, list<string> e> : TargetType<c, !interleave(w, " | ")> {
  list<string> words = w;
  list<string> enumerators = e;
}
def ArrayKind : ChoiceType<"ArrayKind", ["and", "xbar", "imac"], ["And", "Xbar", "Imac"]>;
def Slicing : ChoiceType<"Slicing", ["columns", "arrays"], ["Columns", "Arrays"]>;
def SignScheme : ChoiceType<"SignScheme", ["offset", "differential", "twos-complement"],
                            ["Offset", "Differential", "TwosComplement"]>;
def Rounds : ChoiceType<"Rounds", ["forbidden", "allowed"], ["Forbidden", "Allowed"]>;
def Gating : ChoiceType<"Gating", ["none", "unused", "idle"], ["None", "Unused", "Idle"]>;
def Durability : ChoiceType<"Durability", ["arrays", "global-memory", "all"],
                            ["Arrays", "GlobalMemory", "All"]>;

def Variation : ChoiceType<"Variation", ["lognormal", "normal"], ["Lognormal", "Normal"]>;
def Reference : ChoiceType<"Reference", ["column", "none"], ["Column", "None"]>;
def LsbPolicy : ChoiceType<"LsbPolicy", ["span", "unit", "columns"], ["Span", "Unit", "Columns"]>;
def ZeroWeight : ChoiceType<"ZeroWeight", ["low", "high"], ["Low", "High"]>;
def ColumnCoding : ChoiceType<"ColumnCoding", ["plain", "flip"], ["Plain", "Flip"]>;

/// The largest legal value of a key that has no bound of its own.
defvar unbounded = 2000000000;

class TargetKey<TargetSection s, string n, TargetType t, string d> {
  TargetSection section = s;
  string name = n;          // ends in its unit, if it has one
  TargetType type = t;
  string doc = d;
  list<string> kinds = ["and", "xbar", "imac"]; // array kinds that have this key
  string defaultText = "";  // of a key that may be left out
  bit isOptional = 0;
  int min = 0;              // smallest and largest legal value (of each entry of a list)
  int max = unbounded;
  bit isBounded = !ne(max, unbounded);
  bit isPositive = 0;       // zero is refused too
  bit isCompiled = 0;       // the compiled program depends on it, so pim-run cannot change it
}
class AtLeastOne<TargetSection s, string n, int most, string d> : TargetKey<s, n, Count, d> {
  let min = 1;
  let max = most;
}
class Positive<TargetSection s, string n, string d> : TargetKey<s, n, Number, d> {
  let isPositive = 1;
}
class Cost<TargetSection s, string n, string d> : TargetKey<s, n, Number, d>;
/// A departure from the ideal device (docs/non-idealities.md); absent unless given.
class Imperfection<TargetSection s, string n, string d, int most = 1000> : TargetKey<s, n, Number, d> {
  let isOptional = 1;
  let defaultText = "0";
  let max = most;
}
class Probability<TargetSection s, string n, string d> : Imperfection<s, n, d, 1>;
class OptionalChoice<TargetSection s, string n, TargetType t, string w, string d> : TargetKey<s, n, t, d> {
  let isOptional = 1;
  let defaultText = w;
}

//===----------------------------------------------------------------------===//
// The target and the chip
//===----------------------------------------------------------------------===//

let isCompiled = 1 in {
def : TargetKey<TopLevel, "name", Text, "what reports call the target">;
let isOptional = 1 in
def : TargetKey<TopLevel, "description", Text, "one sentence for a reader of reports">;
}

def Chip : TargetSection<"chip", "the mesh of cores">;
let isCompiled = 1 in {
def : AtLeastOne<Chip, "mesh_rows", 64, "rows of cores">;
def : AtLeastOne<Chip, "mesh_cols", 64, "columns of cores">;
}
def : Positive<Chip, "clock_mhz", "clock of the digital parts: sequencer, DPU, DMA, scratchpad"> { let max = 10000; }

def Core : TargetSection<"core", "one core">;
let isCompiled = 1 in {
def : AtLeastOne<Core, "arrays", 65536, "physical arrays of a core">;
def : AtLeastOne<Core, "scratchpad_kib", 65536, "bytes of its scratchpad, in units of 1024">;
}
def : AtLeastOne<Core, "queue_depth", 1024, "instructions that may wait in front of each unit before the sequencer stalls">;

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

def Array : TargetSection<"array", "one physical array of cells">;
let isCompiled = 1 in {
def : TargetKey<Array, "kind", ArrayKind, "how the array computes">;
def : AtLeastOne<Array, "rows", 4096, "word lines">;
def : AtLeastOne<Array, "cols", 4096, "bit lines">;
}
def : Cost<Array, "area_um2", "cells, decoders and drivers of one array, without converters">;
let kinds = ["xbar"] in {
def : AtLeastOne<Array, "active_rows", 4096, "word lines raised at once (the operation unit); a taller column is converted in several steps"> {
  let isCompiled = 1;
}
def : Positive<Array, "read_latency_ns", "from the inputs to settled column currents, for one input step">;
def : Cost<Array, "read_energy_pj", "one input step of one array with every row and column active">;
def : OptionalChoice<Array, "reference", Reference, "column", "what takes the current of cells that are off out of a column: a column of such cells, or nothing">;
}
let kinds = ["xbar", "imac"] in {
def : Imperfection<Array, "row_wire_ohm", "word line from one cell to the next; 0: wires are ideal">;
def : Imperfection<Array, "column_wire_ohm", "bit line from one cell to the next; 0: wires are ideal">;
def : Imperfection<Array, "driver_ohm", "output of the circuit that drives a word line", 1000000>;
def : Imperfection<Array, "sense_ohm", "input of the circuit that reads a bit line", 1000000>;
}

def Cell : TargetSection<"cell", "one memory cell">;
def : AtLeastOne<Cell, "bits", 4, "bits stored in a cell"> { let isCompiled = 1; }
def : Positive<Cell, "write_latency_ns", "programming one row of cells">;
def : Cost<Cell, "write_energy_pj", "programming one cell">;
def : TargetKey<Cell, "endurance_megawrites", Number, "writes that a cell survives, in 10^6; 0: not known, or without limit"> {
  let isOptional = 1;
  let defaultText = "0";
}
def : Imperfection<Cell, "variation_sigma", "spread of the conductances of cells around their nominal values, fixed when programmed, as a part of the value", 2>;
def : OptionalChoice<Cell, "variation", Variation, "lognormal", "the distribution of that spread; variation_sigma is the deviation of the logarithm or of the value">;
def : Probability<Cell, "stuck_on_rate", "part of the cells that hold their largest digit whatever is written">;
def : Probability<Cell, "stuck_off_rate", "part of the cells that hold 0 whatever is written">;
def : Probability<Cell, "write_error_rate", "part of the writes after which a cell holds a neighbouring digit">;
def : Imperfection<Cell, "retention_time_s", "since the cells were programmed", unbounded>;
def : Imperfection<Cell, "thermal_stability", "energy barrier of a magnetic cell over kT; cells flip after exp(thermal_stability) ns on average; 0: never">;
let kinds = ["xbar", "imac"] in {
def : Imperfection<Cell, "drift_exponent", "n in the decay of a conductance as (retention_time_s / 1 s)^-n", 1>;
def : Imperfection<Cell, "on_off_ratio", "conductance of the largest digit over that of 0; 0: cells at 0 conduct nothing", 1000000000>;
def : Imperfection<Cell, "on_ohm", "resistance at the largest digit: for the drop along wires, and for the currents of an `imac` array, which needs it", 1000000000>;
def : Imperfection<Cell, "read_noise_sigma", "deviation of the current of one cell at its largest digit from read to read, as a part of it; the variance of a current is proportional to the current", 2>;
}
let kinds = ["and"] in
def : Imperfection<Cell, "tmr_percent", "tunnel magnetoresistance, (R_AP - R_P) / R_P, for errors in sensing two rows; 0: sensing makes none", 100000>;

def Mapping : TargetSection<"mapping", "how weights become cells">;
let isCompiled = 1 in {
def : TargetKey<Mapping, "slicing", Slicing, "where the slices of a weight go: neighbouring columns of one array, or one array each">;
def : TargetKey<Mapping, "sign", SignScheme, "how signed weights are stored">;
def : OptionalChoice<Mapping, "rounds", Rounds, "forbidden", "whether arrays may be programmed again during an inference, in rounds, where a model has more than the chip">;
}

def Dac : TargetSection<"dac", "the converters that drive word lines">;
let kinds = ["xbar"] in {
def : AtLeastOne<Dac, "bits", 8, "input bits applied in one step">;
def : AtLeastOne<Dac, "per_array", 4096, "converters of one array; fewer than rows share them in turns">;
def : Cost<Dac, "energy_pj", "driving one row for one input step">;
def : Cost<Dac, "area_um2", "one converter">;
}

def Adc : TargetSection<"adc", "the converters that read bit lines">;
let kinds = ["xbar", "imac"] in
def : AtLeastOne<Adc, "bits", 24, "resolution">;
let kinds = ["xbar"] in
def : AtLeastOne<Adc, "per_array", 4096, "converters of one array; columns take turns">;
let kinds = ["xbar", "imac"] in
def : Positive<Adc, "conversion_ns", "one conversion">;
let kinds = ["xbar"] in {
def : TargetKey<Adc, "lsb", Count, "column sum that one output step stands for; 0: the smallest power of two whose 2^bits steps span the sum of all active rows"> {
  let isOptional = 1;
  let defaultText = "0";
  let max = 16777216;
}
def : OptionalChoice<Adc, "lsb_policy", LsbPolicy, "span", "what an lsb of 0 means: steps that span the largest sum of all active rows, steps of one, or steps that span the largest sum that the programmed columns of a group can make">;
def : TargetKey<Adc, "bits_by_slice", NumberList, "resolution for slice 0, 1, ... of a weight where it is less than bits, the last for those beyond; empty: bits for all"> {
  let isOptional = 1;
  let defaultText = "[]";
  let min = 1;
  let max = 24;
}
def : OptionalChoice<Adc, "coding", ColumnCoding, "plain", "flip: columns whose digits sum up to more than half of the most possible hold the complement, which saves one bit of the converter">;
}
let kinds = ["xbar", "imac"] in {
def : Imperfection<Adc, "offset_lsb", "deviation of the offsets of converters, in steps">;
def : Imperfection<Adc, "gain_sigma", "deviation of the gains of converters from 1", 1>;
def : Imperfection<Adc, "inl_lsb", "deviation of the largest integral non-linearity of converters, in steps, with the shape of a bow">;
def : TargetKey<Adc, "energy_pj_by_bits", NumberList, "one conversion, for 1, 2, ... bits">;
def : TargetKey<Adc, "area_um2_by_bits", NumberList, "one converter, for 1, 2, ... bits">;
}

def ShiftAdd : TargetSection<"shift_add", "the digital splice of converter outputs", "shiftAdd">;
let kinds = ["xbar"] in {
def : Cost<ShiftAdd, "energy_pj", "shifting one converted sum into an accumulator">;
def : Cost<ShiftAdd, "area_um2", "shifter and accumulators of one array">;
}

def And : TargetSection<"and", "the in-memory AND of two rows and what counts its ones", "andArray">;
let kinds = ["and"] in {
def : AtLeastOne<And, "input_rows", 4096, "rows of an array kept free for streamed input planes: twice the input bits, so that one set is written while the other is used"> {
  let isCompiled = 1;
}
def : Positive<And, "cycle_ns", "sensing two rows, counting the ones and adding them, as a pipeline: the interval between row pairs">;
def : Imperfection<And, "sense_offset_sigma", "deviation of the offsets of sense amplifiers, as a part of the current of one cell in its parallel state", 10>;
def : Cost<And, "energy_pj", "sensing one pair of rows over all columns">;
def : Cost<And, "popcount_energy_pj", "counting the ones of one sensed row">;
def : Cost<And, "accumulate_energy_pj", "shifting one count into an accumulator">;
def : Positive<And, "write_row_ns", "writing one input plane into its row">;
def : Cost<And, "write_row_energy_pj", "writing one input plane into its row, over all columns">;
def : Cost<And, "periphery_area_um2", "compressor tree, shifter and accumulators of one array">;
}

def Imac : TargetSection<"imac", "analog layers: pairs of cells, differential amplifiers, neurons", "imacArray">;
let kinds = ["imac"] in {
def : Positive<Imac, "supply_v", "voltage of a line that stands for 1, and of the supply of neurons"> { let max = 100; }
def : Positive<Imac, "neuron_ratio", "high over low resistance of the divider around the inverter of a neuron: its slope is 4 neuron_ratio / supply_v"> { let max = 1000; }
let isCompiled = 1 in {
def : Positive<Imac, "feedback_most_ohm", "largest resistor between output and input of a differential amplifier; the compiler chooses one for each layer">;
def : TargetKey<Imac, "zero", ZeroWeight, "both cells of a pair that holds the weight 0: at low resistance, or at high">;
}
def : AtLeastOne<Imac, "converters", 65536, "converters of a core that read the neurons of the last layer, in turns">;
def : Positive<Imac, "layer_ns", "from the inputs of a layer to settled neurons">;
def : Cost<Imac, "amplifier_uw", "one differential amplifier, one for each pair of columns, while vectors are computed">;
def : Cost<Imac, "neuron_uw", "one neuron, while vectors are computed">;
def : Cost<Imac, "sign_energy_pj", "deciding the sign of one input and driving its line">;
def : Cost<Imac, "periphery_area_um2", "amplifiers, neurons and drivers of one array">;
def : Imperfection<Imac, "amplifier_offset_mv", "deviation of the offsets of amplifiers, at their outputs", 100000>;
def : Imperfection<Imac, "amplifier_gain_sigma", "deviation of the gains of amplifiers, as a part of them", 1>;
def : Imperfection<Imac, "amplifier_rail_v", "largest output of an amplifier of either sign; 0: no limit", 1000>;
def : Imperfection<Imac, "neuron_offset_mv", "deviation of the offsets of neurons, at their inputs", 100000>;
def : Imperfection<Imac, "neuron_slope_sigma", "deviation of the slopes of neurons, as a part of them", 1>;
}

//===----------------------------------------------------------------------===//
// Digital parts of a core
//===----------------------------------------------------------------------===//

def Dpu : TargetSection<"dpu", "the vector unit">;
def : AtLeastOne<Dpu, "lanes", 4096, "elements begun each cycle">;
def : AtLeastOne<Dpu, "latency_cycles", 1024, "pipeline depth: from the first element begun to its result">;
def : Cost<Dpu, "op_energy_pj", "one operation on one element">;
def : Cost<Dpu, "area_um2", "the unit with all lanes">;

def Scratchpad : TargetSection<"scratchpad", "the memory of a core">;
def : AtLeastOne<Scratchpad, "bytes_per_cycle", 65536, "bandwidth of each port">;
def : Cost<Scratchpad, "energy_pj_per_byte", "reading or writing one byte">;
def : Cost<Scratchpad, "area_um2_per_kib", "1024 bytes with their periphery">;
def : AtLeastOne<Scratchpad, "ports", 3, "ports; with 3, arrays, DPU and DMA have one each, with fewer they take turns"> {
  let isOptional = 1;
  let defaultText = "3";
}

def Dma : TargetSection<"dma", "the unit that copies between memories">;
def : AtLeastOne<Dma, "bytes_per_cycle", 65536, "bytes moved each cycle">;
def : TargetKey<Dma, "setup_cycles", Count, "from the start of a copy to its first byte"> { let max = 100000; }
def : Cost<Dma, "energy_pj_per_byte", "moving one byte, without the memories and the network">;
def : Cost<Dma, "area_um2", "the unit">;

def Sequencer : TargetSection<"sequencer", "what fetches and issues instructions, one each cycle">;
def : Cost<Sequencer, "energy_pj", "one instruction, its fetch included">;
def : Cost<Sequencer, "area_um2", "the unit with its instruction memory">;

//===----------------------------------------------------------------------===//
// What cores share
//===----------------------------------------------------------------------===//

def GlobalMemory : TargetSection<"global_memory", "the memory that all cores reach", "globalMemory">;
def : AtLeastOne<GlobalMemory, "size_mib", 65536, "capacity"> { let isCompiled = 1; }
def : Positive<GlobalMemory, "bandwidth_gb_per_s", "all cores together, in 10^9 bytes">;
def : Cost<GlobalMemory, "latency_ns", "from a request to its first byte">;
def : Cost<GlobalMemory, "energy_pj_per_byte", "reading or writing one byte">;
def : Cost<GlobalMemory, "area_um2_per_mib", "2^20 bytes with their periphery; 0 where the memory is another chip">;

def WeightStore : TargetSection<"weight_store", "memory outside the chip that keeps the cells of arrays which are programmed in rounds", "weightStore">;
let isOptional = 1 in {
def : Positive<WeightStore, "bandwidth_gb_per_s", "all cores together, in 10^9 bytes"> { let defaultText = "12.8"; }
def : Cost<WeightStore, "latency_ns", "from a request to its first byte"> { let defaultText = "100"; }
def : Cost<WeightStore, "energy_pj_per_byte", "reading one byte and bringing it to the chip"> { let defaultText = "40"; }
}

def Noc : TargetSection<"noc", "the network between cores and global memory">;
def : Cost<Noc, "hop_ns", "from one router to the next">;
def : Positive<Noc, "link_gb_per_s", "one link, in 10^9 bytes">;
def : Cost<Noc, "energy_pj_per_byte_hop", "one byte over one hop">;
def : Cost<Noc, "router_area_um2", "one router with its links">;

def Leakage : TargetSection<"leakage", "power drawn while nothing happens">;
def : Cost<Leakage, "core_mw", "one core without its arrays">;
def : Cost<Leakage, "array_uw", "one array with its converters or counters">;

def : TargetKey<Leakage, "gating", Gating, "what is cut off from the supply: nothing; cores and arrays that the program does not use; or also a core before its first and after its last work in an inference, and likewise an array, whose cells must keep their contents without supply"> {
  let isOptional = 1;
  let defaultText = "none";
}
def : TargetKey<Leakage, "gated_fraction", Number, "share of its leakage that a part draws while it is cut off"> {
  let isOptional = 1;
  let defaultText = "0";
  let max = 1;
}

def Power : TargetSection<"power", "what survives a cut of the supply, and what it takes to survive one">;
let isOptional = 1 in {
def : TargetKey<Power, "durable", Durability, "memories that keep their contents: arrays alone; arrays and global memory; or scratchpads as well. Registers, loops, semaphores and accumulators never do"> {
  let defaultText = "arrays";
}
def : TargetKey<Power, "commit_latency_ns", Number, "from the last bit of state written to the switch that makes it the valid one"> {
  let defaultText = "10";
}
def : TargetKey<Power, "restore_latency_ns", Number, "from a stable supply to the first bit of state read"> {
  let defaultText = "1000";
}
def : AtLeastOne<Power, "bits_per_cycle", 65536, "state that one core writes or reads each cycle"> {
  let defaultText = "128";
}
def : TargetKey<Power, "commit_energy_pj_per_bit", Number, "writing one bit of state to its durable place"> {
  let defaultText = "1";
}
def : TargetKey<Power, "restore_energy_pj_per_bit", Number, "reading it back"> { let defaultText = "0.1"; }
def : Positive<Power, "capacitor_uf", "store between a harvester and the chip, for traces of harvested power"> {
  let defaultText = "10";
}
def : Positive<Power, "on_v", "voltage of the store at which the chip starts"> { let defaultText = "3"; }
def : Positive<Power, "off_v", "voltage of the store at which the chip stops"> { let defaultText = "1.8"; }
}

def Host : TargetSection<"host", "the processor beside the chip">;
def : Positive<Host, "gflops", "sustained floating-point operations, in 10^9 a second">;
def : Positive<Host, "memory_gb_per_s", "between its memory and global memory, in 10^9 bytes">;
def : Cost<Host, "call_latency_us", "handing one call over and back">;
def : Cost<Host, "power_w", "while it works on a call">;
let isOptional = 1, defaultText = "0" in {
def : Cost<Host, "mac_energy_pj", "one multiply-accumulate in float, its instruction included; where it and the bytes below are given, power_w is what is left">;
def : TargetKey<Host, "register_bytes", Count, "registers that blocks of a matrix product are kept in">;
def : TargetKey<Host, "l1_kib", Count, "first-level data cache">;
def : TargetKey<Host, "l2_kib", Count, "last-level cache; 0: traffic between the levels of memory is not modelled">;
def : Cost<Host, "l1_pj_per_byte", "between registers and first level">;
def : Cost<Host, "l2_pj_per_byte", "between the levels of cache">;
def : Cost<Host, "dram_pj_per_byte", "between last level and memory, both ends included">;
def : Cost<Host, "dram_gb_per_s", "between last level and memory, in 10^9 bytes; 0: as fast as needed">;
}
let isOptional = 1, isCompiled = 1, max = 1, defaultText = "0" in
def : TargetKey<Host, "only", Count, "1: whole models run here in float, and the chip is not used">;

#endif // PIM_TARGET_TARGETKEYS
