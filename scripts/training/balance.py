"""How likely `[unk]` ought to be: what it costs in commands and saves in false ones, on the training part."""

import random
from itertools import islice

from training import evaluation
from training.progress import CONSOLE
from training.recipe import Recipe
from training.synthesis import speakers

__all__ = ["balance"]

_CHEAPER = (-0.4, -0.2, 0.0, 0.2, 0.4)  # nats a phone
_SEED = 8
_EVERY = 3
"""Every how many of the commands and recordings are asked; all would take ten minutes."""
_VOICES = 5
"""Speakers of those that are trained on, to say the commands."""


def balance(recipe: Recipe, step: str) -> None:
    """Print how many commands are heard and how many false ones with `[unk]` cheaper and dearer than it is.

    All is from the training part, so that `[garbage] cheaper` can be chosen by this and the tests be blind.
    """
    phrases = recipe.commands()
    voices = list(islice(speakers(random.Random(_SEED), recipe.settings.speech.voices), _VOICES))
    said = evaluation.command_recordings(phrases[::_EVERY], recipe.work / "balance", _SEED, voices)
    sources = recipe.settings.tests.others
    others = [one for one in recipe.corpus() if one.source in sources and not one.held_out]
    for nats in _CHEAPER:
        model = recipe.export(step, nats)
        right = evaluation.commands(model, said, phrases)
        false = evaluation.false_accepts(model, others[::_EVERY], phrases, _SEED)
        CONSOLE.print(
            f"{nats:+.1f} nats cheaper: {right.hits} of {right.total} commands, {false.hits} of {false.total} others"
        )
    recipe.export(step)
