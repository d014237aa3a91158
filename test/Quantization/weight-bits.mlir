// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=8,first=2,#-1=4" | FileCheck %s --check-prefix=LAYERS
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=3 keep-first-last=1" | FileCheck %s --check-prefix=ENDS
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=auto,last=8 max-accuracy-loss=100" | FileCheck %s --check-prefix=AUTO
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=auto max-accuracy-loss=0" | FileCheck %s --check-prefix=NONE
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=8,first=2" --pim-quantize | FileCheck %s --check-prefix=INTEGER
// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=8,fisrt=2" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not pim-opt %s --pim-insert-quantization="weight-bits=auto" 2>&1 | FileCheck %s --check-prefix=NODATA
// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy weight-bits=first=auto" 2>&1 | FileCheck %s --check-prefix=NAMED
// RUN: not pim-opt %s --pim-insert-quantization="rounding=up" 2>&1 | FileCheck %s --check-prefix=ROUNDING

// Each layer has the range of its own bits.
// LAYERS: i8<-1:1>:f32:2
// LAYERS: i8<-127:127>:f32:2
// LAYERS: i8<-7:7>:f32:2

// ENDS: i8<-127:127>:f32:2
// ENDS: i8<-3:3>:f32:2
// ENDS: i8<-127:127>:f32:2

// With all the loss in the world every free layer ends at two bits, without any it stays.
// AUTO: i8<-1:1>:f32:2
// AUTO: i8<-1:1>:f32:2
// AUTO: i8<-127:127>:f32:2
// NONE-COUNT-3: i8<-127:127>:f32:2

// INTEGER: tosa.conv2d {{.*}}pim.weight_bits = 2 : i32
// INTEGER: tosa.conv2d {{.*}}pim.weight_bits = 8 : i32

// UNKNOWN: error: weight bits: no layer with weights is 'fisrt'; did you mean 'first'
// NODATA: error: weight bits cannot be chosen automatically without calibration data; give some with --calibrate
// NAMED: error: weight bits 'first=auto': auto is for all layers that no clause names
// ROUNDING: error: unknown rounding 'up', expected auto, nearest or adaptive
func.func @three(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %a = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32> loc("first")
  %b = tosa.matmul %a, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32> loc("middle")
  %c = tosa.matmul %b, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32> loc("last")
  return %c : tensor<1x1x2xf32>
}
