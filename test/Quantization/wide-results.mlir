// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest" --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest" --pim-quantize --split-input-file | FileCheck %s --check-prefix=INT
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest narrow-results" --pim-quantize --split-input-file | FileCheck %s --check-prefix=NARROW

// What the last product makes has no cast, bias and clamp included, and leaves the chip as sums of 32 bits that say what they
// stand for. The product before has one.
// CHECK-LABEL: func.func @result
// CHECK:         tosa.matmul
// CHECK-NEXT:    quant.qcast
// CHECK:         tosa.matmul
// CHECK-NEXT:    tosa.add
// CHECK-NEXT:    %[[Y:.*]] = tosa.clamp
// CHECK-NEXT:    return %[[Y]]
// INT-LABEL:   func.func @result
// INT-SAME:      -> (tensor<1x1x2xi32> {pim.quant = !quant.uniform<i32:f32, {{[^>]*}}>})
// INT-COUNT-2:   tosa.conv2d
// INT:           tosa.rescale {{.*}} -> tensor<{{.*}}xi32>
// INT-NOT:       quant
// NARROW-LABEL: func.func @result
// NARROW-SAME:   -> (tensor<1x1x2xi8> {pim.quant
func.func @result(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %b = "tosa.const"() {values = dense<1.0> : tensor<1x1x2xf32>} : () -> tensor<1x1x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %l = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %m = tosa.matmul %l, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %a = tosa.add %m, %b : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %y = tosa.clamp %a {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

// A float island at the end reads the sums; the result is its own. What is a result and read by integers has a cast.
// CHECK-LABEL: func.func @islands
// CHECK:         %[[M:.*]] = tosa.matmul
// CHECK-NEXT:    %[[Q:.*]] = quant.qcast %[[M]]
// CHECK-NEXT:    %[[D:.*]] = quant.dcast %[[Q]]
// CHECK:         %[[N:.*]] = tosa.matmul %[[D]]
// CHECK-NEXT:    %[[E:.*]] = tosa.exp %[[N]]
// CHECK-NEXT:    return %[[D]], %[[E]]
// INT-LABEL:   func.func @islands
// INT-SAME:      -> (tensor<1x1x2xi8> {pim.quant = {{[^}]*}}}, tensor<1x1x2xf32>)
// INT:           %[[S:.*]] = quant.scast %{{.*}} : tensor<1x1x2xi32> to
// INT-NEXT:      %[[R:.*]] = quant.dcast %[[S]]
// INT-NEXT:      tosa.exp %[[R]]
// NARROW-LABEL: func.func @islands
// NARROW:        quant.scast %{{.*}} : tensor<1x1x2xi8> to
func.func @islands(%x: tensor<1x1x2xf32>) -> (tensor<1x1x2xf32>, tensor<1x1x2xf32>) {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %n = tosa.matmul %m, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %e = tosa.exp %n : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %m, %e : tensor<1x1x2xf32>, tensor<1x1x2xf32>
}

// -----

// The mean after a product is one of integers too, finer than those that it is of.
// CHECK-LABEL: func.func @mean
// CHECK:         quant.qcast
// CHECK:         %[[P:.*]] = tosa.avg_pool2d
// CHECK-NEXT:    return %[[P]]
// INT-LABEL:   func.func @mean
// INT-SAME:      -> (tensor<1x1x1x1xi32> {pim.quant
// INT:           tosa.avg_pool2d {{.*}}xi16>
// INT:           tosa.rescale {{.*}} -> tensor<1x1x1x1xi32>
// INT-NOT:       quant
// NARROW-LABEL: func.func @mean
// NARROW-SAME:   -> (tensor<1x1x1x1xi8> {pim.quant
func.func @mean(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %b = "tosa.const"() {values = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2x1xf32>
  %p = tosa.avg_pool2d %c, %z, %z {acc_type = f32, kernel = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %p : tensor<1x1x1x1xf32>
}
