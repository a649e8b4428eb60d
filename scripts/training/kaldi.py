"""Kaldi's binary formats, as much of them as one acoustic model needs."""

import math
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

__all__ = [
    "Affine",
    "Component",
    "LogSoftmax",
    "NoOp",
    "Node",
    "Offset",
    "Relu",
    "Scale",
    "read_numbers",
    "write_model",
]

STAY = 0.5
"""The probability of staying in a phone. The network knows better; this one number is the same for all."""


_PACKED = struct.Struct("<ffii")
"""Before the numbers of a packed matrix: the least of them, how far the greatest is above it, rows, columns."""
_STEPS = 65535


@dataclass(frozen=True)
class Affine:
    """x @ matrix.T + bias."""

    matrix: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Relu:
    """What is below zero becomes zero."""

    size: int


@dataclass(frozen=True)
class LogSoftmax:
    """The logarithm of the softmax."""

    size: int


@dataclass(frozen=True)
class Scale:
    """Every number times its own."""

    factors: np.ndarray


@dataclass(frozen=True)
class Offset:
    """Every number plus its own."""

    terms: np.ndarray


@dataclass(frozen=True)
class NoOp:
    """Gives a sum of other nodes a name."""

    size: int


Component = Affine | Relu | LogSoftmax | Scale | Offset | NoOp


@dataclass(frozen=True)
class Node:
    """A component and what it is applied to."""

    name: str
    input: str
    """In Kaldi's language of descriptors: `Append(a, Offset(b, 3))`, `Sum(Scale(0.66, a), b)`."""
    component: Component


class _Stream:
    """A binary Kaldi file, which replaces the one at `path` only when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_suffix(".part")

    def __enter__(self) -> Self:
        self._file = self._part.open("wb")
        self._file.write(b"\0B")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if error is None:
            self._part.replace(self._path)

    def tokens(self, *tokens: str) -> None:
        for token in tokens:
            self._file.write(token.encode() + b" ")

    def text(self, text: str) -> None:
        self._file.write(text.encode())

    def integers(self, *values: int) -> None:
        for value in values:
            self._file.write(b"\4" + struct.pack("<i", value))

    def single(self, value: float) -> None:
        self._file.write(b"\4" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        self._file.write(b"\x08" + struct.pack("<d", value))

    def integer_vector(self, values: Sequence[int]) -> None:
        self._file.write(b"\4" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes())

    def vector(self, values: Sequence[float] | np.ndarray) -> None:
        self.tokens("FV")
        self.integers(len(values))
        self._file.write(np.asarray(values, "<f4").tobytes())

    def matrix(self, values: np.ndarray) -> None:
        """Write a matrix in 16 bits a number, which the engine unpacks: half the size, and no worse."""
        low, span = float(values.min()), float(np.ptp(values)) or 1.0
        self.tokens("CM2")
        self._file.write(_PACKED.pack(low, span, *values.shape))
        self._file.write(np.rint((values - low) * (_STEPS / span)).astype("<u2").tobytes())


def write_model(
    path: Path, units: Sequence[tuple[int, int, int]], nodes: Sequence[Node], output: str
) -> None:
    """Write an acoustic model, am/final.mdl.

    Args:
        path: the file.
        units: for each the phone that it is, and the network's outputs for its first and for all further frames;
            in the order of the phones, every one of which has at least one.
        nodes: the network, each node after those that it reads; the features are called `input`.
        output: the descriptor of the network's output.

    Unit k, counted from 1, then has the transitions 2k - 1 (stay) and 2k (enter).
    """
    with _Stream(path) as stream:
        _write_transitions(stream, units)
        first = nodes[0].component
        if not isinstance(first, Affine):
            raise TypeError("a network begins with an affine component")
        spliced = nodes[0].input.count(",") + 1 - nodes[0].input.count("Offset")
        stream.tokens("<Nnet3>")
        lines = [f"input-node name=input dim={first.matrix.shape[1] // spliced}"]
        lines += [f"component-node name={n.name} component={n.name} input={n.input}" for n in nodes]
        lines.append(f"output-node name=output input={output} objective=linear")
        stream.text("\n" + "\n".join(lines) + "\n\n")
        stream.tokens("<NumComponents>")
        stream.integers(len(nodes))
        for node in nodes:
            stream.tokens("<ComponentName>", node.name)
            _write_component(stream, node.component)
        stream.tokens("</Nnet3>", "<LeftContext>")
        stream.integers(0)  # worked out by the engine when it loads
        stream.tokens("<RightContext>")
        stream.integers(0)
        stream.tokens("<Priors>")
        stream.vector([])


_NUMBERS = {
    "FixedAffine": ("<LinearParams>", "<BiasParams>"),
    "FixedScale": ("<Scales>",),
    "FixedBias": ("<Bias>",),
}
"""The kinds of components that hold numbers, and the tokens before them."""


def read_numbers(path: Path) -> dict[str, tuple[np.ndarray, ...]]:
    """Return by name the components of a model that `write_model` wrote, as far as they hold numbers.

    An affine has a matrix and a vector, a scale or an offset a vector; all float32. Raises `ValueError` where
    the file is something else.
    """
    content, found = path.read_bytes(), dict[str, tuple[np.ndarray, ...]]()
    at = content.find(b"<NumComponents> ")
    while (at := content.find(b"<ComponentName> ", at)) >= 0:
        name, kind = content[at : at + 200].split(b" ", 3)[1:3]
        at += len(b"<ComponentName> ") + len(name) + len(kind) + 2
        arrays = []
        for token in _NUMBERS.get(kind.decode().strip("<>").removesuffix("Component"), ()):
            array, at = _read_array(content, at, token, path)
            arrays.append(array)
        if arrays:
            found[name.decode()] = tuple(arrays)
    if not found:
        raise ValueError(f"{path} is not an acoustic model that was written here")
    return found


def _read_array(content: bytes, at: int, token: str, path: Path) -> tuple[np.ndarray, int]:
    """Return the matrix or vector after a token that stands at a place, and the place after it."""
    start = at + len(token) + 1
    kind, _, _ = content[start : start + 4].partition(b" ")
    if content[at:start] != token.encode() + b" " or kind not in {b"CM2", b"FM", b"FV"}:
        raise ValueError(f"{path} has no {token} at byte {at}")
    start += len(kind) + 1
    if kind == b"CM2":
        low, span, *shape = _PACKED.unpack_from(content, start)
        packed = np.frombuffer(content, "<u2", math.prod(shape), start := start + _PACKED.size)
        array = (low + packed * (span / _STEPS)).astype(np.float32)
    else:
        sizes = struct.unpack_from("<xixi" if kind == b"FM" else "<xi", content, start)
        shape = list(sizes)
        packed = np.frombuffer(content, "<f4", math.prod(shape), start := start + 5 * len(shape))
        array = packed.copy()
    return array.reshape(shape), start + packed.nbytes


def _write_transitions(stream: _Stream, units: Sequence[tuple[int, int, int]]) -> None:
    count = units[-1][0]
    stream.tokens("<TransitionModel>", "<Topology>")
    stream.integer_vector(range(1, count + 1))
    stream.integer_vector([-1] + [0] * count)
    stream.integers(-1, 1, 2)  # entering and staying may have different outputs; one topology, of two states
    stream.integers(0, 1, 2)  # the first: output classes 0 and 1, two transitions
    stream.integers(0)
    stream.single(STAY)
    stream.integers(1)
    stream.single(1 - STAY)
    stream.integers(-1, -1, 0)  # the second: final
    stream.tokens("</Topology>", "<Tuples>")
    stream.integers(len(units))
    for phone, enter, stay in units:
        stream.integers(phone, 0, enter, stay)
    stream.tokens("</Tuples>", "<LogProbs>")
    stream.vector([0.0, *([math.log(STAY), math.log(1 - STAY)] * len(units))])
    stream.tokens("</LogProbs>", "</TransitionModel>")


def _write_component(stream: _Stream, component: Component) -> None:
    match component:
        case Affine(matrix, bias):
            stream.tokens("<FixedAffineComponent>", "<LinearParams>")
            stream.matrix(matrix)
            stream.tokens("<BiasParams>")
            stream.vector(bias)
            stream.tokens("</FixedAffineComponent>")
        case Relu(size) | LogSoftmax(size):
            name = "RectifiedLinear" if isinstance(component, Relu) else "LogSoftmax"
            stream.tokens(f"<{name}Component>", "<Dim>")
            stream.integers(size)
            for statistic in ("<ValueAvg>", "<DerivAvg>"):
                stream.tokens(statistic)
                stream.vector([])
            stream.tokens("<Count>")
            stream.double(0.0)
            stream.tokens(f"</{name}Component>")
        case Scale(factors):
            stream.tokens("<FixedScaleComponent>", "<Scales>")
            stream.vector(factors)
            stream.tokens("</FixedScaleComponent>")
        case Offset(terms):
            stream.tokens("<FixedBiasComponent>", "<Bias>")
            stream.vector(terms)
            stream.tokens("</FixedBiasComponent>")
        case NoOp(size):
            stream.tokens("<NoOpComponent>", "<Dim>")
            stream.integers(size)
            stream.tokens("<BackpropScale>")
            stream.single(1.0)
            stream.tokens("</NoOpComponent>")
