#!/bin/sh
# Compiles the LeNet-5 of examples/digits for two chips and runs it there on the bundled images:
# from a fresh checkout to accuracy, latency, energy, area and arrays.
#
#   scripts/demo.sh
#
# The first run installs missing packages and builds the tools; later runs take seconds.
set -eu
cd "$(dirname "$0")/.."

if [ "${1-}" = --help ] || [ "${1-}" = -h ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
fi
[ $# = 0 ] || { echo "demo.sh: error: it takes no arguments; see demo.sh --help" >&2; exit 2; }

scripts/setup.sh
scripts/build.sh pimc pim-run

out=build/demo
data=examples/digits
mkdir -p "$out"
for target in sot-and reram-xbar; do
  printf '\n==== LeNet-5 on %s ====\n\n' "$target"
  build/bin/pimc "$data/lenet5.onnx" -o "$out/lenet5-$target.pimb" --target "$target" \
    --calibrate "$data/calibration-images-idx3-ubyte.gz" --scale 1/255 \
    --report "$out/compile-$target.json"
  build/bin/pim-run "$out/lenet5-$target.pimb" \
    --input "$data/test-images-idx3-ubyte.gz" --labels "$data/test-labels-idx1-ubyte.gz" \
    --check --report "$out/run-$target.json"
done
printf '\n==== Side by side ====\n\n'
python3 scripts/compare-reports.py "$out"/run-sot-and.json "$out"/run-reram-xbar.json
printf '\nPrograms and reports are in %s. Next: docs/tutorial.md\n' "$out"
