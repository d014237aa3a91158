# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of real models that the end-to-end tests compile and run.

Float accuracies are those of onnxruntime 1.30: over the whole test set from the README beside the
data, over the first samples (the quick run) measured with bench/speed/onnxruntime.mjs.
"""

import array
import csv
import gzip
import os
from dataclasses import dataclass, field

import npy
from harness import DIGITS, SHARED_DATA

CIFAR_RECORD = 1 + 3 * 32 * 32


@dataclass(frozen=True)
class Dataset:
    """Files as pimc and pim-run take them. `labels` is None where the file holds its labels."""
    images: str
    labels: str | None
    calibration: str


@dataclass(frozen=True)
class Model:
    name: str
    dataset: str
    preprocess: tuple  # options for pimc, which records them in the program
    samples: dict  # {"quick": N, "full": N}
    float_top1: dict  # likewise, as a share of 1
    allowed_loss: float  # share of 1, over the whole set; the quick run is allowed a point or one sample
    calibrates: bool = True  # False: the model brings its own quantization
    extra: tuple = field(default=())  # further options for pimc

    @property
    def path(self):
        if self.name == "digits_lenet5":
            return os.path.join(DIGITS, "lenet5.onnx")
        if os.path.exists(bundled := os.path.join(DIGITS, self.name + ".onnx")):
            return bundled
        return os.path.join(SHARED_DATA, "models", self.name, "model.onnx")

    def loss_limit(self, mode):
        if mode == "full":
            return self.allowed_loss
        return max(self.allowed_loss, 0.01, 1 / self.samples[mode])


UNIT = ("--scale", "1/255")
MNIST = ("--scale", "1/255", "--mean", "0.1307", "--std", "0.3081")
IMAGENET = ("--scale", "1/255", "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225")
CIFAR = ("--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2470,0.2435,0.2616")
VIT = ("--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2023,0.1994,0.2010")
# Caffe's order: blue first, and only the mean taken off.
CAFFE = ("--mean", "104,117,123", "--layout", "nhwc")


def _small(name, dataset, preprocess, quick_top1, full_top1, total, quick=1000, loss=0.003, **more):
    return Model(name, dataset, preprocess, {"quick": quick, "full": total},
                 {"quick": quick_top1, "full": full_top1}, loss, **more)


def _long(name, dataset, preprocess, full_top1, total, loss=0.005, **more):
    """A network for the long run alone."""
    return Model(name, dataset, preprocess, {"quick": 0, "full": total}, {"full": full_top1}, loss,
                 **more)


MODELS = [
    _small("digits_lenet5", "digits", UNIT, 0.996, 0.996, 500, quick=500),
    _small("mnist_8", "mnist", (), 0.987, 0.9830, 5000),
    _small("mnist_cnn_pytorch", "mnist", MNIST, 0.987, 0.9860, 5000),
    _small("mnist_fc_256x4", "mnist", UNIT, 0.974, 0.9670, 5000),
    _small("mnist_pool_mlp", "mnist", MNIST, 0.912, 0.9044, 5000),
    _small("fashion_cnn", "fashion_mnist", (), 0.92, 0.9162, 4640),
    _small("fashion_mlp", "fashion_mnist", UNIT, 0.9, 0.8817, 4640),
    _small("cifar10_resnet20", "cifar10", IMAGENET, 0.905, 0.9141, 4924, quick=200, loss=0.005),
    _small("cifar10_resnet8_int8_qdq", "cifar10", (), 0.88, 0.8698, 4924, quick=200, loss=0.005,
           calibrates=False),
    _long("mnist_int8_dynamic", "mnist", UNIT, 0.9842, 5000),
    _long("mnist_fc_sigmoid_6x200", "mnist", UNIT, 0.9690, 5000),
    _long("mnist_tfc_w1a1_qonnx", "mnist", UNIT, 0.9070, 5000, loss=0.003),
    _long("mnist_tfc_w2a2_qonnx", "mnist", UNIT, 0.9536, 5000),
    _long("cifar10_resnet32", "cifar10", IMAGENET, 0.9220, 4924),
    _long("cifar10_resnet20_torch_export", "cifar10", CIFAR, 0.9155, 4924),
    _long("cifar10_resnet8_fp32", "cifar10", (), 0.8698, 4924),
    _long("cifar10_mobilenet_alibaba", "cifar10", IMAGENET, 0.8385, 4924),
    _long("cifar10_squeezenet_tf", "cifar10", UNIT, 0.7762, 4924),
    _long("cifar10_tinymobilenet_fp32", "cifar10", CIFAR, 0.7847, 4924),
    _long("cifar10_tinymobilenet_int8_qlinear", "cifar10", CIFAR, 0.7841, 4924, calibrates=False),
    _long("cifar10_cnn_large", "cifar10", UNIT, 0.7421, 4924),
    _long("cifar10_resnet_2b", "cifar10", CIFAR, 0.6954, 4924),
    _long("cifar10_vit_pgd_2_3_16", "cifar10", VIT, 0.5985, 4924),
    _long("cifar10_cnn_bn_tf", "cifar10", UNIT, 0.6216, 4924, loss=0.003),
    _long("kws_dscnn_fp32", "kws_mfcc", (), 0.8980, 500),
    _long("kws_dscnn_int8_qdq", "kws_mfcc", (), 0.8980, 500, calibrates=False),
    _long("imagenet_squeezenet1.0_fp16", "imagenet_bgr", CAFFE, 0.65, 200, loss=0.02),
    _long("imagenet_mobilenetv1_025_128_qdq", "imagenet_128",
          ("--mean", "128", "--std", "128", "--layout", "nhwc"), 0.5, 200, loss=0.02,
          calibrates=False),
    _small("imagenet_squeezenet1.0_fp32", "imagenet_bgr", CAFFE, 0.5, 0.65, 200, quick=4,
           loss=0.02),
    _small("imagenet_mobilenetv2_int8_qdq", "imagenet", IMAGENET + ("--layout", "nhwc"), 1.0, 0.835,
           200, quick=4, loss=0.02, calibrates=False),
]


def _data(*parts):
    return os.path.join(SHARED_DATA, "datasets", *parts)


def _prepare_cifar10(folder):
    calibration = os.path.join(folder, "cifar10-calibration.bin")
    with gzip.open(_data("cifar10", "train_10k.bin.gz")) as source, open(calibration, "wb") as out:
        out.write(source.read(512 * CIFAR_RECORD))
    return Dataset(_data("cifar10", "test_a.bin"), None, calibration)


def _prepare_imagenet(folder, reverse_channels):
    source = _data("imagenet_sample", "test_a_224_u8_nhwc.npy")
    suffix = "bgr" if reverse_channels else "rgb"
    images = source
    dtype, shape, values = npy.read(source)
    pixels = bytearray(values.tobytes())
    if reverse_channels:
        pixels[0::3], pixels[2::3] = pixels[2::3], pixels[0::3]
        images = os.path.join(folder, f"imagenet-{suffix}.npy")
        npy.write(images, dtype, shape, pixels)
    # There are no other photos to calibrate with; a few of the test photos are taken.
    calibration = os.path.join(folder, f"imagenet-{suffix}-calibration.npy")
    count = 32
    size = len(pixels) // shape[0]
    npy.write(calibration, dtype, (count,) + shape[1:], pixels[:count * size])
    labels = os.path.join(folder, "imagenet-labels.npy")
    with open(_data("imagenet_sample", "test_a_labels.tsv"), encoding="utf-8") as file:
        classes = [int(row["class_index_0_999"]) for row in csv.DictReader(file, delimiter="\t")]
    npy.write(labels, "<i4", (len(classes),), b"".join(c.to_bytes(4, "little") for c in classes))
    return Dataset(images, labels, calibration)


def _prepare_small_imagenet(folder):
    """Photos of 128x128 for networks whose class 0 is the background."""
    images = _data("imagenet_sample", "test_a_128_u8_nhwc.npy")
    dtype, shape, values = npy.read(images)
    pixels = values.tobytes()
    calibration = os.path.join(folder, "imagenet-128-calibration.npy")
    npy.write(calibration, dtype, (32,) + shape[1:], pixels[:32 * (len(pixels) // shape[0])])
    labels = os.path.join(folder, "imagenet-128-labels.npy")
    with open(_data("imagenet_sample", "test_a_labels.tsv"), encoding="utf-8") as file:
        classes = [int(row["class_index_0_999"]) + 1
                   for row in csv.DictReader(file, delimiter="\t")]
    npy.write(labels, "<i4", (len(classes),), b"".join(c.to_bytes(4, "little") for c in classes))
    return Dataset(images, labels, calibration)


def _prepare_keywords(folder):
    """Coefficients of speech: (i8 - 83) * 0.5847029."""
    _, shape, values = npy.read(_data("kws_mfcc", "test_a_mfcc_i8_n_49_10.npy"))
    reals = array.array("f", ((value - 83) * 0.5847029 for value in array.array("b", values.tobytes())))
    images = os.path.join(folder, "kws.npy")
    calibration = os.path.join(folder, "kws-calibration.npy")
    count, size = 128, len(reals) // shape[0]
    npy.write(images, "<f4", (shape[0], 1) + tuple(shape[1:]), reals.tobytes())
    npy.write(calibration, "<f4", (count, 1) + tuple(shape[1:]), reals[:count * size].tobytes())
    return Dataset(images, _data("kws_mfcc", "test_a_labels_u8.npy"), calibration)


def prepare_dataset(name, folder):
    """Returns the Dataset; files that have to be made are written below `folder`."""
    if name == "digits":
        return Dataset(*(os.path.join(DIGITS, f"{part}-idx{rank}-ubyte.gz") for part, rank in
                         (("test-images", 3), ("test-labels", 1), ("calibration-images", 3))))
    if name in ("mnist", "fashion_mnist"):
        return Dataset(_data(name, "test-a-images-idx3-ubyte"),
                       _data(name, "test-a-labels-idx1-ubyte"),
                       _data(name, "train-images-idx3-ubyte.gz"))
    if name == "cifar10":
        return _prepare_cifar10(folder)
    if name == "kws_mfcc":
        return _prepare_keywords(folder)
    if name == "imagenet_128":
        return _prepare_small_imagenet(folder)
    if name in ("imagenet", "imagenet_bgr"):
        return _prepare_imagenet(folder, name == "imagenet_bgr")
    raise KeyError(name)


def has_data(model):
    return model.dataset == "digits" or os.path.exists(model.path)


def _open(path):
    return gzip.open(path) if path.endswith(".gz") else open(path, "rb")


def _number_list(options, name, default):
    """The values of an option, as floats; '1/255' is a number."""
    if name not in options:
        return [default]
    text = options[options.index(name) + 1]
    quotients = (part.partition("/") for part in text.split(","))
    return [float(top) / float(bottom or 1) for top, _, bottom in quotients]


def read_samples(model, dataset, count):
    """Returns (floats in NCHW order as onnxruntime takes them, class of each sample)."""
    scale = _number_list(model.preprocess, "--scale", 1)[0]
    mean = _number_list(model.preprocess, "--mean", 0)
    deviation = _number_list(model.preprocess, "--std", 1)
    tables = [[(level * scale - mean[c % len(mean)]) / deviation[c % len(deviation)]
               for level in range(256)] for c in range(3)]
    values = array.array("f")
    if dataset.labels is None:
        with open(dataset.images, "rb") as file:
            records = file.read(count * CIFAR_RECORD)
        labels = list(records[::CIFAR_RECORD])
        for begin in range(0, len(records), CIFAR_RECORD):
            for c in range(3):
                plane = records[begin + 1 + 1024 * c:begin + 1 + 1024 * (c + 1)]
                values.extend(tables[c][level] for level in plane)
    elif dataset.images.endswith(".npy"):
        kind, shape, pixels = npy.read(dataset.images)
        _, _, classes = npy.read(dataset.labels)
        size, labels = len(pixels) // shape[0], list(classes[:count])
        if kind == "<f4":
            return pixels[:count * size], labels
        for i in range(count):
            image = pixels[i * size:(i + 1) * size]
            for c in range(3):
                values.extend(tables[c][level] for level in image[c::3])
    else:
        with _open(dataset.images) as file:
            pixels = file.read()[16:16 + count * 784]
        with _open(dataset.labels) as file:
            labels = list(file.read()[8:8 + count])
        values.extend(tables[0][level] for level in pixels)
    return values, labels
