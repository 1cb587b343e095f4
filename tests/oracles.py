# SPDX-License-Identifier: MIT
"""What each row of the table should compute, written apart from the kernels and for accuracy alone.

An oracle is the formula over an arithmetic m: either NumPy's longdouble (LD: quick, enough for 24
bits of the result) or mpmath (MP: as exact as wanted, with unlimited exponents). It sees finite x;
special values have tests of their own. Both branches of a `where` are computed, so each must be
harmless elsewhere.
"""

import math

import mpmath
import numpy as np

MP_BITS = 240


class LD:
    """longdouble; p and emin of the type whose rounding `rounded` copies."""

    small = 2.0**-5  # below this a series of a few terms is exact enough
    exp, expm1, log1p, tanh, sqrt = np.exp, np.expm1, np.log1p, np.tanh, np.sqrt
    where, abs = staticmethod(np.where), np.abs
    pi = np.longdouble("3.14159265358979323846264338327950288")
    _erfc = np.frompyfunc(math.erfc, 1, 1)

    def __init__(self, compute):
        self.compute = compute

    def number(self, text):
        return np.longdouble(text)

    def erfc(self, x):
        return self._erfc(np.asarray(x, float)).astype(np.longdouble)

    def rounded(self, x):
        return np.asarray(x).astype(self.compute).astype(np.longdouble)

    def array(self, values):
        return np.asarray(values).astype(np.longdouble)


def _objects(function, most=None):
    """A function for arrays of mpf, whose arguments are kept within most.

    Beyond, exponentials are far outside of every type, and their millions of bits cost time.
    """
    if most is not None:
        made = np.frompyfunc(lambda x: function(max(min(x, most), -most)), 1, 1)
    else:
        made = np.frompyfunc(function, 1, 1)
    return lambda self, x: made(x)


class MP:
    """mpmath, on object arrays."""

    small = 2.0**-30
    exp, expm1 = _objects(mpmath.exp, 2**30), _objects(mpmath.expm1, 2**30)
    tanh, erfc = _objects(mpmath.tanh, 2**15), _objects(mpmath.erfc, 2**15)
    log1p, abs = _objects(mpmath.log1p), _objects(abs)
    where = staticmethod(np.where)
    sqrt = _objects(lambda a: mpmath.sqrt(a) if a >= 0 else mpmath.nan)

    def __init__(self, compute):
        self.bits = np.finfo(compute).nmant + 1

    @property
    def pi(self):
        return +mpmath.pi

    def number(self, text):
        return mpmath.mpf(text)

    def rounded(self, x):
        def one(a):
            with mpmath.workprec(self.bits):
                return +a

        return np.frompyfunc(one, 1, 1)(x)

    def array(self, values):
        return exact_objects(values)


def exact_objects(values):
    """NumPy floats as an array of mpf, exactly."""

    def one(v):
        if not np.isfinite(v):
            return mpmath.mpf(float(v))
        n, d = v.as_integer_ratio()  # d is a power of 2
        return mpmath.ldexp(mpmath.mpf(n, prec=20000), 1 - d.bit_length())

    values = np.asarray(values, np.longdouble)
    made = np.empty(values.shape, object)
    for i in np.ndindex(values.shape):
        made[i] = one(values[i])
    return made


# ---- parts ----


def sigmoid(m, x):
    e = m.exp(-m.abs(x))
    return m.where(x >= 0, 1, e) / (1 + e)


def d_sigmoid(m, x):
    e = m.exp(-m.abs(x))
    return e / (1 + e) ** 2


def clamp(m, x, low, high):
    return m.where(x < low, low, m.where(x > high, high, x))


def step(m, on):
    return m.where(on, 1, 0) + m.number(0)


def log1pexp(m, x):
    return m.where(x > 0, x, 0) + m.log1p(m.exp(-m.abs(x)))


# ---- rectifiers ----


def relu(m, x):
    return m.where(x > 0, x, 0)


def d_relu(m, x, at_zero=0):
    return m.where(x == 0, at_zero, step(m, x > 0))


def relu6(m, x):
    return clamp(m, x, 0, 6)


def d_relu6(m, x):
    return step(m, (x > 0) & (x < 6))


def leaky_relu(m, x, slope):
    return m.where(x > 0, x, slope * x)


def d_leaky_relu(m, x, slope):
    return m.where(x > 0, 1, slope)


prelu, d_prelu = leaky_relu, d_leaky_relu


def w_prelu(m, x, weight):
    return m.where(x > 0, 0, x)


def rrelu(m, x, lower, upper):
    return leaky_relu(m, x, m.rounded((lower + upper) / 2))


def d_rrelu(m, x, lower, upper):
    return d_leaky_relu(m, x, m.rounded((lower + upper) / 2))


def relu_squared(m, x):
    return relu(m, x) ** 2


def d_relu_squared(m, x):
    return 2 * relu(m, x)


def threshold(m, x, theta, value):
    return m.where(x > theta, x, value)


def d_threshold(m, x, theta, value):
    return step(m, x > theta)


def hardtanh(m, x, low, high):
    raised = m.where(x < low, low, x)
    return m.where(raised > high, high, raised)


def d_hardtanh(m, x, low, high):
    return step(m, (x > low) & (x < high))


def hardsigmoid(m, x):
    return clamp(m, (x + 3) / 6, 0, 1)


def d_hardsigmoid(m, x):
    return m.where((x > -3) & (x < 3), m.number(1) / 6, 0)


def hardsigmoid_linear(m, x, alpha, beta):
    return clamp(m, alpha * x + beta, 0, 1)


def d_hardsigmoid_linear(m, x, alpha, beta):
    y = m.rounded(alpha * x + beta)
    return m.where((y > 0) & (y < 1), alpha, 0)


def hardswish(m, x):
    return m.where(x <= -3, 0, m.where(x >= 3, x, x * (x + 3) / 6))


def d_hardswish(m, x):
    return m.where(x <= -3, 0, m.where(x >= 3, 1, (2 * x + 3) / 6))


def hardshrink(m, x, lambd):
    return m.where(m.abs(x) > lambd, x, 0)


def softshrink(m, x, lambd):
    return m.where(x > lambd, x - lambd, m.where(x < -lambd, x + lambd, 0))


def shrink(m, x, lambd, bias):
    return m.where(x < -lambd, x + bias, m.where(x > lambd, x - bias, 0))


def d_shrink(m, x, lambd, bias=None):
    return step(m, (x > lambd) | (x < -lambd))


d_hardshrink = d_softshrink = d_shrink


def sparse_plus(m, x):
    return m.where(x <= -1, 0, m.where(x >= 1, x, (x + 1) ** 2 / 4))


def sparse_sigmoid(m, x):
    return clamp(m, (x + 1) / 2, 0, 1)


d_sparse_plus = sparse_sigmoid


def d_sparse_sigmoid(m, x):
    return m.where((x > -1) & (x < 1), m.number(1) / 2, 0)


# ---- smooth rectifiers ----

SELU_SCALE = "1.0507009873554804934193349852946"
SELU_ALPHA = "1.6732632423543772848170429916717"


def elu(m, x, alpha):
    return m.where(x > 0, x, alpha * m.expm1(m.where(x > 0, 0, x)))


def d_elu(m, x, alpha):
    return m.where(x > 0, 1, alpha * m.exp(m.where(x > 0, 0, x)))


def celu(m, x, alpha):
    return m.where(x > 0, x, alpha * m.expm1(m.where(x > 0, 0, x) / alpha))


def d_celu(m, x, alpha):
    return m.where(x > 0, 1, m.exp(m.where(x > 0, 0, x) / alpha))


def selu(m, x):
    return m.number(SELU_SCALE) * elu(m, x, m.number(SELU_ALPHA))


def d_selu(m, x):
    return m.number(SELU_SCALE) * d_elu(m, x, m.number(SELU_ALPHA))


def softplus(m, x, beta):
    return log1pexp(m, beta * x) / beta


def d_softplus(m, x, beta):
    return sigmoid(m, beta * x)


def squareplus(m, x, b):
    root = m.sqrt(x * x + b)
    return m.where(x < 0, b / (root + m.abs(x)), x + root) / 2


def d_squareplus(m, x, b):
    return squareplus(m, x, b) / m.sqrt(x * x + b)


def gelu(m, x):
    return x / 2 * m.erfc(-x / m.sqrt(m.number(2)))


def d_gelu(m, x):
    density = m.exp(-x * x / 2) / m.sqrt(2 * m.pi)
    return m.erfc(-x / m.sqrt(m.number(2))) / 2 + x * density


def _inner(m, x):
    c = m.number("44715") / 1000000
    k = 2 * m.sqrt(2 / m.pi)
    return k * (x + c * x**3), k * (1 + 3 * c * x * x)


def gelu_tanh(m, x):
    return x * sigmoid(m, _inner(m, x)[0])


def d_gelu_tanh(m, x):
    u, du = _inner(m, x)
    return sigmoid(m, u) + x * d_sigmoid(m, u) * du


def swish(m, x, beta):
    return x * sigmoid(m, beta * x)


def d_swish(m, x, beta):
    return sigmoid(m, beta * x) * (1 + beta * x * sigmoid(m, -beta * x))


def silu(m, x):
    return swish(m, x, 1)


def d_silu(m, x):
    return d_swish(m, x, 1)


def quick_gelu(m, x):
    return swish(m, x, m.number(1702) / 1000)


def d_quick_gelu(m, x):
    return d_swish(m, x, m.number(1702) / 1000)


def _mish(m, x):
    """tanh(log(1 + e^x)) and its complement's product, from e^-|x|."""
    q = m.exp(-m.abs(x))
    up = x > 0
    below = m.where(up, 1 + 2 * q + 2 * q * q, q * q + 2 * q + 2)
    return m.where(up, 1 + 2 * q, q * q + 2 * q) / below, m.where(up, q * q, 1) * 4 * (
        1 + q
    ) ** 2 / below**2


def mish(m, x):
    return x * _mish(m, x)[0]


def d_mish(m, x):
    t, slope = _mish(m, x)
    return t + x * slope * sigmoid(m, x)


# ---- sigmoids ----


def logsigmoid(m, x):
    return -log1pexp(m, -x)


def d_logsigmoid(m, x):
    return sigmoid(m, -x)


def tanh(m, x):
    return m.tanh(x)


def d_tanh(m, x):
    return 4 * d_sigmoid(m, 2 * x)


def tanhshrink(m, x):
    near, square = m.where(m.abs(x) < m.small, x, 0), m.where(m.abs(x) < m.small, x, 0) ** 2
    series = 0
    for n, d in reversed(
        [(1, 3), (-2, 15), (17, 315), (-62, 2835), (1382, 155925), (-21844, 6081075)]
    ):
        series = series * square + m.number(n) / d
    return m.where(m.abs(x) < m.small, series * square * near, x - m.tanh(x))


def d_tanhshrink(m, x):
    return m.tanh(x) ** 2


def softsign(m, x):
    return x / (1 + m.abs(x))


def d_softsign(m, x):
    return 1 / (1 + m.abs(x)) ** 2


# ---- the rows ----

# Gated units: the activation of the first operand.
GATED = {
    "reglu": "relu",
    "swiglu": "silu",
    "geglu": "gelu",
    "geglu_tanh": "gelu_tanh",
    "glu": "sigmoid",
}

# Parameters to try besides the defaults.
PARAMS = {
    "relu": [()],
    "leaky_relu": [(0.25,), (-0.5,), (1.75,), (0.0,)],
    "prelu": [(0.25,), (0.1,), (-3.0,), (0.0,), (1.0,)],
    "rrelu": [(0.1, 0.1), (-1.0, 2.5)],
    "threshold": [(0.0, 0.0), (0.1, 20.0), (-1.5, -0.3)],
    "hardtanh": [(0.0, 6.0), (-0.1, 0.3), (-5.0, -2.0)],
    "hardsigmoid_linear": [(0.2, 0.5), (0.1, 0.3), (-0.75, 2.0), (1e30, 0.5), (0.0, 0.5)],
    "hardshrink": [(0.0,), (2.75,), (0.1,)],
    "softshrink": [(0.0,), (2.75,), (0.1,)],
    "shrink": [(0.5, 0.5), (0.1, -0.3), (1.5, 1.5)],
    "elu": [(0.5,), (1.7,), (-0.3,), (0.0,)],
    "celu": [(0.5,), (1.7,), (-0.7,), (0.1,)],
    "softplus": [(2.0,), (0.1,), (-1.3,)],
    "squareplus": [(1e-3,), (1.0,), (0.3,), (100.0,)],
    "swish": [(1.702,), (0.3,), (-1.0,), (0.0,), (0.1,)],
}
GRAD_PARAMS = {"relu": [(1.0,), (0.5,), (-0.25,)]}

# Where a derivative crosses zero; within 1/4 its error counts in ULPs of at least 2^-4.
CROSSINGS = {
    "silu": [-1.2784645427610738],
    "quick_gelu": [-0.7511542554401138],
    "gelu": [-0.7517915246935645],
    "gelu_tanh": [-0.7524614220710162],
    "mish": [-1.1924312145154924],
    "hardswish": [-1.5],
}

# float32 inputs that were once beyond a bound, or came closest to it.
WITNESSES = {
    name: [float.fromhex(x) for x in found.split()]
    for name, found in {
        "gelu": "-0x1.0a740cp-2 -0x1.12b604p-2 -0x1.d9ed7ep-3",  # far from a piece's centre
        "gelu_tanh": "-0x1.ee68fep-3 -0x1.f0e102p-3 -0x1.e505dp-3",
        "hardsigmoid": "-0x1.800002p-24",  # a near-tie
        "tanhshrink": "-0x1.7ffffep+0 0x1.026f3ep-2",  # 1 + |x| rounds up; a slope rounded twice
    }.items()
}


def crossings(name, params):
    if name == "swish":
        return [-1.2784645427610738 / float(params[0])] if params[0] else []
    return CROSSINGS.get(GATED.get(name, name), [])


def has(name):
    """Whether the row has its oracles."""
    activation = GATED.get(name, name)
    return activation in globals() and f"d_{activation}" in globals()


def parameter_sets(row, direction):
    """The tuples of parameters to test a row with, defaults first."""
    from support import defaults

    own = defaults(row, direction)
    sets = [] if None in own else [tuple(own)]
    extra = PARAMS.get(row.name, [()])
    if direction != "forward":
        extra = GRAD_PARAMS.get(row.name, extra)
    return sets + [s for s in extra if len(s) == len(own) and s not in sets]


def evaluate(m, row, direction, streams, params):
    """The exact results, one a result of the kernel: streams and params are of m."""
    name = GATED.get(row.name, row.name)
    f, d = globals()[name], globals()[f"d_{name}"]
    with np.errstate(all="ignore"), mpmath.workprec(MP_BITS):
        if row.kind == "GATED":
            if direction == "forward":
                gate, up = streams
                return [f(m, gate) * up]
            g, gate, up = streams
            return [g * up * d(m, gate), g * f(m, gate)]
        if direction == "forward":
            return [f(m, streams[0], *params) + m.number(0)]
        if direction == "grad":
            return [d(m, streams[0], *params) + m.number(0)]
        g, x = streams
        results = [g * d(m, x, *params)]
        if row.kind == "WEIGHTED":
            results.append(g * globals()[f"w_{name}"](m, x, *params))
        return results
