# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NumPy .npy and .npz files without NumPy: just enough for the end-to-end tests."""

import array
import ast
import struct
import zipfile

_MAGIC = b"\x93NUMPY"
_TYPECODES = {"|b1": "B", "|u1": "B", "|i1": "b", "<u2": "H", "<i2": "h", "<u4": "I", "<i4": "i",
              "<u8": "Q", "<i8": "q", "<f4": "f", "<f8": "d"}


def parse(content):
    """Returns (dtype text, shape, array.array) of the bytes of a little-endian C-order .npy file;
    the values of halves and texts come as a list."""
    if content[:6] != _MAGIC:
        raise ValueError("not an .npy file")
    if content[6] == 1:
        (length,), begin = struct.unpack_from("<H", content, 8), 10
    else:
        (length,), begin = struct.unpack_from("<I", content, 8), 12
    header = ast.literal_eval(content[begin:begin + length].decode("latin-1"))
    if header["fortran_order"]:
        raise ValueError("Fortran order")
    if header["descr"] == "<f2":
        values = [value for (value,) in struct.iter_unpack("<e", content[begin + length:])]
        return header["descr"], tuple(header["shape"]), values
    if header["descr"].startswith("<U"):
        width = 4 * int(header["descr"][2:])
        data = content[begin + length:]
        values = [data[at:at + width].decode("utf-32-le").rstrip("\0")
                  for at in range(0, len(data), width or 1)]
        return header["descr"], tuple(header["shape"]), values
    values = array.array(_TYPECODES[header["descr"]])
    values.frombytes(content[begin + length:])
    return header["descr"], tuple(header["shape"]), values


def read(path):
    with open(path, "rb") as file:
        return parse(file.read())


def read_npz(path):
    """Returns {name: (dtype text, shape, array.array)}."""
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".npy"): parse(archive.read(name)) for name in archive.namelist()}


def encode(dtype, shape, data):
    header = repr({"descr": dtype, "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return _MAGIC + b"\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin-1") + data


def write(path, dtype, shape, data):
    """`data`: the bytes of the elements, little-endian, in C order."""
    with open(path, "wb") as file:
        file.write(encode(dtype, shape, bytes(data)))
