// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

// Six stacks, four arrays a core: the layer is split by outputs, and each core stores its slice of the channels. The rescaling
// waits for rows of the other core; what its own core did comes before it in any case.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // CHECK: semaphores = 1
  // CHECK: isa.layer name = "conv"
  // CHECK-SAME: spans = [#isa.span<core = 0, {{.*}}>, #isa.span<core = 1, {{.*}}>]
  // CHECK: isa.layer name = "pool"
  // CHECK-SAME: spans = [#isa.span<core = 0,
  func.func @main(%x: tensor<1x4x4x2xi8>) -> (tensor<1x4x4x24xi32>, tensor<1x2x2x24xi8>) {
    %0 = pim.conv2d %x weights(dense<1> : tensor<24x1x1x2xi8>) bias(dense<0> : tensor<24xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x4x4x2xi8> -> tensor<1x4x4x24xi32> loc("conv")
    %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
    %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
    %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
    %1 = tosa.rescale %0, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
      input_unsigned = false, output_unsigned = false}
      : (tensor<1x4x4x24xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x24xi8>
    %2 = tosa.max_pool2d %1 {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>}
      : (tensor<1x4x4x24xi8>) -> tensor<1x2x2x24xi8> loc("pool")
    // CHECK: isa.core x = 0, y = 0, arrays = 4,
    // CHECK: isa.tensor space = global, element = i32, base = [[#%u,RESULT:]], sizes = [1, 1, 4, 16], strides = [1536, 384, 96, 4]
    // CHECK: isa.code
    // CHECK: isa.mvm
    // CHECK-NOT: isa.signal
    // CHECK: isa.wait semaphore = 0, rs = 0, imm = 1
    // CHECK: isa.loop count = 3,
    // CHECK: isa.vrequant
    // CHECK: isa.wait semaphore = 0, rs = 3, imm = 1
    // CHECK-NEXT: isa.dma.copy
    // CHECK-NOT: isa.wait
    // CHECK: isa.vmaxpool
    // CHECK-NOT: isa.signal
    // CHECK: isa.halt
    // CHECK: isa.core x = 1, y = 0, arrays = 2,
    // CHECK: isa.tensor space = global, element = i32, base = [[#RESULT + 64]], sizes = [1, 1, 4, 8], strides = [1536, 384, 96, 4]
    // CHECK: isa.code
    // CHECK-NOT: isa.wait
    // CHECK: isa.loop count = 3,
    // CHECK: isa.signal semaphore = 0, amount = 1
    // CHECK: isa.signal semaphore = 0, amount = 1
    // CHECK-NEXT: isa.halt
    return %0, %2 : tensor<1x4x4x24xi32>, tensor<1x2x2x24xi8>
  }
}
