"""The command line of `scripts/train`."""

import json
import logging
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from training.balance import balance
from training.card import write_card
from training.files import put_in_place, whole
from training.progress import CONSOLE
from training.recipe import Recipe
from training.report import BEFORE, comparison, load_results, measure
from training.settings import load_settings
from voicecramp.errors import VoiceCrampError

_SETTINGS = Path(__file__).with_name("en.toml")

app = typer.Typer(add_completion=False)


@app.command()
def main(
    settings: Annotated[Path, typer.Argument(help="The recipe's settings.")] = _SETTINGS,
    work: Annotated[Path | None, typer.Option(help="Where to work [default: build/NAME].")] = None,
    models: Annotated[Path, typer.Option(help="Where the model's folder goes.")] = Path("models"),
    only: Annotated[
        list[str] | None, typer.Option(help="Only these stages, by name; may be repeated.")
    ] = None,
) -> None:
    """Make a Vosk model: prepare, synthesise, extract, train and measure every step, and write the folder.

    Settings that ship no step compare their steps instead, as ablation.toml does.

    What is made already is not made again, so a run that was stopped goes on where it was. To make a stage
    anew, delete what it left in the work folder. A step that goes on from the model that is there is left out
    where there is none yet.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        loaded = load_settings(settings)
    except VoiceCrampError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    recipe = Recipe(loaded, work or Path("build") / loaded.name, models / loaded.name)
    recipe.work.mkdir(parents=True, exist_ok=True)
    stages: dict[str, Callable[[], object]] = {
        "prepare": recipe.prepare,
        "synthesise": recipe.synthesise,
        "extract": recipe.extract,
    }
    steps = [step for step in loaded.steps if recipe.shipped.is_dir() or loaded.from_scratch(step)]
    models_made = [step for step in loaded.models if step in steps]
    for step in steps:
        stages[f"train:{step}"] = partial(recipe.train, step)
    for step in models_made:
        stages[f"garbage:{step}"] = partial(recipe.fit_garbage, step)
        stages[f"export:{step}"] = partial(recipe.export, step)
    measured: dict[str, Path | None] = {}
    if loaded.ship and not loaded.lexicon.dictionary:  # PocketSphinx speaks no other language
        measured["pocketsphinx"] = None  # first, for it takes the longest
    measured.update((step, recipe.work / "models" / step) for step in models_made)
    stages["measure"] = partial(measure, recipe, measured)
    if loaded.ship:
        stages["ship"] = partial(ship, recipe)
    else:
        stages["compare"] = partial(compare, recipe)
    everything = list(stages)
    # What follows only when it is asked for: how good the model is that is there, to compare, and a table for somebody to
    # choose what `[unk]` costs by.
    if loaded.ship and recipe.shipped.is_dir():
        stages["measure:before"] = partial(measure, recipe, {BEFORE: recipe.shipped})
    for step in models_made:
        stages[f"balance:{step}"] = partial(balance, recipe, step)
    unknown = set(only or ()) - set(stages)
    if unknown:
        raise typer.BadParameter(f"no such stage: {', '.join(unknown)}; there are {', '.join(stages)}")
    for name in only or everything:
        _run(recipe, name, stages[name])


def _run(recipe: Recipe, name: str, stage: Callable[[], object]) -> None:
    """Run a stage, and end with a sentence where it cannot be."""
    began = monotonic()
    try:
        stage()
    except VoiceCrampError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except FileNotFoundError as error:
        if recipe.work not in Path(error.filename or "").parents:
            raise
        typer.echo(
            f"{error.filename} is not there yet, and an earlier stage makes it: name that too, or leave out --only.",
            err=True,
        )
        raise typer.Exit(1) from None
    finally:  # a stage that is stopped goes on later, and took this long until then
        _note(recipe, name, monotonic() - began)


def _note(recipe: Recipe, stage: str, seconds: float) -> None:
    """Add to what a stage has taken so far; a stage that found everything made takes nothing."""
    CONSOLE.print(f"{stage}: {seconds:.0f} s")
    path = recipe.work / "spent.json"
    spent = json.loads(path.read_text()) if path.exists() else {}
    spent[stage] = spent.get(stage, 0.0) + seconds
    with whole(path) as part:
        part.write_text(json.dumps(spent, indent=1))


def compare(recipe: Recipe) -> None:
    """Print how the steps' models did in the tests."""
    CONSOLE.print(comparison(recipe), soft_wrap=True)


def ship(recipe: Recipe) -> None:
    """Put the shipped step's model, with its card, in its place."""
    results = load_results(recipe)
    if recipe.settings.ship not in results:
        raise VoiceCrampError(f"{recipe.settings.ship} is not measured yet: run the stage measure first.")
    recipe.shipped.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=recipe.shipped.parent) as temporary:
        new = Path(temporary, recipe.settings.name)
        # As new as its shipping, not as its making: what was measured of the model before it is older then.
        shutil.copytree(recipe.work / "models" / recipe.settings.ship, new, copy_function=shutil.copy)
        write_card(recipe, new, results, json.loads((recipe.work / "spent.json").read_text()))
        put_in_place(new, recipe.shipped)


if __name__ == "__main__":
    app()
