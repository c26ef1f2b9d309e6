"""A small network over what the encoder makes of a text: one hidden layer, all heads at once, in NumPy.

Fitted with AdamW at a rate that rises and falls; what a row does not say about a head teaches nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

HIDDEN: Final = 256
ROUNDS: Final = 30
BATCH: Final = 256
RATE: Final = 2e-3
DECAY: Final = 1e-2
LEFT_OUT: Final = (0.1, 0.4)
"""Which share of the numbers that come in, and of the hidden ones, a step does without."""
RISING: Final = 0.3
"""In which part of the steps the rate rises; it begins at a 25th."""
MOMENTS: Final = (0.9, 0.999)
SHARE: Final = 0.3
"""What all rows of the kind weigh together, for each unit that the others weigh."""

Table = np.ndarray


@dataclass(frozen=True)
class Network:
    """The weights and biases of both layers."""

    first: Table
    first_bias: Table
    last: Table
    last_bias: Table

    def margins(self, table: Table) -> Table:
        """The margin of each head for each row."""
        return np.maximum(table @ self.first + self.first_bias, 0) @ self.last + self.last_bias


def fit(table: Table, labels: Table, weights: Table, seed: int) -> Network:
    """The network that tells the labels (1, 0, or -1 where a head is not known) from the table's numbers."""
    chance = np.random.default_rng(seed)
    parts = list(_begun(chance, table.shape[1], labels.shape[1]))
    moments = [(np.zeros_like(part), np.zeros_like(part)) for part in parts]
    counts = _counts(labels, weights)
    steps = ROUNDS * -(-len(table) // BATCH)
    for step, rows in enumerate(_batches(chance, len(table))):
        slopes = _slopes(parts, table[rows], labels[rows], counts[rows], chance)
        rate = _rate(step, steps)
        ease = [1 - moment ** (step + 1) for moment in MOMENTS]
        for part, slope, both in zip(parts, slopes, moments, strict=True):
            for moment, mean, new in zip(MOMENTS, both, (slope, slope * slope), strict=True):
                np.add(mean, (1 - moment) * (new - mean), out=mean)
            by = (rate / ease[0]) * both[0] / (np.sqrt(both[1] / ease[1]) + 1e-8)
            np.subtract(part * (1 - rate * DECAY), by, out=part)
    return Network(*parts)


def _begun(chance: np.random.Generator, numbers: int, heads: int) -> Iterator[Table]:
    for wide, high in ((numbers, HIDDEN), (HIDDEN, heads)):
        most = wide**-0.5
        yield chance.uniform(-most, most, (wide, high)).astype(np.float32)
        yield chance.uniform(-most, most, high).astype(np.float32)


def _counts(labels: Table, weights: Table) -> Table:
    """What each label of each row counts: rare kinds more, what is not known nothing."""
    counts = (labels >= 0) * weights[:, None]
    for head, column in enumerate(labels.T):
        of_kind, others = weights[column == 1].sum(), weights[column == 0].sum()
        if of_kind:
            counts[column == 1, head] *= min(20.0, SHARE * others / of_kind)
    return counts.astype(np.float32)


def _batches(chance: np.random.Generator, rows: int) -> Iterator[Table]:
    for _ in range(ROUNDS):
        order = chance.permutation(rows)
        yield from (order[start : start + BATCH] for start in range(0, rows, BATCH))


def _rate(step: int, steps: int) -> float:
    """Up to the full rate and down to nothing, each along half a wave."""
    top = RISING * steps
    if step < top:
        return float(RATE * (0.04 + 0.96 * (1 - np.cos(np.pi * step / top)) / 2))
    return float(RATE * (1 + np.cos(np.pi * (step - top) / (steps - top))) / 2)


def _kept(chance: np.random.Generator, shape: tuple[int, ...], without: float) -> Table:
    return (chance.random(shape, dtype=np.float32) >= without).astype(np.float32) / np.float32(1 - without)


def _slopes(
    parts: list[Table], table: Table, labels: Table, counts: Table, chance: np.random.Generator
) -> list[Table]:
    first, first_bias, last, last_bias = parts
    table = table * _kept(chance, table.shape, LEFT_OUT[0])
    sums = table @ first + first_bias
    gate = _kept(chance, sums.shape, LEFT_OUT[1]) * (sums > 0)
    inner = sums * gate
    wrong = 1 / (1 + np.exp(-np.clip(inner @ last + last_bias, -40, 40))) - (labels == 1)
    wrong = wrong * counts / max(float(counts.sum()), 1e-9)
    back = (wrong @ last.T) * gate
    return [table.T @ back, back.sum(axis=0), inner.T @ wrong, wrong.sum(axis=0)]
