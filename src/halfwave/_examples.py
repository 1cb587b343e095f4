# SPDX-License-Identifier: MIT
# Written by python -m halfwave._generate.
"""Examples for the docstrings, by row and direction."""

EXAMPLES = {
    "relu": (
        ">>> hw.relu([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 3.])",
        ">>> hw.grad.relu([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 1.])",
        ">>> hw.vjp.relu(10.0, [-2.0, 0.0, 3.0])\n"
        "array([ 0.,  0., 10.])",
    ),
    "relu6": (
        ">>> hw.relu6([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 3.])",
        ">>> hw.grad.relu6([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 1.])",
        ">>> hw.vjp.relu6(10.0, [-2.0, 0.0, 3.0])\n"
        "array([ 0.,  0., 10.])",
    ),
    "leaky_relu": (
        ">>> hw.leaky_relu([-2.0, 0.0, 3.0], 0.125)\n"
        "array([-0.25,  0.  ,  3.  ])",
        ">>> hw.grad.leaky_relu([-2.0, 0.0, 3.0], 0.125)\n"
        "array([0.125, 0.125, 1.   ])",
        ">>> hw.vjp.leaky_relu(10.0, [-2.0, 0.0, 3.0], 0.125)\n"
        "array([ 1.25,  1.25, 10.  ])",
    ),
    "prelu": (
        ">>> hw.prelu([-2.0, 0.0, 3.0], 0.25)\n"
        "array([-0.5,  0. ,  3. ])",
        ">>> hw.grad.prelu([-2.0, 0.0, 3.0], 0.25)\n"
        "array([0.25, 0.25, 1.  ])",
        ">>> hw.vjp.prelu(10.0, [-2.0, 0.0, 3.0], 0.25)\n"
        "(array([ 2.5,  2.5, 10. ]), np.float64(-20.0))",
    ),
    "rrelu": (
        ">>> hw.rrelu([-2.0, 0.0, 3.0], 0.125, 0.375)\n"
        "array([-0.5,  0. ,  3. ])",
        ">>> hw.grad.rrelu([-2.0, 0.0, 3.0], 0.125, 0.375)\n"
        "array([0.25, 0.25, 1.  ])",
        ">>> hw.vjp.rrelu(10.0, [-2.0, 0.0, 3.0], 0.125, 0.375)\n"
        "array([ 2.5,  2.5, 10. ])",
    ),
    "relu_squared": (
        ">>> hw.relu_squared([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 9.])",
        ">>> hw.grad.relu_squared([-2.0, 0.0, 3.0])\n"
        "array([0., 0., 6.])",
        ">>> hw.vjp.relu_squared(10.0, [-2.0, 0.0, 3.0])\n"
        "array([ 0.,  0., 60.])",
    ),
    "threshold": (
        ">>> hw.threshold([-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([0.25, 0.25, 3.  ])",
        ">>> hw.grad.threshold([-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([0., 0., 1.])",
        ">>> hw.vjp.threshold(10.0, [-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([ 0.,  0., 10.])",
    ),
    "hardtanh": (
        ">>> hw.hardtanh([-2.0, 0.0, 3.0])\n"
        "array([-1.,  0.,  1.])",
        ">>> hw.grad.hardtanh([-2.0, 0.0, 3.0])\n"
        "array([0., 1., 0.])",
        ">>> hw.vjp.hardtanh(10.0, [-2.0, 0.0, 3.0])\n"
        "array([ 0., 10.,  0.])",
    ),
    "hardsigmoid": (
        ">>> hw.hardsigmoid([-2.0, 0.0, 3.0])\n"
        "array([0.16666667, 0.5       , 1.        ])",
        ">>> hw.grad.hardsigmoid([-2.0, 0.0, 3.0])\n"
        "array([0.16666667, 0.16666667, 0.        ])",
        ">>> hw.vjp.hardsigmoid(10.0, [-2.0, 0.0, 3.0])\n"
        "array([1.66666667, 1.66666667, 0.        ])",
    ),
    "hardswish": (
        ">>> hw.hardswish([-2.0, 0.0, 3.0])\n"
        "array([-0.33333333,  0.        ,  3.        ])",
        ">>> hw.grad.hardswish([-2.0, 0.0, 3.0])\n"
        "array([-0.16666667,  0.5       ,  1.        ])",
        ">>> hw.vjp.hardswish(10.0, [-2.0, 0.0, 3.0])\n"
        "array([-1.66666667,  5.        , 10.        ])",
    ),
    "hardshrink": (
        ">>> hw.hardshrink([-2.0, 0.0, 3.0])\n"
        "array([-2.,  0.,  3.])",
        ">>> hw.grad.hardshrink([-2.0, 0.0, 3.0])\n"
        "array([1., 0., 1.])",
        ">>> hw.vjp.hardshrink(10.0, [-2.0, 0.0, 3.0])\n"
        "array([10.,  0., 10.])",
    ),
    "softshrink": (
        ">>> hw.softshrink([-2.0, 0.0, 3.0])\n"
        "array([-1.5,  0. ,  2.5])",
        ">>> hw.grad.softshrink([-2.0, 0.0, 3.0])\n"
        "array([1., 0., 1.])",
        ">>> hw.vjp.softshrink(10.0, [-2.0, 0.0, 3.0])\n"
        "array([10.,  0., 10.])",
    ),
    "shrink": (
        ">>> hw.shrink([-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([-1.75,  0.  ,  2.75])",
        ">>> hw.grad.shrink([-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([1., 0., 1.])",
        ">>> hw.vjp.shrink(10.0, [-2.0, 0.0, 3.0], 0.5, 0.25)\n"
        "array([10.,  0., 10.])",
    ),
    "sparse_plus": (
        ">>> hw.sparse_plus([-2.0, 0.0, 3.0])\n"
        "array([0.  , 0.25, 3.  ])",
        ">>> hw.grad.sparse_plus([-2.0, 0.0, 3.0])\n"
        "array([0. , 0.5, 1. ])",
        ">>> hw.vjp.sparse_plus(10.0, [-2.0, 0.0, 3.0])\n"
        "array([ 0.,  5., 10.])",
    ),
    "sparse_sigmoid": (
        ">>> hw.sparse_sigmoid([-2.0, 0.0, 3.0])\n"
        "array([0. , 0.5, 1. ])",
        ">>> hw.grad.sparse_sigmoid([-2.0, 0.0, 3.0])\n"
        "array([0. , 0.5, 0. ])",
        ">>> hw.vjp.sparse_sigmoid(10.0, [-2.0, 0.0, 3.0])\n"
        "array([0., 5., 0.])",
    ),
}
