"""A shipped model as a network that can be trained further, where the network it was written from is lost."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.batches import collate
from training.features import CEPSTRA
from training.kaldi import read_numbers
from training.network import INPUT, Network
from training.settings import NetworkSettings

__all__ = ["revive"]


@torch.no_grad()
def revive(folder: Path, settings: NetworkSettings, sounds: int, sample: Sequence[np.ndarray]) -> Network:
    """Return the network of a model's folder: it computes what the model computes.

    A model keeps neither the statistics of the input nor those of the norms, only what comes of them, so
    they are taken from a sample of features like those to be trained on. Raises `ValueError` where the
    network is of another shape than the settings say.

    Args:
        folder: the model's.
        settings: the network's shape.
        sounds: silence and every phone of the dictionary.
        sample: features (frames, CEPSTRA) of some hundred recordings.
    """
    numbers, network = read_numbers(folder / "am" / "final.mdl"), Network(settings, sounds)
    block = np.concatenate(sample).astype(np.float32)
    network.mean.copy_(torch.from_numpy(block.mean(0)))
    network.deviation.copy_(torch.from_numpy(block.std(0)))
    matrix, bias = numbers["tdnn0.affine"]
    _set(network.first.weight, matrix.reshape(-1, INPUT, CEPSTRA) * block.std(0))
    _set(network.first.bias, bias + matrix @ np.tile(block.mean(0), INPUT))
    for number, (down, up) in enumerate(zip(network.down, network.up, strict=True), start=1):
        _fill(down, numbers[f"tdnn{number}.linear"][:1])
        _fill(up, numbers[f"tdnn{number}.affine"])
    _fill(network.last, numbers["scores"])
    norms = [norm for norm in network.norms if isinstance(norm, nn.BatchNorm1d)]
    for number, norm in enumerate(norms):
        _set(norm.weight, numbers[f"tdnn{number}.scale"][0] * (1 + norm.eps) ** 0.5)
        _set(norm.bias, numbers[f"tdnn{number}.offset"][0])
    _take_statistics(network, norms, sample)
    return network


def _take_statistics(network: Network, norms: list[nn.BatchNorm1d], sample: Sequence[np.ndarray]) -> None:
    """Give the norms the mean and variance of their input, and undo what that changes."""
    seen: dict[nn.Module, Tensor] = {}
    hooks = [norm.register_forward_pre_hook(lambda norm, x: seen.update({norm: x[0]})) for norm in norms]
    network.eval()
    network(collate(sample, network.context)[0])
    for hook in hooks:
        hook.remove()
    for norm in norms:
        if norm.running_mean is None or norm.running_var is None:
            raise TypeError("every norm of the network keeps statistics")
        factors = norm.weight / (1 + norm.eps) ** 0.5
        norm.running_mean.copy_(seen[norm].mean(0))
        norm.running_var.copy_(seen[norm].var(0))
        norm.bias.add_(norm.running_mean * factors)
        norm.weight.copy_(factors * (norm.running_var + norm.eps).sqrt())


def _fill(layer: nn.Module, numbers: Sequence[np.ndarray]) -> None:
    for parameter, values in zip(layer.parameters(), numbers, strict=True):
        _set(parameter, values)


def _set(parameter: Tensor, values: np.ndarray) -> None:
    if parameter.numel() != values.size:
        raise ValueError(f"the model's layer of {values.shape} does not fit one of {tuple(parameter.shape)}")
    parameter.copy_(torch.from_numpy(np.asarray(values, np.float32)).view_as(parameter))
