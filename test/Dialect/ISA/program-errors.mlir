// What the tables of a program refuse; each case is named after the constraint.
// RUN: pim-opt %s --split-input-file --verify-diagnostics

// program_c1
// expected-error @+1 {{target parameter "array.rows" is not a string: 128 : i64}}
isa.program model = <name = "program_c1">, semaphores = 0, global_memory_bytes = 0, target = {array.rows = 128} {
}

// -----

// program_c2
isa.program model = <name = "program_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{'isa.lookup' op expects parent op 'isa.core'}}
  isa.lookup entries = []
}

// -----

// program_c2
isa.program model = <name = "program_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{is not part of an 'isa.program'}}
  builtin.module {}
}

// -----

// program_c3
isa.program model = <name = "program_c3">, semaphores = 0, global_memory_bytes = 0,
            target = {chip.mesh_cols = "2", chip.mesh_rows = "2"} {
  // expected-error @+1 {{at x 2, y 0 is outside the mesh of the target}}
  isa.core x = 2, y = 0, arrays = 0, scratchpad_bytes = 0 { isa.code { isa.halt } }
}

// -----

// program_c3
isa.program model = <name = "program_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-note @+1 {{of this one}}
  isa.core x = 0, y = 0, arrays = 0, scratchpad_bytes = 0 { isa.code { isa.halt } }
  // expected-error @+1 {{has the place x 0, y 0 of another core}}
  isa.core x = 0, y = 0, arrays = 0, scratchpad_bytes = 0 { isa.code { isa.halt } }
}

// -----

// program_c4
isa.program model = <name = "program_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.reference graph = dense_resource<bytes> : tensor<4xi8>
  // expected-error @+1 {{is the second reference of the program}}
  isa.reference graph = dense_resource<bytes> : tensor<4xi8>
}

{-# dialect_resources: { builtin: { bytes: "0x0400000001020304" } } #-}

// -----

// tensor_c1
isa.program model = <name = "tensor_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has 3 sizes and 4 strides, expected 4 of each}}
  isa.tensor space = global, element = i8, base = 0, sizes = [4, 4, 1], strides = [16, 4, 1, 1]
}

// -----

// tensor_c2
isa.program model = <name = "tensor_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has a size of 0, expected 1 to 4294967295}}
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 0, 4, 1], strides = [16, 4, 1, 1]
}

// -----

// tensor_c3
isa.program model = <name = "tensor_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{names the core 0, but does not lie in a scratchpad}}
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1] {core = 0}
}

// -----

// tensor_c4
isa.program model = <name = "tensor_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{of the program lies in a scratchpad, expected global memory}}
  isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
}

// -----

// tensor_c5
isa.program model = <name = "tensor_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{is not inside the 4096 bytes of global memory}}
  isa.tensor space = global, element = i8, base = 4081, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
}

// -----

// tensor_c5
isa.program model = <name = "tensor_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{is not inside the 4096 bytes of global memory}}
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, -4, 1, 1]
}

// -----

// tensor_c5
isa.program model = <name = "tensor_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{is not inside the 4096 bytes of global memory}}
  isa.tensor space = global, element = i8, base = 0, sizes = [4, 4294967295, 4294967295, 2], strides = [9223372036854775807, 9223372036854775807, 9223372036854775807, 1]
}

// -----

// port_c1
isa.program model = <name = "port_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'shape' has a size of 0, expected at least 1}}
  isa.port kind = input, name = "x", shape = [1, 0, 4, 4], permutation = [0, 2, 3, 1], element = i8, scale = 0.5,
           zero_point = 0, min = -128, max = 127, tensor = 0
}

// -----

// port_c2
isa.program model = <name = "port_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'permutation' is not a permutation of the dimensions 0 to 3}}
  isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 2, 1], element = i8, scale = 0.5,
           zero_point = 0, min = -128, max = 127, tensor = 0
}

// -----

// port_c2
isa.program model = <name = "port_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'permutation' has 3 entries, expected 4}}
  isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 1], element = i8, scale = 0.5,
           zero_point = 0, min = -128, max = 127, tensor = 0
}

// -----

// port_c3
isa.program model = <name = "port_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'min' 128 is above 'max' 127}}
  isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 3, 1], element = i8, scale = 0.5,
           zero_point = 0, min = 128, max = 127, tensor = 0
}

// -----

// port_c4
isa.program model = <name = "port_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'tensor' names tensor 1, but the program has 1}}
  isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 3, 1], element = i8, scale = 0.5,
           zero_point = 0, min = -128, max = 127, tensor = 1
}

// -----

// port_c5
isa.program model = <name = "port_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-note @+1 {{the tensor}}
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{differs from its tensor in element type or number of elements}}
  isa.port kind = input, name = "x", shape = [1, 1, 4, 5], permutation = [0, 2, 3, 1], element = i8, scale = 0.5,
           zero_point = 0, min = -128, max = 127, tensor = 0
}

// -----

// host_call_c1
isa.program model = <name = "host_call_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'outputs' names tensor 1, but the program has 1}}
  isa.host_call name = "f", graph = dense_resource<bytes> : tensor<4xi8>, inputs = [0], outputs = [1]
}

{-# dialect_resources: { builtin: { bytes: "0x0400000001020304" } } #-}

// -----

// host_call_c1
isa.program model = <name = "host_call_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'inputs' names tensor -1, but the program has 1}}
  isa.host_call name = "f", graph = dense_resource<bytes> : tensor<4xi8>, inputs = [-1], outputs = [0]
}

{-# dialect_resources: { builtin: { bytes: "0x0400000001020304" } } #-}

// -----

// memory_image_c1
isa.program model = <name = "memory_image_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{of 4 bytes at 4093 is not inside the 4096 bytes of global memory}}
  isa.memory_image address = 4093, bytes = dense_resource<bytes> : tensor<4xi8>
}

{-# dialect_resources: { builtin: { bytes: "0x0400000001020304" } } #-}

// -----

// bytes_are_resources
isa.program model = <name = "bytes_are_resources">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{invalid kind of attribute specified}}
  isa.memory_image address = 0, bytes = dense<0> : tensor<4xi8>
}

// -----

// layer_c1
isa.program model = <name = "layer_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 0, scratchpad_bytes = 0 { isa.code { isa.halt } }
  // expected-error @+1 {{has a span in core 1, but the program has 1}}
  isa.layer name = "a", op = "b", macs = 0, arrays = 0, weights = 0, spans = [#isa.span<core = 1, begin = 0, end = 1>]
}

// -----

// layer_c1
isa.program model = <name = "layer_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 0, scratchpad_bytes = 0 { isa.code { isa.halt } }
  // expected-error @+1 {{has a span from 0 to 2, but core 0 has 1 instructions}}
  isa.layer name = "a", op = "b", macs = 0, arrays = 0, weights = 0, spans = [#isa.span<core = 0, begin = 0, end = 2>]
}

// -----

// layer_c2
isa.program model = <name = "layer_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{'output' names tensor 0, but the program has 0}}
  isa.layer name = "a", op = "b", macs = 0, arrays = 0, weights = 0, spans = [] {output = 0, reference = "y"}
}

// -----

// layer_c3
isa.program model = <name = "layer_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.tensor space = global, element = i8, base = 0, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // expected-error @+1 {{'output' and 'reference' are to be given together}}
  isa.layer name = "a", op = "b", macs = 0, arrays = 0, weights = 0, spans = [] {output = 0}
}
