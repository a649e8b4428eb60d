"""The command line: `scripts/train [SETTINGS.toml] [--until STAGE]`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from training.recipe import Recipe
from training.settings import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def main(
    settings: Annotated[Path, typer.Argument()] = Path(__file__).parent / "en.toml",
    work: Annotated[Path | None, typer.Option()] = None,
    only: Annotated[list[str] | None, typer.Option()] = None,
) -> None:
    """Make a model."""
    loaded = load_settings(settings)
    recipe = Recipe(loaded, work or Path("build") / loaded.name)
    stages: dict[str, Callable[[], object]] = {
        "prepare": recipe.prepare,
        "synthesise": recipe.synthesise,
        "extract": recipe.extract,
    }
    for step in loaded.steps:
        stages[f"train:{step}"] = partial(recipe.train, step)
        stages[f"garbage:{step}"] = partial(recipe.fit_garbage, step)
        stages[f"export:{step}"] = partial(recipe.export, step)
    for name in only or stages:
        stages[name]()


if __name__ == "__main__":
    app()
