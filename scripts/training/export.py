"""From a trained network to the files of a Vosk model."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from torch import Tensor, nn

from training.features import CONFIGURATION
from training.garbage import Garbage
from training.graph import SILENCE, units, write_graph
from training.kaldi import Affine, LogSoftmax, Node, NoOp, Offset, Relu, Scale, write_model
from training.lexicon import Lexicon
from training.network import BYPASS, INPUT, OFFSET, STRIDE, Network
from training.settings import DecodingSettings

__all__ = ["write_acoustics", "write_folder"]

_CHUNK = 51
"""Input frames that the engine puts through the network at once: half a second, after which what is heard so far is late by
as much. With its own 20 the network takes twice as long; the answers are the same, and as soon, for what is left at the
end of an utterance takes no longer."""


def write_folder(  # noqa: PLR0913, PLR0917  # what a model is made of
    folder: Path,
    network: Network,
    garbage: Garbage,
    lexicon: Lexicon,
    phones: Sequence[str],
    decoding: DecodingSettings,
) -> None:
    """Write a whole model folder, as Vosk opens it; `phones` are those of the network, in its order."""
    (folder / "conf").mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "mfcc.conf").write_text(CONFIGURATION, encoding="ascii")
    (folder / "conf" / "model.conf").write_text(_decoding(decoding), encoding="ascii")
    write_acoustics(folder, network, garbage, phones)
    write_graph(folder, lexicon, phones)


def write_acoustics(folder: Path, network: Network, garbage: Garbage, phones: Sequence[str]) -> None:
    """Write am/final.mdl."""
    (folder / "am").mkdir(parents=True, exist_ok=True)
    nodes = [*_nodes(network), Node("garbage", "logsoftmax", Offset(-_numbers(garbage.costs)))]
    write_model(folder / "am" / "final.mdl", units(phones), nodes, "Append(logsoftmax, garbage)")


def _decoding(settings: DecodingSettings) -> str:
    return (
        "--min-active=200\n"
        f"--max-active={settings.max_active}\n"
        f"--beam={settings.beam:g}\n"
        f"--lattice-beam={settings.lattice_beam:g}\n"
        f"--acoustic-scale={settings.acoustic_scale:g}\n"
        f"--frame-subsampling-factor={STRIDE}\n"
        f"--frames-per-chunk={_CHUNK}\n"
        # Else what `[unk]` may be is sorted out phone by phone first: at the end of other people's talk twice the time.
        "--phone-determinize=false\n"
        f"--endpoint.silence-phones={SILENCE}\n"
        "--endpoint.rule2.min-trailing-silence=0.5\n"
        "--endpoint.rule3.min-trailing-silence=0.75\n"
        "--endpoint.rule4.min-trailing-silence=1.0\n"
    )


def _nodes(network: Network) -> Iterator[Node]:
    mean, deviation = _numbers(network.mean), _numbers(network.deviation)
    # The engine's features are not normalised: the first layer does it.
    matrix = _numbers(network.first.weight) / np.tile(deviation, INPUT)
    bias = _numbers(network.first.bias) - matrix @ np.tile(mean, INPUT)
    reach = INPUT // 2
    yield Node("tdnn0.affine", _append("input", range(-reach, reach + 1)), Affine(matrix, bias))
    yield from _activation("tdnn0", network.norms[0])
    previous = "tdnn0.offset"
    for number, (down, up) in enumerate(zip(network.down, network.up, strict=True), start=1):
        name = f"tdnn{number}"
        low, high = _affine(down), _affine(up)
        yield Node(f"{name}.linear", _append(previous, (-OFFSET, 0)), low)
        yield Node(f"{name}.affine", _append(f"{name}.linear", (0, OFFSET)), high)
        yield from _activation(name, network.norms[number])
        total = f"Sum(Scale({BYPASS}, {previous}), {name}.offset)"
        yield Node(f"{name}.sum", total, NoOp(len(high.bias)))
        previous = f"{name}.sum"
    yield Node("scores", previous, _affine(network.last))
    yield Node("logsoftmax", "scores", LogSoftmax(network.last.out_features))


def _activation(name: str, norm: nn.Module) -> Iterator[Node]:
    if not isinstance(norm, nn.BatchNorm1d) or norm.running_var is None or norm.running_mean is None:
        raise TypeError("every norm of the network is a batch norm with statistics")
    factors = _numbers(norm.weight) / np.sqrt(_numbers(norm.running_var) + norm.eps)
    terms = _numbers(norm.bias) - _numbers(norm.running_mean) * factors
    yield Node(f"{name}.relu", f"{name}.affine", Relu(len(factors)))
    yield Node(f"{name}.scale", f"{name}.relu", Scale(factors))
    yield Node(f"{name}.offset", f"{name}.scale", Offset(terms))


def _affine(layer: nn.Module) -> Affine:
    if not isinstance(layer, nn.Linear):
        raise TypeError("every layer of the network is linear")
    matrix = _numbers(layer.weight)
    return Affine(matrix, np.zeros(len(matrix)) if layer.bias is None else _numbers(layer.bias))


def _append(name: str, offsets: range | tuple[int, ...]) -> str:
    return "Append(" + ", ".join(f"Offset({name}, {k})" if k else name for k in offsets) + ")"


def _numbers(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy().astype(np.float64)
