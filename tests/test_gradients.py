# SPDX-License-Identifier: MIT
"""The oracles' derivatives against finite differences of the oracles, so that neither vouches for
itself; and the ufuncs' grad and vjp against each other.
"""

import mpmath
import numpy as np
import oracles
import pytest
from support import DIRECTIONS, ROWS, cases, ufunc
from test_accuracy import rng_for

SMALL = mpmath.ldexp(1, -80)
POINTS = [-40.0, -7.3, -3.3, -2.9, -1.55, -1.1, -0.9, -0.6, -0.35, -0.01, -1e-9, 1e-9, 0.01,
0.35, 0.6, 0.9,
          1.1, 1.55, 2.9, 3.3, 5.9, 6.1, 7.3, 40.0]  # fmt: skip
SINGLE = [c.values[0] for c in cases("forward", where=lambda row: row.kind != "GATED")]


def mp(values):
    return oracles.exact_objects(np.asarray(values, np.longdouble))


@pytest.mark.parametrize("row", SINGLE, ids=lambda row: row.name)
def test_derivative_is_the_limit_of_differences(row):
    m = oracles.MP(np.longdouble)
    for values in oracles.parameter_sets(row, "forward"):
        params = list(mp(values))
        own = params if row.ndparams == row.nparams else []
        x = mp(POINTS)
        kinks = [float(v) for p in values for v in (p, -p)]
        x = np.array(
            [v for v in x if min([abs(v - k) for k in kinks], default=1) > SMALL * 4], object
        )
        f = lambda x, params=params: oracles.evaluate(m, row, "forward", [x], params)[0]  # noqa: E731
        with mpmath.workprec(oracles.MP_BITS):
            slope = (f(x + SMALL) - f(x - SMALL)) / (2 * SMALL)
        given = own or list(mp(oracles.parameter_sets(row, "grad")[0]))
        (claimed,) = oracles.evaluate(m, row, "grad", [x], given)
        for v, a, b in zip(x, slope, claimed, strict=True):
            knee = row.name == "hardsigmoid_linear" and abs(a - b) <= abs(values[0])
            close = abs(a - b) <= mpmath.ldexp(1, -60) * (1 + abs(b))
            at_knee = knee and f(np.array([v], object))[0] in (0, 1)
            assert close or at_knee, (
                f"d_{row.name}{values} at {mpmath.nstr(v)}: {mpmath.nstr(b)}, not {mpmath.nstr(a)}"
            )


@pytest.mark.parametrize(
    "row", [r for r in SINGLE if r.kind == "WEIGHTED"], ids=lambda row: row.name
)
def test_derivative_by_the_weight(row):
    m, x, one = oracles.MP(np.longdouble), mp(POINTS), mp([1.0] * len(POINTS))
    for (value,) in oracles.parameter_sets(row, "forward"):
        with mpmath.workprec(oracles.MP_BITS):
            high, low = (
                oracles.evaluate(m, row, "forward", [x], [mp([value])[0] + s])[0]
                for s in (SMALL, -SMALL)
            )
            slope = (high - low) / (2 * SMALL)
        claimed = oracles.evaluate(m, row, "vjp", [one, x], list(mp([value])))[1]
        assert all(abs(a - b) < 1e-15 * (1 + abs(b)) for a, b in zip(slope, claimed, strict=True))


@pytest.mark.parametrize("row", [c.values[0] for c in cases("vjp")], ids=lambda row: row.name)
def test_ufuncs_by_finite_differences(row):
    """vjp as a user checks it: central differences of the forward function in longdouble."""
    rng = rng_for("differences", row.name)
    x = np.array(POINTS)[1:-1].astype(np.longdouble)
    x = x[abs(x) > 1e-6]
    g = rng.normal(size=len(x)).astype(np.longdouble)
    h = np.longdouble(2.0**-20)
    for values in oracles.parameter_sets(row, "forward"):
        extra = values if row.ndparams == row.nparams else oracles.parameter_sets(row, "vjp")[0]
        with np.errstate(all="ignore"):
            if row.kind == "GATED":
                up = rng.normal(size=len(x)).astype(np.longdouble)
                f = ufunc(row)
                dgate, dup = ufunc(row, "vjp")(g, x, up, *extra)
                assert np.allclose(
                    dgate, g * (f(x + h, up) - f(x - h, up)) / (2 * h), rtol=1e-5, atol=1e-9
                )
                assert np.allclose(dup, g * f(x, np.ones_like(x)), rtol=1e-12)
                continue
            f = ufunc(row)
            slope = (f(x + h, *values) - f(x - h, *values)) / (2 * h)
            result = ufunc(row, "vjp")(g, x, *extra)
            grad = ufunc(row, "grad")(x, *extra)
        dx = result[0] if isinstance(result, tuple) else result
        kinks = np.array([0.0] + [v for p in values for v in (p, -p)])
        away = np.abs(x[:, None] - kinks).min(axis=1) > 1e-4
        if row.name == "hardsigmoid_linear":
            y = values[0] * x + values[1]
            away &= (abs(y) > abs(values[0]) * h * 2) & (abs(y - 1) > abs(values[0]) * h * 2)
        assert np.allclose(dx[away], (g * slope)[away], rtol=1e-5, atol=1e-9), f"{row.name}{values}"
        assert np.allclose(dx, g * grad, rtol=1e-12, atol=0), f"{row.name}{values}"


def test_every_row_is_differentiated():
    assert {c.values[0].name for c in cases("vjp")} == set(ROWS)
    assert set(DIRECTIONS) == {"forward", "grad", "vjp"}
