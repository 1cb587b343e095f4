# SPDX-License-Identifier: MIT
"""The libraries that compare.py measures, halfwave among them, each by its fastest convention.

A peer is a function of the number of threads.  It imports its library and returns make(case), which
gives the callable to time, or None where the library lacks that function, type or layout.  Most are
a table: a line for each function, of (operands, outs, scratch); the operands are x, or (gate, up),
or (up, gate) for glu, and come after g in a vjp.  Tensors are made beforehand, and results go to
out= where the library has it.
"""

import importlib.metadata
import os
import re
from functools import cache, partial
from typing import NamedTuple

import numpy as np

# The functions that are compared, with the parameters where they are not the defaults.
FUNCTIONS = dict.fromkeys(
    (
        *("relu", "relu6", "leaky_relu", "hardtanh", "hardsigmoid", "hardswish", "hardshrink"),
        *("softshrink", "threshold", "elu", "celu", "selu", "softplus", "squareplus", "gelu"),
        *("gelu_tanh", "quick_gelu", "silu", "swish", "mish", "sigmoid", "logsigmoid", "tanh"),
        *("tanhshrink", "softsign", "reglu", "geglu", "swiglu", "glu"),
    ),
    (),
) | {"threshold": (0.5, 0.25), "swish": (1.5,)}
GATED = {"reglu", "geglu", "swiglu"}


class Case(NamedTuple):
    """What is to be computed, and the arrays for it."""

    name: str
    dtype: str
    layout: str
    vjp: bool
    args: tuple
    outs: tuple
    whole_args: tuple  # the same but for glu, whose x is one array here and two halves above
    whole_outs: tuple


S, SA = 1.0507009873554805, 1.0507009873554805 * 1.6732632423543773
C0, C1 = 0.7978845608028654, 0.7978845608028654 * 0.044715
R2PI = 0.3989422804014327


def halfwave(threads):
    import halfwave as hw

    hw.set_num_threads(threads)

    def make(case):
        name, params = case.name, FUNCTIONS[case.name]
        tanh = {"approximate": "tanh"} if name == "gelu_tanh" else {}
        function = getattr(hw.vjp if case.vjp else hw, "gelu" if tanh else name)
        args, outs = case.whole_args + params, case.whole_outs
        if isinstance(function, np.ufunc):  # which are quickest by position
            return partial(function, *args, *outs)
        return partial(function, *args, out=outs if len(outs) > 1 else outs[0], **tanh)

    return make


def through_float32(step, case):
    """The step on float32 copies of half operands, which is quicker than NumPy's own half loops."""
    wide = [np.empty_like(a, "f4") for a in (*case.args, *case.outs)]
    scratch = [np.empty_like(case.outs[0], "f4") for _ in range(2)]
    n = len(case.args)

    def run():
        for a, b in zip(wide, case.args, strict=False):
            np.copyto(a, b)
        step(*wide, *scratch)
        for a, b in zip(case.outs, wide[n:], strict=True):
            np.copyto(a, b, casting="unsafe")

    return run


def numpy_table():
    from numpy import (
        absolute,
        add,
        copyto,
        divide,
        exp,
        expm1,
        greater,
        less,
        log1p,
        maximum,
        minimum,
        multiply,
        negative,
        reciprocal,
        sqrt,
        square,
        subtract,
        tanh,
    )

    def sigmoid(x, y):
        return reciprocal(add(exp(negative(x, y), y), 1, y), y)

    def gate(x, g, y, beta=-1):  # g sigmoid(-beta x)
        return divide(g, add(exp(multiply(x, beta, y), y), 1, y), y)

    def clamp(x, low, high, y):
        return minimum(maximum(x, low, y), high, y)

    def hardsigmoid(x, y):
        return clamp(multiply(add(x, 3, y), 1 / 6, y), 0, 1, y)

    def fill_where(x, low, value, y):
        y.fill(value)
        copyto(y, x, where=greater(x, low))

    def tail(x, y):  # log1p(exp(-|x|))
        return log1p(exp(negative(absolute(x, y), y), y), y)

    def tanh_u(x, y):  # tanh of gelu_tanh's argument
        return tanh(multiply(x, add(multiply(multiply(x, x, y), C1, y), C0, y), y), y)

    def mish(x, y, t):
        exp(minimum(x, 20, y), y)
        multiply(y, add(y, 2, t), y)
        multiply(x, divide(y, add(y, 2, t), y), y)

    forward = {
        "relu": lambda x, y, t, u: maximum(x, 0, y),
        "relu6": lambda x, y, t, u: clamp(x, 0, 6, y),
        "leaky_relu": lambda x, y, t, u: maximum(x, multiply(x, 0.01, y), y),
        "hardtanh": lambda x, y, t, u: clamp(x, -1, 1, y),
        "hardsigmoid": lambda x, y, t, u: hardsigmoid(x, y),
        "hardswish": lambda x, y, t, u: multiply(x, hardsigmoid(x, y), y),
        "hardshrink": lambda x, y, t, u: multiply(x, greater(absolute(x, y), 0.5, y), y),
        "softshrink": lambda x, y, t, u: subtract(x, clamp(x, -0.5, 0.5, y), y),
        "threshold": lambda x, y, t, u: fill_where(x, 0.5, 0.25, y),
        "elu": lambda x, y, t, u: maximum(x, expm1(minimum(x, 0, y), y), y),
        "celu": lambda x, y, t, u: maximum(x, expm1(minimum(x, 0, y), y), y),
        "selu": lambda x, y, t, u: add(
            multiply(maximum(x, 0, t), S, t), multiply(expm1(minimum(x, 0, y), y), SA, y), y
        ),
        "softplus": lambda x, y, t, u: add(maximum(x, 0, t), tail(x, y), y),
        "squareplus": lambda x, y, t, u: multiply(
            add(x, sqrt(add(multiply(x, x, y), 4, y), y), y), 0.5, y
        ),
        "gelu_tanh": lambda x, y, t, u: multiply(multiply(x, 0.5, t), add(tanh_u(x, y), 1, y), y),
        "quick_gelu": lambda x, y, t, u: gate(x, x, y, -1.702),
        "silu": lambda x, y, t, u: gate(x, x, y),
        "swish": lambda x, y, t, u: gate(x, x, y, -1.5),
        "mish": lambda x, y, t, u: mish(x, y, t),
        "sigmoid": lambda x, y, t, u: sigmoid(x, y),
        "logsigmoid": lambda x, y, t, u: subtract(minimum(x, 0, t), tail(x, y), y),
        "tanh": lambda x, y, t, u: tanh(x, y),
        "tanhshrink": lambda x, y, t, u: subtract(x, tanh(x, y), y),
        "softsign": lambda x, y, t, u: divide(x, add(absolute(x, y), 1, y), y),
        "reglu": lambda a, b, y, t, u: multiply(maximum(a, 0, y), b, y),
        "swiglu": lambda a, b, y, t, u: multiply(gate(a, a, y), b, y),
        "glu": lambda b, a, y, t, u: gate(a, b, y),
    }

    def scaled(g, mask, y, factor):
        return multiply(multiply(g, mask, y), factor, y)

    def hardswish_vjp(g, x, y):
        add(multiply(x, 1 / 3, y), 0.5, y)
        copyto(y, 1, where=greater(x, 3))
        copyto(y, 0, where=less(x, -3))
        multiply(g, y, y)

    def selu_vjp(g, x, y):
        multiply(exp(minimum(x, 0, y), y), SA, y)
        copyto(y, S, where=greater(x, 0))
        multiply(g, y, y)

    def swish_vjp(g, x, y, t, beta):  # g s (1 + u (1 - s)) at u = beta x
        reciprocal(add(exp(multiply(x, -beta, y), y), 1, y), y)
        multiply(multiply(subtract(1, y, t), x, t), beta, t)
        multiply(multiply(add(t, 1, t), y, y), g, y)

    def gelu_tanh_vjp(g, x, y, t, u):
        add(multiply(square(x, u), C1 * 3, u), C0, u)
        tanh_u(x, y)
        multiply(multiply(subtract(1, square(y, t), t), x, t), u, t)
        multiply(multiply(add(add(y, 1, y), t, y), 0.5, y), g, y)

    def mish_vjp(g, x, y, t, u):  # tanh(s) + x sigmoid(x) (1 - tanh(s)^2), s = softplus(x)
        exp(minimum(x, 20, y), y)
        divide(y, add(y, 1, t), u)
        multiply(u, x, u)
        multiply(y, add(y, 2, t), y)
        divide(y, add(y, 2, t), y)
        multiply(subtract(1, square(y, t), t), u, t)
        multiply(g, add(y, t, y), y)

    def swiglu_vjp(g, a, b, da, db, t, u):
        sigmoid(a, t)
        multiply(multiply(a, t, u), g, db)
        add(multiply(subtract(1, t, da), u, da), t, da)
        multiply(multiply(da, b, da), g, da)

    def reglu_vjp(g, a, b, da, db, t, u):
        multiply(multiply(g, b, da), greater(a, 0, db), da)
        multiply(g, maximum(a, 0, db), db)

    def glu_vjp(g, b, a, db, da, t, u):
        sigmoid(a, t)
        multiply(g, t, db)
        multiply(multiply(subtract(1, t, u), db, u), b, da)

    vjp = {
        "relu": lambda g, x, y, t, u: multiply(g, greater(x, 0, y), y),
        "relu6": lambda g, x, y, t, u: multiply(g, less(absolute(subtract(x, 3, y), y), 3, y), y),
        "leaky_relu": lambda g, x, y, t, u: multiply(g, maximum(greater(x, 0, y), 0.01, y), y),
        "hardtanh": lambda g, x, y, t, u: multiply(g, less(absolute(x, y), 1, y), y),
        "hardsigmoid": lambda g, x, y, t, u: scaled(g, less(absolute(x, y), 3, y), y, 1 / 6),
        "hardswish": lambda g, x, y, t, u: hardswish_vjp(g, x, y),
        "hardshrink": lambda g, x, y, t, u: multiply(g, greater(absolute(x, y), 0.5, y), y),
        "softshrink": lambda g, x, y, t, u: multiply(g, greater(absolute(x, y), 0.5, y), y),
        "threshold": lambda g, x, y, t, u: multiply(g, greater(x, 0.5, y), y),
        "elu": lambda g, x, y, t, u: multiply(g, exp(minimum(x, 0, y), y), y),
        "celu": lambda g, x, y, t, u: multiply(g, exp(minimum(x, 0, y), y), y),
        "selu": lambda g, x, y, t, u: selu_vjp(g, x, y),
        "softplus": lambda g, x, y, t, u: gate(x, g, y),
        "squareplus": lambda g, x, y, t, u: scaled(
            g, add(divide(x, sqrt(add(multiply(x, x, y), 4, y), y), y), 1, y), y, 0.5
        ),
        "gelu_tanh": gelu_tanh_vjp,
        "quick_gelu": lambda g, x, y, t, u: swish_vjp(g, x, y, t, 1.702),
        "silu": lambda g, x, y, t, u: swish_vjp(g, x, y, t, 1),
        "swish": lambda g, x, y, t, u: swish_vjp(g, x, y, t, 1.5),
        "mish": mish_vjp,
        "sigmoid": lambda g, x, y, t, u: multiply(
            multiply(g, subtract(1, sigmoid(x, y), t), t), y, y
        ),
        "logsigmoid": lambda g, x, y, t, u: gate(x, g, y, 1),
        "tanh": lambda g, x, y, t, u: multiply(g, subtract(1, square(tanh(x, y), y), y), y),
        "tanhshrink": lambda g, x, y, t, u: multiply(g, square(tanh(x, y), y), y),
        "softsign": lambda g, x, y, t, u: divide(g, square(add(absolute(x, y), 1, y), y), y),
        "reglu": reglu_vjp,
        "swiglu": swiglu_vjp,
        "glu": glu_vjp,
    }
    return forward, vjp


def from_table(tables, case, scratch=2):
    """A line of a table with the operands of the case."""
    step = tables[case.vjp].get(case.name)
    more = [np.empty_like(case.outs[0]) for _ in range(scratch)]
    return step and partial(step, *case.args, *case.outs, *more)


def numpy(threads):
    tables = numpy_table()
    return lambda case: from_table(tables, case)


def numpy_float32(threads):
    tables = numpy_table()

    def make(case):
        step = tables[case.vjp].get(case.name)
        return step and case.dtype.endswith("16") and through_float32(step, case)

    return make


def scipy(threads):
    from scipy.special import expit, log_expit, ndtr

    add, multiply, subtract, negative = np.add, np.multiply, np.subtract, np.negative
    forward = {
        "sigmoid": lambda x, y, t, u: expit(x, y),
        "logsigmoid": lambda x, y, t, u: log_expit(x, y),
        "softplus": lambda x, y, t, u: negative(log_expit(negative(x, y), y), y),
        "silu": lambda x, y, t, u: multiply(x, expit(x, y), y),
        "gelu": lambda x, y, t, u: multiply(x, ndtr(x, y), y),
        "geglu": lambda a, b, y, t, u: multiply(multiply(a, ndtr(a, y), y), b, y),
        "swiglu": lambda a, b, y, t, u: multiply(multiply(a, expit(a, y), y), b, y),
        "glu": lambda b, a, y, t, u: multiply(expit(a, y), b, y),
    }

    def gelu_prime(x, y, t):
        np.exp(multiply(multiply(x, x, t), -0.5, t), t)
        return add(multiply(multiply(t, R2PI, t), x, t), ndtr(x, y), y)

    def silu_vjp(g, x, y, t):
        add(multiply(multiply(subtract(1, expit(x, y), t), x, t), y, t), y, y)
        multiply(g, y, y)

    def geglu_vjp(g, a, b, da, db, t, u):
        multiply(multiply(gelu_prime(a, da, t), b, da), g, da)
        multiply(multiply(ndtr(a, db), a, db), g, db)

    vjp = {
        "sigmoid": lambda g, x, y, t, u: multiply(
            multiply(g, subtract(1, expit(x, y), t), t), y, y
        ),
        "logsigmoid": lambda g, x, y, t, u: multiply(g, expit(negative(x, y), y), y),
        "softplus": lambda g, x, y, t, u: multiply(g, expit(x, y), y),
        "silu": lambda g, x, y, t, u: silu_vjp(g, x, y, t),
        "gelu": lambda g, x, y, t, u: multiply(g, gelu_prime(x, y, t), y),
        "geglu": geglu_vjp,
    }

    def make(case):
        step = (forward, vjp)[case.vjp].get(case.name)
        if step and case.dtype.endswith("16"):
            return through_float32(step, case)
        return from_table((forward, vjp), case)

    return make


def pytorch(threads, saved=False):
    import torch

    torch.set_num_threads(threads)
    guard = torch.inference_mode()
    guard.__enter__()  # for good: nothing here needs autograd
    pytorch.guard = guard
    nn, aten = torch._C._nn, torch.ops.aten  # what torch.nn.functional calls, with out=
    add, mul, sub, div, sigmoid = torch.add, torch.mul, torch.sub, torch.div, torch.sigmoid

    forward = {
        "relu": lambda x, y, t: torch.clamp_min(x, 0, out=y),
        "relu6": lambda x, y, t: nn.hardtanh(x, 0, 6, out=y),
        "leaky_relu": lambda x, y, t: nn.leaky_relu(x, 0.01, out=y),
        "hardtanh": lambda x, y, t: nn.hardtanh(x, -1, 1, out=y),
        "hardsigmoid": lambda x, y, t: nn.hardsigmoid(x, out=y),
        "hardswish": lambda x, y, t: nn.hardswish(x, out=y),
        "hardshrink": lambda x, y, t: torch.hardshrink(x, 0.5, out=y),
        "softshrink": lambda x, y, t: nn.softshrink(x, 0.5, out=y),
        "threshold": lambda x, y, t: torch.threshold(x, 0.5, 0.25, out=y),
        "elu": lambda x, y, t: nn.elu(x, out=y),
        "celu": lambda x, y, t: nn.elu(x, out=y),  # as torch.celu does
        "selu": lambda x, y, t: nn.elu(x, SA / S, S, out=y),  # as torch.selu does
        "softplus": lambda x, y, t: nn.softplus(x, out=y),
        "squareplus": lambda x, y, t: mul(add(x, torch.sqrt(x * x + 4), out=y), 0.5, out=y),
        "gelu": lambda x, y, t: nn.gelu(x, out=y),
        "gelu_tanh": lambda x, y, t: nn.gelu(x, approximate="tanh", out=y),
        "quick_gelu": lambda x, y, t: mul(x, sigmoid(mul(x, 1.702, out=y), out=y), out=y),
        "silu": lambda x, y, t: nn.silu(x, out=y),
        "swish": lambda x, y, t: mul(x, sigmoid(mul(x, 1.5, out=y), out=y), out=y),
        "mish": lambda x, y, t: nn.mish(x, out=y),
        "sigmoid": lambda x, y, t: sigmoid(x, out=y),
        "logsigmoid": lambda x, y, t: nn.log_sigmoid(x, out=y),
        "tanh": lambda x, y, t: torch.tanh(x, out=y),
        "tanhshrink": lambda x, y, t: sub(x, torch.tanh(x, out=y), out=y),
        "softsign": lambda x, y, t: div(x, add(torch.abs(x, out=y), 1, out=y), out=y),
        "reglu": lambda a, b, y, t: mul(torch.clamp_min(a, 0, out=y), b, out=y),
        "geglu": lambda a, b, y, t: mul(nn.gelu(a, out=y), b, out=y),
        "swiglu": lambda a, b, y, t: mul(nn.silu(a, out=y), b, out=y),
        "glu": lambda x, y, t: nn.glu(x, -1, out=y),
    }

    def elu_back(g, x, y, *factors):
        return aten.elu_backward.grad_input(g, *factors, False, x, grad_input=y)

    def swish_back(g, x, y, t, beta):
        aten.silu_backward.grad_input(g, mul(x, beta, out=t), grad_input=y)

    def gate_back(backward, activate, g, a, b, da, db, t):
        backward(mul(g, b, out=t), a, grad_input=da)
        mul(activate(a, out=db), g, out=db)

    def relu_back(g, x, grad_input):
        threshold_back(g, x, 0, grad_input=grad_input)

    clamp_back = aten.hardtanh_backward.grad_input
    threshold_back = aten.threshold_backward.grad_input
    # These take what the forward pass has left, t, which pytorch_saved has beforehand.
    from_result = {
        "sigmoid": lambda g, x, y, t: aten.sigmoid_backward.grad_input(g, t, grad_input=y),
        "tanh": lambda g, x, y, t: aten.tanh_backward.grad_input(g, t, grad_input=y),
        "tanhshrink": lambda g, x, y, t: sub(
            g, aten.tanh_backward.grad_input(g, t, grad_input=y), out=y
        ),
        "logsigmoid": lambda g, x, y, t: aten.log_sigmoid_backward.grad_input(
            g, x, t, grad_input=y
        ),
    }
    results = {
        "sigmoid": sigmoid,
        "tanh": torch.tanh,
        "tanhshrink": torch.tanh,
        "logsigmoid": lambda x, out: out.copy_(aten.log_sigmoid_forward.default(x)[1]),
    }

    def from_x(name):
        return lambda g, x, y, t: from_result[name](g, x, y, results[name](x, out=t))

    vjp = {name: from_x(name) for name in from_result} | {
        "relu": lambda g, x, y, t: threshold_back(g, x, 0, grad_input=y),
        "relu6": lambda g, x, y, t: clamp_back(g, x, 0, 6, grad_input=y),
        "leaky_relu": lambda g, x, y, t: aten.leaky_relu_backward.grad_input(
            g, x, 0.01, False, grad_input=y
        ),
        "hardtanh": lambda g, x, y, t: clamp_back(g, x, -1, 1, grad_input=y),
        "hardsigmoid": lambda g, x, y, t: aten.hardsigmoid_backward.grad_input(g, x, grad_input=y),
        "hardswish": lambda g, x, y, t: aten.hardswish_backward.default(g, x),
        "hardshrink": lambda g, x, y, t: aten.hardshrink_backward.grad_input(
            g, x, 0.5, grad_input=y
        ),
        "softshrink": lambda g, x, y, t: aten.softshrink_backward.grad_input(
            g, x, 0.5, grad_input=y
        ),
        "threshold": lambda g, x, y, t: threshold_back(g, x, 0.5, grad_input=y),
        "elu": lambda g, x, y, t: elu_back(g, x, y, 1, 1, 1),
        "celu": lambda g, x, y, t: elu_back(g, x, y, 1, 1, 1),
        "selu": lambda g, x, y, t: elu_back(g, x, y, SA / S, S, 1),
        "softplus": lambda g, x, y, t: aten.softplus_backward.grad_input(g, x, 1, 20, grad_input=y),
        "gelu": lambda g, x, y, t: aten.gelu_backward.grad_input(g, x, grad_input=y),
        "gelu_tanh": lambda g, x, y, t: aten.gelu_backward.grad_input(
            g, x, approximate="tanh", grad_input=y
        ),
        "quick_gelu": lambda g, x, y, t: swish_back(g, x, y, t, 1.702),
        "silu": lambda g, x, y, t: aten.silu_backward.grad_input(g, x, grad_input=y),
        "swish": lambda g, x, y, t: swish_back(g, x, y, t, 1.5),
        "mish": lambda g, x, y, t: aten.mish_backward.default(g, x),
        "logsigmoid": lambda g, x, y, t: mul(g, sigmoid(torch.neg(x, out=y), out=y), out=y),
        "softsign": lambda g, x, y, t: div(
            g, torch.square(add(torch.abs(x, out=y), 1, out=y), out=y), out=y
        ),
        "reglu": partial(gate_back, relu_back, partial(torch.clamp_min, min=0)),
        "geglu": partial(gate_back, aten.gelu_backward.grad_input, nn.gelu),
        "swiglu": partial(gate_back, aten.silu_backward.grad_input, nn.silu),
        "glu": lambda g, x, y, t: aten.glu_backward.grad_input(g, x, -1, grad_input=y),
    }

    def tensor(array):
        if array.dtype.name == "bfloat16":
            return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
        return torch.from_numpy(array)

    def make(case):
        step = (forward, vjp)[case.vjp].get(case.name)
        args = [tensor(a) for a in case.whole_args]
        outs = [tensor(a) for a in case.whole_outs]
        scratch = torch.empty_like(args[0])
        if saved:
            step = from_result.get(case.name) if case.vjp else None
            if step:
                results[case.name](args[1], out=scratch)
        return step and partial(step, *args, *outs, scratch)

    return make


def pytorch_saved(threads):
    """The backward passes that PyTorch starts from what the forward pass has saved."""
    return pytorch(threads, saved=True)


def jax(threads):
    # XLA sizes its pool by the process's affinity when it starts.
    if hasattr(os, "sched_getaffinity"):
        cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, set(sorted(cpus)[:threads]))
    elif threads != os.cpu_count():
        raise RuntimeError("the number of its threads cannot be set on this system")
    import jax
    import jax.numpy as jnp
    from jax import nn

    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    jax.block_until_ready(jnp.zeros(1) + 1)
    if hasattr(os, "sched_getaffinity"):
        for thread in os.listdir("/proc/self/task"):
            os.sched_setaffinity(int(thread), cpus)

    forward = {
        "relu": nn.relu,
        "relu6": nn.relu6,
        "leaky_relu": nn.leaky_relu,
        "hardtanh": nn.hard_tanh,
        "hardsigmoid": nn.hard_sigmoid,
        "hardswish": nn.hard_swish,
        "hardshrink": lambda x: jnp.where(jnp.abs(x) > 0.5, x, 0),
        "softshrink": lambda x: x - jnp.clip(x, -0.5, 0.5),
        "threshold": lambda x: jnp.where(x > 0.5, x, 0.25),
        "elu": nn.elu,
        "celu": nn.celu,
        "selu": nn.selu,
        "softplus": nn.softplus,
        "squareplus": nn.squareplus,
        "gelu": partial(nn.gelu, approximate=False),
        "gelu_tanh": partial(nn.gelu, approximate=True),
        "quick_gelu": lambda x: x * nn.sigmoid(1.702 * x),
        "silu": nn.silu,
        "swish": lambda x: x * nn.sigmoid(1.5 * x),
        "mish": nn.mish,
        "sigmoid": nn.sigmoid,
        "logsigmoid": nn.log_sigmoid,
        "tanh": jnp.tanh,
        "tanhshrink": lambda x: x - jnp.tanh(x),
        "softsign": nn.soft_sign,
        "reglu": lambda a, b: nn.relu(a) * b,
        "geglu": lambda a, b: nn.gelu(a, approximate=False) * b,
        "swiglu": lambda a, b: nn.silu(a) * b,
        "glu": nn.glu,
    }

    @cache
    def compiled(name, vjp):
        f = forward[name]
        if not vjp:
            return jax.jit(f)
        single = name not in GATED
        return jax.jit(lambda g, *a: jax.vjp(f, *a)[1](g)[0 if single else slice(None)])

    def make(case):
        if case.layout != "contiguous":
            return None  # a JAX array has no strides
        f, args = compiled(case.name, case.vjp), [jnp.asarray(a) for a in case.whole_args]
        wait = jax.block_until_ready
        return lambda: wait(f(*args))

    return make


def onnx_runtime(threads):
    import onnxruntime as ort
    from onnx import TensorProto, helper

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # A pool that spins on after its run would disturb whatever is timed next.
    options.add_session_config_entry("session.force_spinning_stop", "1")

    forward = {
        "relu": ("Relu", {}),
        "relu6": ("Clip", {"constants": (0, 6)}),
        "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
        "hardtanh": ("Clip", {"constants": (-1, 1)}),
        "hardsigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
        "hardswish": ("HardSwish", {}),
        "hardshrink": ("Shrink", {"lambd": 0.5, "bias": 0.0}),
        "softshrink": ("Shrink", {"lambd": 0.5, "bias": 0.5}),
        "elu": ("Elu", {}),
        "celu": ("Celu", {}),
        "selu": ("Selu", {}),
        "softplus": ("Softplus", {}),
        "gelu": ("Gelu", {}),
        "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
        "quick_gelu": ("QuickGelu", {"domain": "com.microsoft", "alpha": 1.702}),
        "silu": ("QuickGelu", {"domain": "com.microsoft", "alpha": 1.0}),
        "swish": ("QuickGelu", {"domain": "com.microsoft", "alpha": 1.5}),
        "mish": ("Mish", {}),
        "sigmoid": ("Sigmoid", {}),
        "tanh": ("Tanh", {}),
        "softsign": ("Softsign", {}),
    }
    types = {"f16": TensorProto.FLOAT16, "f32": TensorProto.FLOAT, "f64": TensorProto.DOUBLE}

    def make(case):
        if case.vjp or case.layout != "contiguous" or case.name not in forward:
            return None  # it has no strided tensors, and no backward pass in this package
        if case.dtype == "bf16":
            return None  # nor an operator of these for it
        operator, options_of_it = forward[case.name]
        attributes = dict(options_of_it)
        constants = attributes.pop("constants", ())
        kind, (x,), (y,) = types[case.dtype], case.args, case.outs
        bounds = [helper.make_tensor(f"c{i}", kind, (), [c]) for i, c in enumerate(constants)]
        node = helper.make_node(operator, ["x", *(c.name for c in bounds)], ["y"], **attributes)
        ends = [helper.make_tensor_value_info(n, kind, x.shape) for n in "xy"]
        graph = helper.make_graph([node], "g", ends[:1], ends[1:], bounds)
        opsets = [helper.make_opsetid("", 22), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        session = ort.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        binding = session.io_binding()
        for bind, name, array in ((binding.bind_input, "x", x), (binding.bind_output, "y", y)):
            bind(name, "cpu", 0, kind, array.shape, array.ctypes.data)
        return partial(session.run_with_iobinding, binding)

    return make


# numexpr and Numba share these: the value, and the vjp (two for gated units).
_SIGMOID = "1 / (1 + exp(-x))"
_SWISH = "x / (1 + exp(-{b} * x))", "g * {s} * (1 + {b} * x * (1 - {s}))"
_RAMP = "(0.7978845608028654 + 0.035677408136300125 * x * x)"
_RAMP3 = "(0.7978845608028654 + 0.10703222440890037 * x * x)"
_MISH = "where(x > 20, 1, 1 - 2 / (1 + (1 + exp({m})) * (1 + exp({m}))))".format(
    m="where(x > 20, 0, x)"
)


def _swish(b):
    return tuple(f.format(b=b, s=f"(1 / (1 + exp(-{b} * x)))") for f in _SWISH)


def _gated(f, df):
    """A unit from its activation and derivative, with a for the gate and b for up."""
    f, df = (re.sub(r"\bx\b", "a", s) for s in (f, df))
    return f"{f} * b", f"g * b * {df}", f"g * {f}"


FORMULAS = {
    "relu": ("where(x > 0, x, 0)", "where(x > 0, g, 0)"),
    "relu6": ("where(x > 0, where(x < 6, x, 6), 0)", "where((x > 0) & (x < 6), g, 0)"),
    "leaky_relu": ("where(x > 0, x, 0.01 * x)", "where(x > 0, g, 0.01 * g)"),
    "hardtanh": ("where(x > -1, where(x < 1, x, 1), -1)", "where(abs(x) < 1, g, 0)"),
    "hardsigmoid": (
        "where(x > -3, where(x < 3, (x + 3) * 0.16666666666666667, 1), 0)",
        "where(abs(x) < 3, g * 0.16666666666666667, 0)",
    ),
    "hardswish": (
        "where(x > -3, where(x < 3, x * (x + 3) * 0.16666666666666667, x), 0)",
        "where(x > -3, where(x < 3, g * (x * 0.3333333333333333 + 0.5), g), 0)",
    ),
    "hardshrink": ("where(abs(x) > 0.5, x, 0)", "where(abs(x) > 0.5, g, 0)"),
    "softshrink": (
        "where(x > 0.5, x - 0.5, where(x < -0.5, x + 0.5, 0))",
        "where(abs(x) > 0.5, g, 0)",
    ),
    "threshold": ("where(x > 0.5, x, 0.25)", "where(x > 0.5, g, 0)"),
    "elu": ("where(x > 0, x, expm1(x))", "where(x > 0, g, g * exp(x))"),
    "celu": ("where(x > 0, x, expm1(x))", "where(x > 0, g, g * exp(x))"),
    "selu": (
        f"where(x > 0, {S} * x, {SA} * expm1(x))",
        f"where(x > 0, {S} * g, {SA} * g * exp(x))",
    ),
    "softplus": ("where(x > 0, x, 0) + log1p(exp(-abs(x)))", "g / (1 + exp(-x))"),
    "squareplus": ("(x + sqrt(x * x + 4)) * 0.5", "g * (0.5 + 0.5 * x / sqrt(x * x + 4))"),
    "gelu": (
        "x * 0.5 * erfc(x * -0.7071067811865476)",
        f"g * (0.5 * erfc(x * -0.7071067811865476) + x * {R2PI} * exp(x * x * -0.5))",
    ),
    "gelu_tanh": (
        f"x * 0.5 * (1 + tanh(x * {_RAMP}))",
        f"g * 0.5 * (1 + tanh(x * {_RAMP})) * (1 + x * {_RAMP3} * (1 - tanh(x * {_RAMP})))",
    ),
    "quick_gelu": _swish("1.702"),
    "silu": _swish("1"),
    "swish": _swish("1.5"),
    "mish": (f"x * {_MISH}", f"g * ({_MISH} + x / (1 + exp(-x)) * (1 - {_MISH} * {_MISH}))"),
    "sigmoid": (_SIGMOID, "g / ((1 + exp(-x)) * (1 + exp(x)))"),
    "logsigmoid": ("where(x < 0, x, 0) - log1p(exp(-abs(x)))", "g / (1 + exp(x))"),
    "tanh": ("tanh(x)", "g * (1 - tanh(x) * tanh(x))"),
    "tanhshrink": ("x - tanh(x)", "g * tanh(x) * tanh(x)"),
    "softsign": ("x / (1 + abs(x))", "g / ((1 + abs(x)) * (1 + abs(x)))"),
    "reglu": _gated("where(x > 0, x, 0)", "where(x > 0, 1, 0)"),
    "swiglu": _gated(_swish("1")[0], _swish("1")[1].removeprefix("g * ")),
    "geglu": _gated(
        "x * 0.5 * erfc(x * -0.7071067811865476)",
        f"(0.5 * erfc(x * -0.7071067811865476) + x * {R2PI} * exp(x * x * -0.5))",
    ),
    "glu": ("b / (1 + exp(-a))", "g / (1 + exp(-a))", "g * b / ((1 + exp(-a)) * (1 + exp(a)))"),
}
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


def formulas(case):
    """[(formula, operands, out)] of a case, or nothing for half types."""
    if case.dtype.endswith("16"):
        return
    names = ["b", "a"] if case.name == "glu" else ["a", "b"] if case.name in GATED else ["x"]
    operands = dict(zip(["g", *names] if case.vjp else names, case.args, strict=False))
    texts = FORMULAS[case.name]
    for text, out in zip(texts[1:] if case.vjp else texts[:1], case.outs, strict=False):
        used = [name for name in operands if re.search(rf"\b{name}\b", text)]
        yield text, {name: operands[name] for name in used}, out


def in_turn(steps):
    """One callable of one or several."""
    if len(steps) == 1:
        return steps[0]
    return (lambda: [step() for step in steps]) if steps else None


def numexpr(threads):
    import numexpr

    numexpr.set_num_threads(threads)

    def make(case):
        def step(text, operands, out):
            # Numbers become operands of the array's type: numexpr would promote to double.
            constants = {}

            def name(number):
                return constants.setdefault(number[0], f"c{len(constants)}")

            text = _NUMBER.sub(name, text)
            operands |= {c: np.array(value, out.dtype) for value, c in constants.items()}
            kind = {"f": float, "d": np.double}[out.dtype.char]  # its names for the two
            compiled = numexpr.NumExpr(text, [(name, kind) for name in operands])
            return partial(compiled, *operands.values(), out=out, order="K", ex_uses_vml=False)

        if "erfc" in FORMULAS[case.name][0]:
            return None
        return in_turn([step(*formula) for formula in formulas(case)])

    return make


def numba(threads):
    import math

    import numba

    numba.set_num_threads(threads)
    scope = {f: getattr(math, f) for f in ("exp", "expm1", "log1p", "tanh", "sqrt", "erfc")}
    scope["where"] = numba.njit(lambda c, a, b: a if c else b)

    @cache
    def compiled(text, names, kind, target):
        # Numbers are made of the array's type: Numba would compute in double.
        body = _NUMBER.sub(lambda number: f"T({number[0]})", text)
        local = {**scope, "T": {"f": np.float32, "d": np.float64}[kind]}
        f = eval(f"lambda {', '.join(names)}: {body}", local)
        signature = {"f": numba.float32, "d": numba.float64}[kind]
        return numba.vectorize([signature(*[signature] * len(names))], target=target)(f)

    def make(case):
        target = "parallel" if threads > 1 and case.outs[0].size >= 65536 else "cpu"

        def step(text, operands, out):
            f = compiled(text, tuple(operands), out.dtype.char, target)
            return partial(f, *operands.values(), out=out)

        return in_turn([step(*formula) for formula in formulas(case)])

    return make


def thinc_saved(threads):
    """The backward passes for which thinc asks for the result of the forward pass."""
    return thinc(threads, saved=True)


def thinc(threads, saved=False):
    from thinc.backends.numpy_ops import NumpyOps

    ops = NumpyOps()
    forward = {
        "relu": ops.relu,
        "relu6": ops.relu_k,
        "hardtanh": ops.hard_tanh,
        "hardswish": ops.hard_swish_mobilenet,
        "gelu": ops.gelu,
        "gelu_tanh": ops.gelu_approx,
        "silu": ops.swish,
        "mish": ops.mish,
        "sigmoid": ops.sigmoid,
    }
    vjp = {
        "relu": ops.backprop_relu,
        "relu6": ops.backprop_relu_k,
        "hardtanh": ops.backprop_hard_tanh,
        "hardswish": ops.backprop_hard_swish_mobilenet,
        "gelu": ops.backprop_gelu,
        "gelu_tanh": ops.backprop_gelu_approx,
        "mish": ops.backprop_mish,
    }
    from_y = {
        "silu": ops.backprop_swish,
        "sigmoid": lambda g, x, y: ops.backprop_sigmoid(g, y),
    }

    def make(case):
        table = from_y if saved else vjp if case.vjp else forward
        if case.name not in table or case.dtype == "bf16" or (saved and not case.vjp):
            return None
        result = [forward[case.name](case.args[1])] if saved else []
        return partial(table[case.name], *case.args, *result)

    return make


# What the tables and pictures call each, and the package that it is of.
PEERS = {
    "halfwave": (halfwave, "halfwave"),
    "NumPy": (numpy, "numpy"),
    "NumPy in f32": (numpy_float32, "numpy"),
    "SciPy": (scipy, "scipy"),
    "PyTorch": (pytorch, "torch"),
    "PyTorch from y": (pytorch_saved, "torch"),
    "JAX": (jax, "jax"),
    "ONNX Runtime": (onnx_runtime, "onnxruntime"),
    "numexpr": (numexpr, "numexpr"),
    "Numba": (numba, "numba"),
    "thinc": (thinc, "thinc"),
    "thinc from y": (thinc_saved, "thinc"),
}


def version(peer):
    try:
        return importlib.metadata.version(PEERS[peer][1])
    except importlib.metadata.PackageNotFoundError:
        return None


def avx2_environment():
    """How each library is held to AVX2.

    ONNX Runtime cannot be; SciPy, numexpr and thinc are built for less.
    """
    from numpy._core._multiarray_umath import __cpu_dispatch__

    above = [f for f in __cpu_dispatch__ if f == "X86_V4" or f.startswith("AVX512")]
    return {
        "HALFWAVE_ISA": "avx2",
        "NPY_DISABLE_CPU_FEATURES": " ".join(above),
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
        "NUMBA_CPU_NAME": "haswell",
        "NUMBA_CPU_FEATURES": "",
    }
