# SPDX-License-Identifier: MIT
"""What the tests share: the types, the points to look at, calls of single kernels, errors
in ULPs.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

import mpmath
import numpy as np
from halfwave._halfwave import ffi, lib

import halfwave as hw
from halfwave import _ufuncs
from halfwave._table import FORWARD, GRAD, ROWS, VJP, isas

DIRECTIONS = {"forward": FORWARD, "grad": GRAD, "vjp": VJP}
ISAS = isas()
SEED = int(os.environ.get("HALFWAVE_TEST_SEED", "20240229"))

try:
    import ml_dtypes

    bfloat16 = np.dtype(ml_dtypes.bfloat16)
except ImportError:
    bfloat16 = None


@dataclass(frozen=True)
class Type:
    """A floating-point type: p bits of precision, normal exponents emin to emax."""

    name: str
    hw: int
    stored: type  # how the tests hold its bits
    p: int
    emin: int
    emax: int
    param: type

    def __str__(self):
        return self.name

    def values(self, bits):
        """Stored numbers as floats of NumPy."""
        if self.name == "bfloat16":
            return (bits.astype(np.uint32) << 16).view(np.float32)
        return bits

    def round(self, values):
        """Floats rounded to this type, stored."""
        if self.name != "bfloat16":
            with np.errstate(all="ignore"):
                return np.asarray(values).astype(self.stored)
        with np.errstate(all="ignore"):
            b = np.asarray(values, np.float32).view(np.uint32)
        b = np.where(np.isnan(values), 0x7FC00000, b + 0x7FFF + (b >> 16 & 1))
        return (b >> 16).astype(np.uint16)

    @property
    def bits(self):
        """The unsigned integer as wide as a stored number."""
        size = np.dtype(self.stored).itemsize
        return {2: np.uint16, 4: np.uint32, 8: np.uint64}.get(size)

    def hex(self, stored):
        """A witness: the value and its bits."""
        value = self.values(np.asarray([stored], self.stored))[0]
        bits = bytes(np.asarray(stored, self.stored).tobytes()[::-1]).hex()
        return f"{value!r} (0x{bits})"


_LD = np.finfo(np.longdouble)
TYPES = {
    t.name: t
    for t in (
        Type("float16", lib.HW_F16, np.float16, 11, -14, 15, np.float32),
        Type("bfloat16", lib.HW_BF16, np.uint16, 8, -126, 127, np.float32),
        Type("float32", lib.HW_F32, np.float32, 24, -126, 127, np.float32),
        Type("float64", lib.HW_F64, np.float64, 53, -1022, 1023, np.float64),
        Type(
            "longdouble",
            lib.HW_LD,
            np.longdouble,
            _LD.nmant + 1,
            int(_LD.minexp),
            int(_LD.maxexp) - 1,
            np.longdouble,
        ),
    )
}
INTEGERS = {
    f"{kind}{bits}": (getattr(lib, f"HW_{kind[0].upper()}{bits}"), np.dtype(f"{kind}{bits}"))
    for kind in ("int", "uint")
    for bits in (8, 16, 32, 64)
}

# ---- the rows ----

# Rows that the public functions reach through another name and an argument.
VARIANTS = {
    "hardsigmoid_linear": ("hardsigmoid", ()),
    "gelu_tanh": ("gelu", ("tanh",)),
    "geglu_tanh": ("geglu", ("tanh",)),
}


def python(code, *flags, **environment):
    """Run code in a new interpreter; its completed process."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("HALFWAVE_")}
    env.update(environment)
    return subprocess.run(
        [sys.executable, *flags, "-c", code], capture_output=True, text=True, env=env, timeout=120
    )


def cases(*directions, where=lambda row: True):
    """(row, direction) for each that the table has, as pytest wants them."""
    import pytest

    return [
        pytest.param(row, d, id=f"{row.name}-{d}")
        for row in ROWS.values()
        for d in directions or DIRECTIONS
        if where(row) and not (row.kind == "GATED" and d == "grad")
    ]


def defaults(row, direction="forward"):
    """Its parameters' defaults; None where one has none."""
    text = row.signature(DIRECTIONS[direction])
    found = re.findall(r"(\w+)(?:=([^,]+))?(?:,|$)", text.replace("*, ", ""))
    return [float(eval(value)) if value else None for _, value in found]


def ufunc(row, direction="forward"):
    return getattr(getattr(_ufuncs, direction), row.name)


def public(row, direction="forward"):
    """The function that users call, taking the ufunc's operands positionally."""
    if row.name == "glu":  # its public form takes one packed array
        return ufunc(row, direction)
    name, extra = VARIANTS.get(row.name, (row.name, ()))
    function = getattr(hw if direction == "forward" else getattr(hw, direction), name)
    if extra or (row.name in ROWS and row.name == "relu" and direction != "forward"):
        nstreams = len(row.streams(DIRECTIONS[direction]))

        def call(*operands, **kwargs):
            streams, params = operands[:nstreams], operands[nstreams:]
            names = row.param_names(DIRECTIONS[direction])
            return function(*streams, *extra, **dict(zip(names, params, strict=False)), **kwargs)

        return call
    return function


# ---- kernels ----


class Kernel:
    """One kernel of one instruction set, called on stored arrays as C calls it."""

    def __init__(self, row, direction, hw_type, isa):
        self.op = ffi.new("hw_op *")
        number = [ffi.string(lib.hw_isa_name(i)).decode() for i in range(lib.hw_isa_count())]
        self.exists = not lib.hw_get(
            self.op, row.index, DIRECTIONS[direction], hw_type, number.index(isa)
        )
        self.nin = self.op.nstreams + self.op.nparams
        self.nall = self.nin + self.op.nout
        self._steps = ffi.new("ptrdiff_t[]", max(self.nall, 1))
        self._at = ffi.new("char *[]", max(self.nall, 1))

    def apply(self, n, addresses, steps):
        """hw_apply at raw addresses."""
        for k in range(self.nall):
            self._at[k] = ffi.cast("char *", addresses[k])
            self._steps[k] = steps[k]
        lib.hw_apply(self.op, n, self._at, self._steps)

    def __call__(self, *operands, out=None):
        """Streams are arrays of one length; a parameter is such an array or 0-d."""
        operands = [np.asarray(a) for a in operands]
        n = len(operands[0])
        if out is None:
            last = operands[self.op.nstreams] if self.op.nparams else operands[0]
            types = [operands[0].dtype]
            if self.op.nout == 2:
                own = self.op.type[self.nin + 1] == self.op.type[0]
                types.append(operands[0].dtype if own else last.dtype)
            out = [np.empty(n, t) for t in types]
        arrays = [*operands, *out]
        for k, a in enumerate(arrays):
            assert a.itemsize == self.op.size[k], (k, a.dtype, self.op.size[k])
        self.apply(
            n, [a.ctypes.data for a in arrays], [a.strides[0] if a.ndim else 0 for a in arrays]
        )
        return out


def bits(array):
    """The array's bits with every NaN alike, for comparing."""
    array = np.asarray(array)
    if array.dtype == np.longdouble and array.itemsize > 8:
        return np.where(np.isnan(array), np.nan, array), np.signbit(array) & ~np.isnan(array)
    if array.dtype.kind != "f" and array.dtype != bfloat16:
        return array
    whole = array.view({2: np.uint16, 4: np.uint32, 8: np.uint64}[array.itemsize])
    return np.where(np.isnan(array), ~np.zeros_like(whole), whole)


def same(a, b):
    """Equal bits, NaN aside."""
    a, b = bits(a), bits(b)
    if isinstance(a, tuple):
        return np.array_equal(a[0], b[0], equal_nan=True) and np.array_equal(a[1], b[1])
    return np.array_equal(a, b)


def same_stored(t, a, b):
    """Where stored arrays of type t have equal bits, NaN aside."""
    equal = a == b if t.bits is None else a.view(t.bits) == b.view(t.bits)
    if t.bits is None:
        equal &= np.signbit(a) == np.signbit(b)
    return equal | (np.isnan(t.values(a)) & np.isnan(t.values(b)))


# ---- points ----

KINKS = (0.5, 1, 2, 3, 6, 0.25, 1.5, 0.75, 1.2784645427610738, 0.7511, 0.7517915, 1.192, 2.399)
TAILS = (
    1e-3,
    0.1,
    4,
    5.5,
    8,
    9.01,
    10,
    13.2,
    14.5,
    16.6,
    17.4,
    18.4,
    20,
    36.7,
    37.5,
    38.6,
    44,
    87.3,
    88.7,
    89.5,
    103.9,
    104,
    110,
    126,
    128,
    300,
    700,
    709.7,
    710,
    744.4,
    745.2,
    760,
    1e4,
)


def specials(t):
    """Stored zeros, ones, limits of the type, kinks with their neighbours, NaN and infinities."""
    ld = np.longdouble
    tiny = np.ldexp(ld(1), t.emin)
    sub = np.ldexp(ld(1), t.emin - t.p + 1)
    big = np.ldexp(2 - np.ldexp(ld(1), 1 - t.p), t.emax)
    near = np.array([*KINKS, *TAILS], ld)
    eps = np.ldexp(ld(1), 1 - t.p)
    near = np.concatenate([near * (1 + k * eps) for k in range(-3, 4)])
    sizes = np.concatenate([
        near, [0, sub, 2 * sub, 3 * sub, tiny - sub, tiny, tiny + sub, tiny * 2**5, big,
        big / 2, big / 3,
               big / 4, np.sqrt(big), 1 / np.sqrt(big), np.cbrt(big), np.cbrt(tiny), eps,
               eps / 2, eps * 2],
    ])  # fmt: skip
    with np.errstate(all="ignore"):
        values = np.concatenate([sizes, -sizes, [np.inf, -np.inf, np.nan]]).astype(
            np.float32 if t.name == "bfloat16" else t.stored
        )
    return t.round(values)


def random_bits(t, n, rng):
    """Stored numbers with any bits."""
    if t.bits is None:
        with np.errstate(all="ignore"):
            size = np.exp2(rng.uniform(t.emin - t.p, t.emax, n).astype(np.longdouble))
        return size * (1 + rng.random(n)) / 2 * rng.choice([-1, 1], n)
    return rng.integers(0, np.iinfo(t.bits).max, n, t.bits, endpoint=True).view(t.stored)


def points(t, n, rng):
    """Specials, n random bit patterns, n of everyday size."""
    everyday = t.round(rng.normal(size=n) * rng.choice([0.1, 1, 3, 10, 40], n))
    return np.concatenate([specials(t), random_bits(t, n, rng), everyday]).astype(t.stored)


def every(t):
    """All 65,536 numbers of a half type."""
    return np.arange(65536, dtype=np.uint16).view(t.stored)


# ---- errors ----


def ulp(t, exact):
    """The unit in the last place of float values in type t, as longdouble."""
    _, e = np.frexp(np.abs(exact))
    return np.ldexp(np.longdouble(1), np.maximum(e - 1, t.emin) - (t.p - 1))


def errors(t, got, exact, floor=0):
    """|got - exact| in ULPs of exact (of `floor`, where that is larger); exact is of longdouble.

    Infinity counts as the number after the largest; a NaN on one side only is an infinite error.
    """
    top = (
        np.ldexp(np.longdouble(1), t.emax + 1) if t.emax < _LD.maxexp - 1 else np.longdouble(np.inf)
    )
    got = t.values(got).astype(np.longdouble)
    nan = np.isnan(got), np.isnan(exact)
    with np.errstate(all="ignore"):
        g, e = np.clip(got, -top, top), np.clip(exact, -top, top)
        error = np.where(
            g == e, 0, np.abs(g - e) / ulp(t, np.maximum(np.minimum(np.abs(e), top / 2), floor))
        )
    error = np.where(np.isinf(exact) & (got != exact), np.inf, error)
    return np.where(nan[0] | nan[1], np.where(nan[0] & nan[1], 0, np.inf), error)


def errors_mp(t, got, exact, floor=None):
    """The same with exact results of mpmath, and `floor` an array of them."""
    from oracles import exact_objects

    found = np.empty(len(got))
    top = mpmath.ldexp(1, t.emax + 1)
    with mpmath.workprec(400):
        for i, (g, e) in enumerate(zip(exact_objects(t.values(got)), exact, strict=True)):
            if mpmath.isnan(g) or mpmath.isnan(e):
                found[i] = 0 if mpmath.isnan(g) and mpmath.isnan(e) else np.inf
            elif mpmath.isinf(e):
                found[i] = 0 if g == e else np.inf
            else:
                g, e = (max(min(v, top), -top) for v in (g, e))
                size = max(abs(e), floor[i]) if floor is not None else abs(e)
                last = max(mpmath.mag(size) - 1, t.emin) if size else t.emin
                last = min(last, t.emax) - (t.p - 1)
                found[i] = float(abs(g - e) * mpmath.ldexp(1, -last))
    return found
