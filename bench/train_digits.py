# SPDX-License-Identifier: MIT
"""Trains a small network on scikit-learn's digits, with halfwave and with NumPy expressions.

    pip install '.[bench]' && python bench/train_digits.py

Two hidden layers (relu, leaky_relu) and softmax; float32, stochastic gradient descent with
momentum, a little noise on the images.  Both runs start from the same weights and see the same
batches, so their losses must agree to rounding.  They take turns, epoch by epoch, on one thread.
Fails unless both reach 97 % on the held-out fifth with equal losses.
"""

import argparse
import sys
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits  # comes with scikit-learn

import halfwave as hw

SLOPE = 0.01
WIDTHS = (64, 512, 512, 10)
BATCH, RATE, MOMENTUM = 128, 0.1, 0.9
NOISE = np.float32(0.2)
ACCURACY = 0.97


class Activations(NamedTuple):
    """A layer's value and its backward pass, for each hidden layer."""

    name: str
    forward: tuple
    backward: tuple


HALFWAVE = Activations(
    "halfwave",
    (hw.relu, lambda z: hw.leaky_relu(z, SLOPE)),
    (hw.vjp.relu, lambda g, z: hw.vjp.leaky_relu(g, z, SLOPE)),
)
NUMPY = Activations(
    "NumPy",
    (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, z, SLOPE * z)),
    (lambda g, z: np.where(z > 0, g, 0), lambda g, z: np.where(z > 0, g, SLOPE * g)),
)


class Network:
    def __init__(self, activations, rng):
        self.activations = activations
        self.weights = [
            rng.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / shape[0]))
            for shape in pairwise(WIDTHS)
        ]
        self.biases = [np.zeros(width, np.float32) for width in WIDTHS[1:]]
        self.parameters = self.weights + self.biases
        self.velocities = [np.zeros_like(p) for p in self.parameters]
        self.losses, self.times = [], []

    def forward(self, x):
        """The inputs of each layer, and what enters each activation; the last are the logits."""
        inputs, sums = [x], []
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            sums.append(inputs[-1] @ weight + bias)
            if i < len(self.activations.forward):
                inputs.append(self.activations.forward[i](sums[-1]))
        return inputs, sums

    def step(self, x, y):
        """One step of descent; the loss before it."""
        inputs, sums = self.forward(x)
        exponentials = np.exp(sums[-1] - sums[-1].max(axis=1, keepdims=True))
        chances = exponentials / exponentials.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(chances[rows, y]).mean()
        chances[rows, y] -= 1
        g, slopes = chances / np.float32(len(y)), []
        for i in reversed(range(len(self.weights))):
            slopes.append((inputs[i].T @ g, g.sum(axis=0)))
            if i:
                g = self.activations.backward[i - 1](g @ self.weights[i].T, sums[i - 1])
        of_weights, of_biases = zip(*reversed(slopes), strict=True)
        for parameter, velocity, slope in zip(
            self.parameters, self.velocities, of_weights + of_biases, strict=True
        ):
            velocity *= MOMENTUM
            velocity -= RATE * slope
            parameter += velocity
        return loss

    def epoch(self, x, y, order):
        start = perf_counter()
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        self.losses += [self.step(x[batch], y[batch]) for batch in batches]
        self.times.append(perf_counter() - start)

    def accuracy(self, x, y):
        return float(np.mean(self.forward(x)[1][-1].argmax(axis=1) == y))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    console, progress = Console(), Console(stderr=True)

    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype(np.float32)
    order = np.random.default_rng(options.seed).permutation(len(x))
    held_out, training = np.split(order, [len(x) // 5])
    networks = [Network(a, np.random.default_rng(options.seed)) for a in (HALFWAVE, NUMPY)]
    shuffles = np.random.default_rng(options.seed)
    for epoch in track(range(options.epochs), "training", console=progress):
        shuffled = shuffles.permutation(training)
        noisy = x + NOISE * shuffles.standard_normal(x.shape, np.float32)
        for network in networks if epoch % 2 else reversed(networks):
            network.epoch(noisy, y, shuffled)

    table = Table("", "epoch (ms)", "last loss", "accuracy on the held-out fifth")
    accuracies = [network.accuracy(x[held_out], y[held_out]) for network in networks]
    for network, accuracy in zip(networks, accuracies, strict=True):
        table.add_row(
            network.activations.name,
            f"{median(network.times) * 1e3:.2f}",
            f"{network.losses[-1]:.6f}",
            f"{accuracy:.2%}",
        )
    console.print(table)
    ours, theirs = (np.array(network.losses) for network in networks)
    difference = np.abs(ours - theirs).max()
    ratio = median(b / a for a, b in zip(*(n.times for n in networks), strict=True))
    console.print(f"An epoch with NumPy takes {ratio:.2f} times as long.")
    console.print(f"The largest difference between two losses is {difference:.2g}.")
    equal = np.allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    if min(accuracies) < ACCURACY:
        console.print(f"FAILED: an accuracy is below {ACCURACY:.0%}")
    if not equal:
        console.print("FAILED: the losses differ")
    return 0 if equal and min(accuracies) >= ACCURACY else 1


if __name__ == "__main__":
    with threadpool_limits(1):  # of the matrix products and of halfwave
        sys.exit(main())
