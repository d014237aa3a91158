// What the backends of the target keys refuse. One case for each -D.

// RUN: not pim-tblgen -gen-target-keys -I %pim_include %s -DTWICE 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not pim-tblgen -gen-target-keys -I %pim_include %s -DNO_DOC 2>&1 | FileCheck %s --check-prefix=NO-DOC
// RUN: not pim-tblgen -gen-target-keys -I %pim_include %s -DNO_KIND 2>&1 | FileCheck %s --check-prefix=NO-KIND
// RUN: not pim-tblgen -gen-target-keys -I %pim_include %s -DBAD_KIND 2>&1 | FileCheck %s --check-prefix=BAD-KIND
// RUN: not pim-tblgen -gen-target-keys -I %pim_include %s -DEMPTY_RANGE 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not pim-tblgen -gen-target-struct -I %pim_include %s -DNO_DEFAULT 2>&1 | FileCheck %s --check-prefix=DEFAULT
// RUN: pim-tblgen -gen-target-struct -I %pim_include %s | FileCheck %s --check-prefix=STRUCT
// RUN: pim-tblgen -gen-target-docs -I %pim_include %s | FileCheck %s --check-prefix=DOCS

include "pim/Target/TargetKeys.td"

def Fan : TargetSection<"fan", "what cools the chip">;
// STRUCT: struct Fan {
// STRUCT-NEXT: /// while it turns (fan.power_w).
// STRUCT-NEXT: double powerW{};
// STRUCT: } fan;
// DOCS: ### fan: what cools the chip
// DOCS: | `fan.power_w` | number | >= 0 | xbar |  | while it turns |
def : Cost<Fan, "power_w", "while it turns"> { let kinds = ["xbar"]; }

#ifdef TWICE
// TWICE: error: target key 'fan.power_w' is defined twice
def : Cost<Fan, "power_w", "again">;
#endif

#ifdef NO_DOC
// NO-DOC: error: target key 'fan.speed' has no documentation
def : Cost<Fan, "speed", "">;
#endif

#ifdef NO_KIND
// NO-KIND: error: target key 'fan.speed' applies to no array kind
def : Cost<Fan, "speed", "turns"> { let kinds = []; }
#endif

#ifdef BAD_KIND
// BAD-KIND: error: target key 'fan.speed' applies to an unknown array kind 'nand'
def : Cost<Fan, "speed", "turns"> { let kinds = ["nand"]; }
#endif

#ifdef EMPTY_RANGE
// RANGE: error: target key 'fan.speed' has an empty range
def : AtLeastOne<Fan, "speed", 0, "turns">;
#endif

#ifdef NO_DEFAULT
// DEFAULT: error: target key 'fan.speed' may be left out but has no default
def : Cost<Fan, "speed", "turns"> { let isOptional = 1; }
#endif
