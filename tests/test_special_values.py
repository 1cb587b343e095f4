# SPDX-License-Identifier: MIT
"""NaN, infinities, zeros with their signs, kinks, and products with a derivative that is 0."""

import mpmath
import numpy as np
import oracles
import pytest
from support import ISAS, ROWS, TYPES, Kernel, cases, errors_mp, public, same_stored, specials

import halfwave as hw

HUGE = mpmath.ldexp(
    1, 200
)  # stands for infinity: what a function has there is its limit, and its side
ALL_TYPES = pytest.mark.parametrize("t", TYPES.values(), ids=str)


def isas(t):
    return ["portable"] if t.name == "longdouble" else ISAS


def params_of(t, values):
    return [np.array(p, t.param) for p in values]


def row_and_params(*directions, gated=False):
    return [
        pytest.param(*case.values, values, id=f"{case.id}-{values}")
        for case in cases(*directions, where=lambda row: (row.kind == "GATED") == gated)
        for values in oracles.parameter_sets(*case.values)
    ]


def limit(row, direction, x, values):
    """The limit at x = +-HUGE as an mpf, and the sign of a zero; NaN where it is undefined."""
    undefined = {"leaky_relu": x < 0, "prelu": x < 0, "swish": True, "hardsigmoid_linear": True}
    if direction == "forward" and values and values[0] == 0 and undefined.get(row.name):
        return mpmath.nan, None
    if direction == "grad" and row.name == "hardsigmoid_linear" and values[0] == 0:
        return None, None  # 0 or NaN
    if direction == "grad" and row.name == "swish" and values[0] == 0:
        return None, None
    m = oracles.MP(np.longdouble)
    args = [np.array([x], object)], list(oracles.exact_objects(np.array(values)))
    with np.errstate(all="ignore"):
        (value,) = oracles.evaluate(m, row, direction, *args)[0]
    if abs(value) > 2.0**100:
        return mpmath.sign(value) * mpmath.inf, None
    if abs(value) < 2.0**-100:
        return mpmath.mpf(0), None if value == 0 else bool(value < 0)
    return value, None


@ALL_TYPES
@pytest.mark.parametrize("row, direction, values", row_and_params("forward", "grad"))
def test_infinity_gives_the_limit(row, direction, values, t):
    values = tuple(float(t.param(v)) for v in values)
    for x in (HUGE, -HUGE):
        expected, negative = limit(row, direction, x, values)
        if expected is None:
            continue
        stored = t.round(np.array([np.inf if x > 0 else -np.inf]))
        for isa in isas(t):
            (got,) = Kernel(row, direction, t.hw, isa)(stored, *params_of(t, values))
            at = f"{values} at {t.hex(stored[0])}"
            what = f"{row.name} {direction} {t} {isa} {at}: {t.hex(got[0])}"
            assert errors_mp(t, got, [expected])[0] <= 1.01, f"{what}, limit {expected}"
            if t.name != "longdouble":  # half a unit is too much: tanhshrink' was to be 1 - 2^-24
                nearest = t.values(t.round(np.array([float(expected)])))
                np.testing.assert_array_equal(t.values(got), nearest, what)
            if negative is not None:
                assert np.signbit(t.values(got)[0]) == negative, f"{what}: wrong side"


@ALL_TYPES
@pytest.mark.parametrize("row, direction", cases())
def test_nan_gives_nan(row, direction, t):
    special = specials(t)
    nan = np.full_like(special, t.round(np.array([np.nan]))[0])
    for values in oracles.parameter_sets(row, direction):
        for isa in isas(t):
            kernel = Kernel(row, direction, t.hw, isa)
            for which in range(kernel.op.nstreams):
                for other in (special, special[::-1]):
                    streams = [nan if k == which else other for k in range(kernel.op.nstreams)]
                    results = kernel(*streams, *params_of(t, values))
                    if row.kind == "GATED" and which == 2:
                        results = results[:1]  # dup = g f(gate) has no up in it
                    for k, result in enumerate(results):
                        own = t if result.dtype == special.dtype else TYPES["float32"]
                        hidden = np.flatnonzero(~np.isnan(own.values(result)))
                        assert not hidden.size, (
                            f"{row.name} {direction} {t} {isa} {values}: a NaN in stream "
                            f"{which} is hidden "
                            f"in result {k} by {t.hex(other[hidden[0]])}"
                        )


# Where the formula uses a parameter; everywhere, if not here.
BELOW = (lambda x, values: x < 0), (lambda x, values: x < 0)
USES = {
    ("leaky_relu", 0): BELOW,
    ("prelu", 0): BELOW,
    ("rrelu", 0): BELOW,
    ("rrelu", 1): BELOW,
    ("elu", 0): BELOW,
    ("celu", 0): BELOW,
    ("relu", 0): (None, lambda x, values: x == 0),
    ("threshold", 1): (lambda x, values: x <= values[0], lambda x, values: False & (x == 0)),
    ("shrink", 1): (lambda x, values: abs(x) > values[0], lambda x, values: False & (x == 0)),
}


@ALL_TYPES
@pytest.mark.parametrize("row, direction, values", row_and_params())
def test_nan_parameter_shows_where_it_is_used(row, direction, values, t):
    x = t.round(np.array([-7.0, -2.5, -0.25, 0.25, 2.5, 7.0] + [0.0] * (row.name == "relu")))
    g = t.round(np.full(len(x), 1.5))
    for i in range(len(values)):
        used = USES.get((row.name, i), [lambda x, values: x == x] * 2)[direction != "forward"]
        expected = used(t.values(x), values)
        nan = tuple(np.nan if k == i else v for k, v in enumerate(values))
        for isa in isas(t):
            streams = [g, x] if direction == "vjp" else [x]
            result = Kernel(row, direction, t.hw, isa)(*streams, *params_of(t, nan))[0]
            shown = np.isnan(t.values(result))
            wrong = np.flatnonzero(shown != expected)
            assert not wrong.size, (
                f"{row.name} {direction} {t} {isa} {nan} at {t.hex(x[wrong[0]])}: NaN "
                f"{shown[wrong[0]]}"
            )


@ALL_TYPES
@pytest.mark.parametrize("row, direction, values", row_and_params("vjp"))
def test_vjp_selects(row, direction, values, t):
    """+0 where the derivative is 0, for every g but NaN; for an infinite g infinity where "
    "it is not."""
    x = specials(t)
    x = x[~np.isnan(t.values(x))]
    finite = np.isfinite(t.values(x))
    rounded = tuple(float(t.param(v)) for v in values)
    m = oracles.MP(t.param)
    slope = np.zeros(len(x), object)
    (slope[finite],) = oracles.evaluate(
        m,
        row,
        "grad",
        [m.array(t.values(x[finite]))],
        list(oracles.exact_objects(np.array(rounded))),
    )
    for i in np.flatnonzero(~finite):
        found = limit(row, "grad", HUGE if t.values(x)[i] > 0 else -HUGE, rounded)[0]
        slope[i] = mpmath.nan if found is None else found
    zero = slope == 0
    for isa in isas(t):
        kernel = Kernel(row, "vjp", t.hw, isa)
        for g in (1.0, -1.0, 0.0, -0.0, np.inf, -np.inf):
            result = kernel(t.round(np.full(len(x), g)), x, *params_of(t, values))[0]
            got = t.values(result)
            what = f"vjp.{row.name} {t} {isa} {values}, g = {g}"
            wrong = np.flatnonzero(zero & ((got != 0) | np.signbit(got)))
            assert not wrong.size, f"{what}, x = {t.hex(x[wrong[0]])}: {got[wrong[0]]}, not +0.0"
            if np.isinf(g):
                expected = np.where(slope > 0, g, -g)
                known = ~zero & (slope == slope)
                if t.name == "longdouble":  # the C library may underflow
                    known &= abs(slope) > 2.0**-1000
                wrong = np.flatnonzero(known & (got != expected))
                assert not wrong.size, (
                    f"{what}, x = {t.hex(x[wrong[0]])}: {got[wrong[0]]}, derivative "
                    f"{mpmath.nstr(slope[wrong[0]], 5)}"
                )


GATES = [case.values[0] for case in cases("forward", where=lambda row: row.kind == "GATED")]


@ALL_TYPES
@pytest.mark.parametrize("row", GATES, ids=lambda row: row.name)
def test_gated_value_is_the_ieee_product(row, t):
    finite = specials(t)
    finite = finite[np.isfinite(t.values(finite))]
    m = oracles.MP(t.param)
    ones = np.full(len(finite), mpmath.mpf(1), object)
    (act,) = oracles.evaluate(m, row, "forward", [m.array(t.values(finite)), ones], [])
    if t.name == "longdouble":  # the C library may underflow
        kept = (act == 0) | (abs(act) > 2.0**-1000)
        finite, act = finite[kept], act[kept]
    inf, nan = t.round(np.array([np.inf])), t.round(np.array([np.nan]))
    for isa in isas(t):
        kernel = Kernel(row, "forward", t.hw, isa)
        got = t.values(kernel(finite, np.full_like(finite, inf[0]))[0])
        expected = np.array([np.nan if a == 0 else float(mpmath.sign(a)) * np.inf for a in act])
        wrong = np.flatnonzero(~((got == expected) | (np.isnan(got) & np.isnan(expected))))
        assert not wrong.size, (
            f"{row.name}({t.hex(finite[wrong[0]])}, inf) {isa}: {got[wrong[0]]}, not "
            f"{expected[wrong[0]]}"
        )
        assert np.isnan(t.values(kernel(nan, finite[:1])[0]))
        assert np.isnan(t.values(kernel(finite[:1], nan)[0]))
        up = t.round(np.array([2.0]))
        assert t.values(kernel(inf, up)[0])[0] == (2 if row.name == "glu" else np.inf)
        assert t.values(kernel(t.round(np.array([-np.inf])), up)[0])[0] == 0
        assert np.isnan(t.values(kernel(t.round(np.array([-np.inf])), inf)[0])[0])


# ---- zeros ----

FLAT = {"relu", "relu6", "relu_squared", "hardshrink", "softshrink", "shrink"}
THROUGH = {
    "leaky_relu", "prelu", "rrelu", "hardtanh", "hardswish", "elu", "celu", "selu", "gelu",
    "gelu_tanh",
    "quick_gelu", "silu", "swish", "mish", "tanh", "tanhshrink", "softsign",
}  # fmt: skip
ELSEWHERE = {  # no zero at 0
    "threshold", "hardsigmoid", "hardsigmoid_linear", "sparse_plus", "sparse_sigmoid", "softplus",
    "squareplus", "sigmoid", "logsigmoid",
}  # fmt: skip


def test_every_row_has_a_rule_for_zero():
    gated = {name for name, row in ROWS.items() if row.kind == "GATED"}
    lacking = ROWS.keys() - gated - (FLAT | THROUGH | ELSEWHERE)
    assert not lacking, f"{lacking}: add to FLAT, THROUGH or ELSEWHERE what they are at 0"


@ALL_TYPES
@pytest.mark.parametrize("row", [c.values[0] for c in cases("forward")], ids=lambda row: row.name)
def test_sign_of_zero(row, t):
    zeros = t.round(np.array([0.0, -0.0]))
    values = (oracles.parameter_sets(row, "forward") or [()])[0]
    for isa in isas(t):
        if row.kind == "GATED":
            continue
        got = t.values(Kernel(row, "forward", t.hw, isa)(zeros, *params_of(t, values))[0])
        if row.name in FLAT:
            assert (got == 0).all() and not np.signbit(got).any(), f"{isa}: {got}"
        elif row.name in THROUGH:
            assert (got == 0).all() and np.signbit(got).tolist() == [False, True], f"{isa}: {got}"


@ALL_TYPES
def test_flat_pieces_are_positive_zero(t):
    flat = {
        "relu": ([-1e-3, -1, -7, -np.inf], ()),
        "relu6": ([-1e-3, -1, -np.inf], ()),
        "relu_squared": ([-1e-3, -1, -np.inf], ()),
        "hardshrink": ([-0.5, -0.25, 0.5], (0.5,)),
        "softshrink": ([-0.5, -0.25, 0.5], (0.5,)),
        "shrink": ([-0.5, -0.25, 0.5], (0.5, 0.25)),
        "hardsigmoid": ([-3, -4, -np.inf], ()),
        "hardswish": ([-3, -4, -np.inf], ()),
        "sparse_plus": ([-1, -4, -np.inf], ()),
        "sparse_sigmoid": ([-1, -4, -np.inf], ()),
    }
    for name, (x, values) in flat.items():
        for isa in isas(t):
            kernel = Kernel(ROWS[name], "forward", t.hw, isa)
            got = t.values(kernel(t.round(np.array(x)), *params_of(t, values))[0])
            assert (got == 0).all() and not np.signbit(got).any(), f"{name} {isa}: {got}"


# ---- kinks ----

KINKS = [
    # name, parameters, [(x, derivative)]
    ("relu", (), [(0.0, 0), (-0.0, 0)]),
    ("relu", (1.0,), [(0.0, 1), (-0.0, 1)]),
    ("relu6", (), [(0.0, 0), (6.0, 0)]),
    ("leaky_relu", (0.25,), [(0.0, 0.25), (-0.0, 0.25)]),
    ("prelu", (0.25,), [(0.0, 0.25), (-0.0, 0.25)]),
    ("rrelu", (0.25, 0.75), [(0.0, 0.5)]),
    ("relu_squared", (), [(0.0, 0)]),
    ("threshold", (0.5, 20.0), [(0.5, 0)]),
    ("hardtanh", (-1.0, 1.0), [(-1.0, 0), (1.0, 0)]),
    ("hardtanh", (-0.5, 2.0), [(-0.5, 0), (2.0, 0)]),
    ("hardsigmoid", (), [(-3.0, 0), (3.0, 0)]),
    ("hardsigmoid_linear", (0.25, 0.5), [(-2.0, 0), (2.0, 0), (0.0, 0.25)]),
    ("hardswish", (), [(-3.0, 0), (3.0, 1), (0.0, 0.5), (-1.5, 0)]),
    ("hardshrink", (0.5,), [(-0.5, 0), (0.5, 0)]),
    ("softshrink", (0.5,), [(-0.5, 0), (0.5, 0)]),
    ("shrink", (0.5, 0.25), [(-0.5, 0), (0.5, 0)]),
    ("sparse_plus", (), [(-1.0, 0), (1.0, 1), (0.0, 0.5)]),
    ("sparse_sigmoid", (), [(-1.0, 0), (1.0, 0), (0.0, 0.5)]),
    ("elu", (0.25,), [(0.0, 0.25), (-0.0, 0.25)]),
    ("celu", (0.25,), [(0.0, 1), (-0.0, 1)]),
    ("selu", (), [(0.0, 1.7580993408473768599)]),
]


@ALL_TYPES
@pytest.mark.parametrize("name, values, expected", KINKS)
def test_derivative_at_the_kink(name, values, expected, t):
    if name not in ROWS:
        pytest.skip("not in the table")
    values = values or tuple(oracles.parameter_sets(ROWS[name], "grad")[0])
    x, slope = (t.round(np.array(v, float)) for v in zip(*expected, strict=True))
    for isa in isas(t):
        (got,) = Kernel(ROWS[name], "grad", t.hw, isa)(x, *params_of(t, values))
        if name == "selu" and t.name == "longdouble":
            assert np.allclose(got, slope, rtol=1e-15)
        else:
            assert same_stored(t, got, slope).all(), f"{isa}: {t.values(got)}"


def test_kinks_are_torchs():
    torch = pytest.importorskip("torch")
    functions = torch.nn.functional
    named = {
        "sparse_plus",
        "sparse_sigmoid",
        "relu_squared",
        "hardsigmoid_linear",
        "shrink",
        "rrelu",
    }
    for name, values, expected in KINKS:
        if name in named or (name, values) == ("relu", (1.0,)):
            continue
        x = torch.tensor([v for v, _ in expected], dtype=torch.float64, requires_grad=True)
        if name == "prelu":
            values = (torch.tensor(values, dtype=torch.float64),)
        getattr(functions, name)(x, *values).sum().backward()
        assert x.grad.tolist() == pytest.approx([d for _, d in expected], abs=1e-7), name


# ---- what is promised ----

EXAMPLES = [
    ("silu", (-np.inf,), -0.0),
    ("mish", (-np.inf,), -0.0),
    ("gelu", (-np.inf,), -0.0),
    ("softsign", (np.inf,), 1.0),
    ("softsign", (-np.inf,), -1.0),
    ("leaky_relu", (-np.inf, 0.0), np.nan),
    ("swish", (np.inf, 0.0), np.nan),
    ("gelu", (1.7e38,), 1.7e38),
    ("softplus", (1.0, 0.0), np.inf),
    ("squareplus", (1.0, -4.0), np.nan),
    ("hardtanh", (-0.0, 0.0, 1.0), -0.0),
    ("hardtanh", (0.0, -0.0, 1.0), 0.0),
    ("threshold", (0.0, 0.0, -0.0), -0.0),
    ("hardtanh", (-5.0, -0.0, 1.0), -0.0),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("name, operands, expected", EXAMPLES)
def test_examples(name, operands, expected, dtype):
    if name not in ROWS:
        pytest.skip("not in the table")
    with np.errstate(all="ignore"):
        got = public(ROWS[name])(dtype(operands[0]), *operands[1:])
    expected = dtype(expected)
    assert got == expected or (np.isnan(got) and np.isnan(expected))
    assert np.isnan(expected) or np.signbit(got) == np.signbit(expected)


def test_underflowing_factor_times_a_large_operand():
    if "swiglu" not in ROWS:
        pytest.skip("not in the table")
    got = hw.swiglu(np.float32(-110), np.float32(1e30))
    assert abs(got / -1.8594e-16 - 1) < 1e-3


def test_celu_with_alpha_0_in_an_array_is_relu():
    if "celu" not in ROWS:
        pytest.skip("not in the table")
    x = np.array([-np.inf, -2.0, -0.0, 0.0, 3.0])
    assert (hw.celu(x, np.zeros(5)) == np.maximum(x, 0)).all()


def test_hardtanh_max_wins_in_arrays():
    assert hw.hardtanh(np.float64(0), np.array([2.0]), np.array([1.0])).tolist() == [1.0]
    assert hw.hardtanh(np.float64(5), np.array([2.0]), np.array([1.0])).tolist() == [1.0]


@ALL_TYPES
@pytest.mark.parametrize("row, direction", cases())
def test_subnormals_are_computed(row, direction, t):
    """The smallest numbers are not taken for zero."""
    if row.name not in THROUGH or direction != "forward":
        pytest.skip("no slope of its own at 0")
    sub = t.round(np.array([np.ldexp(t.param(1) if t.p > 53 else 1.0, t.emin - t.p + 6)]))
    values = (oracles.parameter_sets(row, direction) or [()])[0]
    if row.name in ("tanhshrink",):
        return
    for isa in isas(t):
        (got,) = Kernel(row, direction, t.hw, isa)(sub, *params_of(t, values))
        assert t.values(got)[0] > 0, f"{isa}: {t.hex(got[0])}"
