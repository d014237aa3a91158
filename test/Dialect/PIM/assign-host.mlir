// RUN: pim-opt %s --split-input-file --pim-assign-host | FileCheck %s
// RUN: pim-opt %s --split-input-file --pim-assign-host="vector-layers=chip" | FileCheck %s --check-prefix=CHIP
// RUN: pim-opt %s --split-input-file --pim-assign-host="vector-layers=host" | FileCheck %s --check-prefix=HOST

// A call takes 10 us, the vector unit 16 ns: alone, the layer stays. Between two calls it saves one of them; its operand and
// the reshape between them go along, and the layer is called as the host layer before was.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "4", chip.clock_mhz = "1000", dpu.lanes = "8",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", noc.link_gb_per_s = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", global_memory.size_mib = "1",
  host.call_latency_us = "10", host.gflops = "20", host.memory_gb_per_s = "12.8"}} {
  // CHECK-LABEL: @alone
  // CHECK: pim.layer "clip" elementwise(%arg0)
  // CHECK-SAME: pim.estimate = {host_s = 1.00264{{0*}}e-05 : f64, vector_unit_s = 1.6{{0*}}e-08 : f64}
  // HOST-LABEL: @alone
  // HOST: pim.layer "clip" host(%arg0)
  func.func @alone(%x: tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
    %0 = pim.layer "clip" elementwise(%x) : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
    ^bb0(%a: tensor<1x4x4x8xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
      pim.yield %c : tensor<1x4x4x8xi8>
    }
    return %0 : tensor<1x4x4x8xi8>
  }

  // CHECK-LABEL: @between
  // CHECK: %[[ONE:.*]] = pim.layer "second" host(%arg0) {
  // CHECK-SAME: pim.estimate = {host_s = 1.011{{[0-9]+}}E-5 : f64, vector_unit_s = 4.8{{[0-9]+}}E-8 : f64}
  // CHECK-SAME: pim.reference = ["of second"]
  // CHECK: tosa.tanh
  // CHECK: tosa.add
  // CHECK: tosa.reshape
  // CHECK: tosa.exp
  // CHECK: pim.yield
  // CHECK-NOT: pim.layer
  // CHECK: return %[[ONE]]
  // CHIP-LABEL: @between
  // CHIP: pim.layer "first" host
  // CHIP: pim.layer "sum" elementwise
  // CHIP-SAME: pim.estimate
  // CHIP: pim.layer "second" host
  func.func @between(%x: tensor<1x4x4x8xf32>) -> tensor<1x128xf32> {
    %k = "tosa.const"() <{values = dense<1> : tensor<1x4x4x8xi32>}> : () -> tensor<1x4x4x8xi32>
    %shape = tosa.const_shape {values = dense<[1, 128]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %0 = pim.layer "first" host(%x) : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xi32> {
    ^bb0(%a: tensor<1x4x4x8xf32>):
      %t = tosa.tanh %a : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
      %c = tosa.cast %t : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xi32>
      pim.yield %c : tensor<1x4x4x8xi32>
    }
    %1 = pim.layer "sum" elementwise(%0, %k) : (tensor<1x4x4x8xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32> {
    ^bb0(%a: tensor<1x4x4x8xi32>, %b: tensor<1x4x4x8xi32>):
      %c = tosa.add %a, %b : (tensor<1x4x4x8xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32>
      pim.yield %c : tensor<1x4x4x8xi32>
    }
    %2 = tosa.reshape %1, %shape : (tensor<1x4x4x8xi32>, !tosa.shape<2>) -> tensor<1x128xi32>
    %3 = pim.layer "second" host(%2) {pim.reference = ["of second"]} : (tensor<1x128xi32>) -> tensor<1x128xf32> {
    ^bb0(%a: tensor<1x128xi32>):
      %c = tosa.cast %a : (tensor<1x128xi32>) -> tensor<1x128xf32>
      %e = tosa.exp %c : (tensor<1x128xf32>) -> tensor<1x128xf32>
      pim.yield %e : tensor<1x128xf32>
    }
    return %3 : tensor<1x128xf32>
  }

  // What is read outside of the joined layer keeps the tensor that it is checked against.
  // CHECK-LABEL: @two_results
  // CHECK: %[[ONE:.*]]:2 = pim.layer "second" host(%arg0)
  // CHECK-SAME: pim.reference = ["of second", "of first"]
  // CHECK: return %[[ONE]]#0, %[[ONE]]#1
  func.func @two_results(%x: tensor<1x4x4x8xf32>) -> (tensor<1x4x4x8xf32>, tensor<1x4x4x8xi32>) {
    %k = "tosa.const"() <{values = dense<1> : tensor<1x4x4x8xi32>}> : () -> tensor<1x4x4x8xi32>
    %0 = pim.layer "first" host(%x) {pim.reference = ["of first"]} : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xi32> {
    ^bb0(%a: tensor<1x4x4x8xf32>):
      %c = tosa.cast %a : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xi32>
      pim.yield %c : tensor<1x4x4x8xi32>
    }
    %1 = pim.layer "sum" elementwise(%0, %k) {pim.reference = ["of sum"]} : (tensor<1x4x4x8xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32> {
    ^bb0(%a: tensor<1x4x4x8xi32>, %b: tensor<1x4x4x8xi32>):
      %c = tosa.add %a, %b : (tensor<1x4x4x8xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32>
      pim.yield %c : tensor<1x4x4x8xi32>
    }
    %2 = pim.layer "second" host(%1) {pim.reference = ["of second"]} : (tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xf32> {
    ^bb0(%a: tensor<1x4x4x8xi32>):
      %c = tosa.cast %a : (tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xf32>
      pim.yield %c : tensor<1x4x4x8xf32>
    }
    return %2, %0 : tensor<1x4x4x8xf32>, tensor<1x4x4x8xi32>
  }

  // Joined, the host layers would wait for the matrix layer between them, which waits for them.
  // CHECK-LABEL: @around
  // CHECK: pim.layer "first" host(%arg0)
  // CHECK: pim.layer "fc" matrix
  // CHECK: pim.layer "last" host
  // HOST-LABEL: @around
  // HOST: pim.layer "first" host(%arg0)
  // HOST: pim.layer "fc" matrix
  // HOST: pim.layer "last" host
  func.func @around(%x: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xi32> {
    %0:2 = pim.layer "first" host(%x) : (tensor<1x1x1x8xf32>) -> (tensor<1x1x1x8xi8>, tensor<1x1x1x8xi32>) {
    ^bb0(%a: tensor<1x1x1x8xf32>):
      %c = tosa.cast %a : (tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xi8>
      %d = tosa.cast %a : (tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xi32>
      pim.yield %c, %d : tensor<1x1x1x8xi8>, tensor<1x1x1x8xi32>
    }
    %1 = pim.layer "fc" matrix(%0#0) : (tensor<1x1x1x8xi8>) -> tensor<1x1x1x8xi32> {
    ^bb0(%a: tensor<1x1x1x8xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x8xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x8xi8> -> tensor<1x1x1x8xi32>
      pim.yield %c : tensor<1x1x1x8xi32>
    }
    %2 = pim.layer "last" host(%1, %0#1) : (tensor<1x1x1x8xi32>, tensor<1x1x1x8xi32>) -> tensor<1x1x1x8xi32> {
    ^bb0(%a: tensor<1x1x1x8xi32>, %b: tensor<1x1x1x8xi32>):
      %c = tosa.arithmetic_right_shift %a, %b {round = false} : (tensor<1x1x1x8xi32>, tensor<1x1x1x8xi32>) -> tensor<1x1x1x8xi32>
      pim.yield %c : tensor<1x1x1x8xi32>
    }
    return %2 : tensor<1x1x1x8xi32>
  }
}

// -----

// A vector unit of one lane at 1 MHz, and calls that cost nothing.
module attributes {pim.target = {
  name = "slow", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "4", chip.clock_mhz = "1", dpu.lanes = "1",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", noc.link_gb_per_s = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", global_memory.size_mib = "1",
  host.call_latency_us = "0", host.gflops = "20", host.memory_gb_per_s = "12.8"}} {
  // CHECK-LABEL: @slow_vector_unit
  // CHECK: pim.layer "clip" host(%arg0)
  // CHIP-LABEL: @slow_vector_unit
  // CHIP: pim.layer "clip" elementwise(%arg0)
  func.func @slow_vector_unit(%x: tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
    %0 = pim.layer "clip" elementwise(%x) : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
    ^bb0(%a: tensor<1x4x4x8xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
      pim.yield %c : tensor<1x4x4x8xi8>
    }
    return %0 : tensor<1x4x4x8xi8>
  }
}
