//===- PIMOps.cpp - operations of the pim dialect --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers; the labels (conv2d_c1, ...) are the numbers of the constraints in PIMOps.td and the
// names of the negative tests in test/Dialect/PIM/ops-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

#define GET_OP_CLASSES
#include "pim/Dialect/PIM/IR/PIMOps.cpp.inc"

//===----------------------------------------------------------------------===//
// conv2d
//===----------------------------------------------------------------------===//

static bool isMap(Type type, unsigned width) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getRank() == 4 && tensor.getDimSize(0) == 1 &&
         tensor.getElementType().isSignlessInteger(width);
}

/// Rows (or columns) that a window gives; at most 0 if it does not fit once.
static int64_t outputSize(int64_t size, int64_t padding, int64_t kernel, int64_t stride,
                          int64_t dilation) {
  int64_t room = size + padding - (kernel - 1) * dilation - 1;
  return room < 0 ? 0 : room / stride + 1;
}

static LogicalResult verifyMapping(Conv2DOp op) {
  SlicingAttr slicing = op.getSlicingAttr();
  int64_t bits = op.getWeightBits();
  // conv2d_c9
  if (slicing && slicing.getWeightBits() != bits &&
      !(slicing.holdsMagnitudes() && slicing.getWeightBits() == bits + 1))
    return op.emitOpError() << "slices weights of " << slicing.getWeightBits()
                            << " bits, but has weights of " << bits;
  TilingAttr tiling = op.getTilingAttr();
  if (!tiling)
    return success();
  // conv2d_c10
  if (!slicing)
    return op.emitOpError("has a tiling but no slicing");
  if (tiling.getGroups() != op.getGroups() || tiling.getMatrixRows() != op.getMatrixRows() ||
      tiling.getMatrixCols() != op.getMatrixCols())
    return op.emitOpError() << "tiles " << tiling.getGroups() << " matrices of "
                            << tiling.getMatrixRows() << "x" << tiling.getMatrixCols()
                            << ", but has " << op.getGroups() << " of " << op.getMatrixRows() << "x"
                            << op.getMatrixCols();
  int64_t planes = slicing.getLayout() == SliceLayout::Arrays ? slicing.getSliceCount() : 1;
  if (tiling.getPlanes() != planes)
    return op.emitOpError() << "tiles " << tiling.getPlanes() << " planes, but the slicing has "
                            << planes;
  int64_t slices = slicing.getSliceCount();
  for (StackAttr stack : tiling.getStacks())
    for (TileAttr tile : stack.getTiles())
      if (tile.getSliceBegin() >= slices || tile.getSliceCount() > slices - tile.getSliceBegin())
        return op.emitOpError() << "has a tile with " << tile.getSliceCount()
                                << " slices from slice " << tile.getSliceBegin()
                                << " on, but the slicing has " << slices;
  return success();
}

LogicalResult Conv2DOp::verify() {
  // conv2d_c1
  if (!isMap(getInput().getType(), 8) || !isMap(getType(), 32))
    return emitOpError() << "takes 1xHxWxC of i8 and gives 1xHxWxC of i32, found "
                         << getInput().getType() << " and " << getType();
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getType());
  ShapedType weights = getWeights().getShapedType();
  int64_t groups = getGroups();
  // conv2d_c5
  if (groups < 1 || input.getDimSize(3) % groups != 0)
    return emitOpError() << "has " << groups << " groups, which do not divide "
                         << input.getDimSize(3) << " channels";
  // conv2d_c2
  if (weights.getRank() != 4 || !weights.getElementType().isSignlessInteger(8) ||
      weights.getNumElements() == 0 || weights.getDimSize(3) != input.getDimSize(3) / groups)
    return emitOpError() << "has weights of type " << weights << ", expected O x rows x cols x "
                         << input.getDimSize(3) / groups << " of i8";
  int64_t outputs = weights.getDimSize(0);
  if (outputs % groups != 0)
    return emitOpError() << "has " << groups << " groups, which do not divide " << outputs
                         << " outputs";
  // conv2d_c3
  ShapedType bias = getBias().getShapedType();
  if (bias.getRank() != 1 || bias.getNumElements() != outputs ||
      !bias.getElementType().isSignlessInteger(32))
    return emitOpError() << "has a bias of type " << bias << ", expected tensor<" << outputs
                         << "xi32>";
  // conv2d_c4
  auto atLeast = [](ArrayRef<int64_t> values, size_t count, int64_t least) {
    return values.size() == count &&
           llvm::all_of(values, [&](int64_t value) { return value >= least; });
  };
  if (!atLeast(getPad(), 4, 0) || !atLeast(getStride(), 2, 1) || !atLeast(getDilation(), 2, 1))
    return emitOpError(
        "expects 4 paddings of at least 0, and 2 strides and 2 dilations of at least 1");
  // conv2d_c6
  int64_t rows = outputSize(input.getDimSize(1), getPad()[0] + getPad()[1], weights.getDimSize(1),
                            getStride()[0], getDilation()[0]);
  int64_t cols = outputSize(input.getDimSize(2), getPad()[2] + getPad()[3], weights.getDimSize(2),
                            getStride()[1], getDilation()[1]);
  if (result.getShape() != ArrayRef<int64_t>({1, rows, cols, outputs}))
    return emitOpError() << "gives " << result << ", but its window gives 1x" << rows << "x" << cols
                         << "x" << outputs;
  // conv2d_c7
  int64_t bits = getWeightBits();
  if (bits < 1 || bits > 8)
    return emitOpError() << "has weights of " << bits << " bits, expected 1 to 8";
  // conv2d_c8
  int64_t zeroPoint = getInputZeroPoint();
  if (zeroPoint < -128 || zeroPoint > 127)
    return emitOpError() << "has the input zero point " << zeroPoint << ", expected -128 to 127";
  return verifyMapping(*this);
}

std::pair<int64_t, int64_t> Conv2DOp::getInputChannels(int64_t begin, int64_t end) {
  int64_t perGroup = getInputChannels() / getGroups();
  return {begin / getMatrixCols() * perGroup,
          llvm::divideCeilSigned(end, getMatrixCols()) * perGroup};
}

int64_t Conv2DOp::getMacs() {
  auto result = cast<RankedTensorType>(getType());
  return result.getNumElements() * getMatrixRows();
}

//===----------------------------------------------------------------------===//
// Global memory
//===----------------------------------------------------------------------===//

int64_t mlir::pim::globalBytes(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.getNumElements() * int64_t(llvm::divideCeil(tensor.getElementTypeBitWidth(), 8));
}

Value mlir::pim::memoryRoot(Value value) {
  while (auto reshape = value.getDefiningOp<tosa::ReshapeOp>())
    value = reshape.getInput1();
  return value;
}

//===----------------------------------------------------------------------===//
// layer
//===----------------------------------------------------------------------===//

YieldOp LayerOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }

Conv2DOp LayerOp::getMatrixOp() {
  auto ops = getBody().front().getOps<Conv2DOp>();
  return ops.empty() ? Conv2DOp() : *ops.begin();
}

AnalogLayersOp LayerOp::getAnalogOp() {
  auto ops = getBody().front().getOps<AnalogLayersOp>();
  return ops.empty() ? AnalogLayersOp() : *ops.begin();
}

TilingAttr LayerOp::getTiling() {
  if (Conv2DOp matrix = getMatrixOp())
    return matrix.getTilingAttr();
  AnalogLayersOp analog = getAnalogOp();
  return analog ? analog.getTilingAttr() : TilingAttr();
}

Operation *LayerOp::getAnchor() {
  if (Operation *matrix = getMatrixOp())
    return matrix;
  Operation *first = nullptr;
  for (Operation &op : getBody().front().without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>() || op.getNumOperands() == 0)
      continue;
    if (!first)
      first = &op;
    if (getKind() != LayerKind::Elementwise)
      break;
    StringRef name = op.getName().stripDialect();
    if (llvm::StringSwitch<bool>(name)
            .Cases({"add", "sub", "mul", "maximum", "minimum"}, true)
            .Default(false))
      return &op;
  }
  return first ? first : getYield().getOperation();
}

std::string LayerOp::getOperatorName() {
  if (getKind() == LayerKind::Host)
    return "host";
  Conv2DOp matrix = getMatrixOp();
  if (!matrix)
    return getAnchor()->getName().stripDialect().str();
  auto input = cast<RankedTensorType>(matrix.getInput().getType());
  if (matrix.getGroups() > 1)
    return matrix.getGroups() == matrix.getInputChannels() ? "depthwise_conv2d" : "grouped_conv2d";
  bool isVector = input.getDimSize(1) == 1 && input.getDimSize(2) == 1;
  return isVector && matrix.getKernelRows() == 1 && matrix.getKernelCols() == 1 ? "matmul"
                                                                                : "conv2d";
}

int64_t LayerOp::getResultOffset(unsigned index) {
  int64_t offset = 0;
  for (Value result : getResults().take_front(index))
    offset += int64_t(llvm::alignTo(globalBytes(result.getType()), globalAlignment));
  return offset;
}

LogicalResult LayerOp::verify() {
  // layer_c2
  if (getNumResults() != 1 && (getKind() != LayerKind::Host || getNumResults() == 0))
    return emitOpError() << "has " << getNumResults() << " results, expected one";
  for (Value result : getResults())
    if (!cast<RankedTensorType>(result.getType()).hasStaticShape())
      return emitOpError() << "gives " << result.getType() << ", expected a static shape";
  return success();
}

/// The arrays of the stacks that make the outputs [begin, end); nothing if one of them makes others
/// as well.
static std::optional<int64_t> arraysOf(TilingAttr tiling, int64_t begin, int64_t end) {
  int64_t arrays = 0;
  for (int64_t stack = 0; stack < tiling.getStackCount(); ++stack) {
    auto [first, last] = tiling.getStackOutputs(stack);
    if (last <= begin || first >= end)
      continue;
    if (first < begin || last > end)
      return std::nullopt;
    arrays += tiling.getStackArrays(stack);
  }
  return arrays;
}

/// A part that is not divided has whole stacks, and the arrays that they take.
static LogicalResult verifyWholePart(LayerOp op, TilingAttr tiling, PartAttr part) {
  std::optional<int64_t> arrays =
      tiling ? arraysOf(tiling, part.getOutputBegin(), part.getOutputEnd()) : 0;
  if (!arrays)
    return op.emitOpError() << "places outputs " << part.getOutputBegin() << " to "
                            << part.getOutputEnd() << " on core " << part.getCore()
                            << ", which are not those of whole stacks";
  if (part.getTiledArrays() != *arrays)
    return op.emitOpError() << "places " << part.getTiledArrays() << " arrays on core "
                            << part.getCore() << ", its stacks there have " << *arrays;
  return success();
}

/// One link of a chain has some arrays of one stack, the last link those up to the end.
static LogicalResult verifyDividedPart(LayerOp op, TilingAttr tiling, size_t index) {
  PlacementAttr placement = op.getPlacementAttr();
  PartAttr part = placement.getParts()[index];
  int64_t stack = tiling ? tiling.findStack(part.getOutputBegin(), part.getOutputEnd()) : -1;
  if (stack < 0)
    return op.emitOpError() << "divides outputs " << part.getOutputBegin() << " to "
                            << part.getOutputEnd() << ", which are not those of one stack";
  int64_t all = tiling.getStackArrays(stack);
  if ((part.getArrayEnd() == all) != placement.endsChain(index))
    return op.emitOpError() << "places arrays up to " << part.getArrayEnd()
                            << " of a stack on core " << part.getCore() << ", but the stack has "
                            << all;
  int64_t share = part.getArrayEnd() - part.getArrayBegin();
  if (part.getTiledArrays() != share)
    return op.emitOpError() << "places " << part.getTiledArrays() << " arrays on core "
                            << part.getCore() << ", its share of a stack there has " << share;
  return success();
}

static LogicalResult verifyPlacement(LayerOp op) {
  PlacementAttr placement = op.getPlacementAttr();
  // layer_c4
  auto [rows, cols, channels] = MapShape::of(op.getResultType().getShape());
  if (op.getKind() != LayerKind::Host && placement.getOutputs() != channels)
    return op.emitOpError() << "places " << placement.getOutputs() << " outputs, but has "
                            << channels;
  TilingAttr tiling = op.getTiling();
  int64_t arrays = tiling ? tiling.getArrays() * placement.getCopies() : 0;
  if (placement.getTiledArrays() != arrays)
    return op.emitOpError() << "places " << placement.getTiledArrays()
                            << " arrays, but its tiling has " << arrays;
  if (placement.getCols() != 0 && placement.getCols() != cols)
    return op.emitOpError() << "places copies of " << placement.getCols() << " columns, but has "
                            << cols;
  if (op.getKind() == LayerKind::Analog)
    return placement.getParts().size() == 1
               ? success()
               : LogicalResult(op.emitOpError()
                               << "of kind 'analog' is in " << placement.getParts().size()
                               << " parts, expected one");
  for (auto [index, part] : llvm::enumerate(placement.getParts()))
    if (failed(part.isDivided() ? verifyDividedPart(op, tiling, index)
                                : verifyWholePart(op, tiling, part)))
      return failure();
  return success();
}

/// Whether the result of a layer may lie where its inputs do, or in its input: a slice of a feature
/// map, or maps joined along their channels.
static bool canBeInPlace(LayerOp op) {
  auto isMapInput = [](Value value) {
    return isa<BlockArgument>(value) && cast<RankedTensorType>(value.getType()).getRank() == 4;
  };
  Operation *anchor = op.getAnchor();
  if (op.getKind() != LayerKind::Movement)
    return false;
  if (auto slice = dyn_cast<tosa::SliceOp>(anchor)) {
    std::optional<SmallVector<int64_t>> start = readIntegers(slice.getStart());
    return isMapInput(slice.getInput1()) && start && start->size() == 4;
  }
  auto concat = dyn_cast<tosa::ConcatOp>(anchor);
  return concat && concat.getAxis() == 3 && llvm::all_of(concat.getOperands(), isMapInput);
}

static LogicalResult verifySchedule(LayerOp op) {
  ScheduleAttr schedule = op.getScheduleAttr();
  // layer_c6
  if (schedule.getInPlace() && !canBeInPlace(op))
    return op.emitOpError("is in place, but neither slices a map nor joins maps by their channels");
  // layer_c5
  if (op.getKind() == LayerKind::Movement || op.getKind() == LayerKind::Host ||
      op.getKind() == LayerKind::Analog)
    return success();
  FailureOr<LayerPlan> plan = LayerPlan::of(op);
  if (failed(plan))
    return failure();
  if (!schedule.getBlockRows() || !schedule.getBlockCols() || !schedule.getBlockChannels())
    return op.emitOpError("is scheduled in empty blocks");
  BlockShape block = plan->blockOf(op);
  for (const PlanBuffer &buffer : plan->buffers) {
    BufferAttr placed = schedule.lookup(buffer.name);
    int64_t bytes = plan->bytes(buffer, block), copies = plan->copies(buffer, block);
    if (!placed || placed.getBytes() < bytes || placed.getCopies() < copies)
      return op.emitOpError() << "needs " << copies << " x " << bytes
                              << " bytes of scratchpad for '" << buffer.name
                              << "', the schedule has " << (placed ? placed.getCopies() : 0)
                              << " x " << (placed ? placed.getBytes() : 0);
  }
  return success();
}

LogicalResult LayerOp::verifyRegions() {
  Block &block = getBody().front();
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  // layer_c1
  if (!yield || TypeRange(block.getArguments()) != TypeRange(getInputs()) ||
      TypeRange(yield.getValues()) != TypeRange(getResults()))
    return emitOpError(
        "has block arguments or yielded values of other types than its inputs and results");
  // layer_c3
  auto matrices = block.getOps<Conv2DOp>();
  int64_t count = std::distance(matrices.begin(), matrices.end());
  if (count != (getKind() == LayerKind::Matrix ? 1 : 0))
    return emitOpError() << "of kind '" << stringifyLayerKind(getKind()) << "' has " << count
                         << " pim.conv2d";
  auto chains = block.getOps<AnalogLayersOp>();
  int64_t chainCount = std::distance(chains.begin(), chains.end());
  if (chainCount != (getKind() == LayerKind::Analog ? 1 : 0))
    return emitOpError() << "of kind '" << stringifyLayerKind(getKind()) << "' has " << chainCount
                         << " pim.analog_layers";
  if (getPlacementAttr() && failed(verifyPlacement(*this)))
    return failure();
  return getScheduleAttr() ? verifySchedule(*this) : success();
}
