"""The model's card: what it is, what it was made of, what it can do, in figures that were measured."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Template

from training.dataset import Features, read_features
from training.recipe import Recipe
from training.reliability import Bin, calibration, merge, plot
from training.report import Result, folder_size, footprint
from voicecramp.errors import VoiceCrampError

__all__ = ["write_card"]

_NOT_MEASURED = "not measured"
_CONFIDENT = {
    "commands": ("own commands", ("commands",)),
    "sentences": ("sentences", ("sentences",)),
    "both": ("with other words", ("commands", "overheard")),
}
"""Whose confidences are shown: what they are called in the plot, and the tests that they are of."""


def write_card(
    recipe: Recipe, folder: Path, results: Mapping[str, Mapping[str, Result]], spent: Mapping[str, float]
) -> None:
    """Write README.md, and reliability.svg that it shows, into a model's folder.

    The text is the recipe's, with `$name`, `$date`, `$words`, `$megabytes`, `$parameters` (millions), `$loaded` (seconds
    to load), `$factor` (of real time), `$memory` (MiB), `$data` (a table of what it was trained on), `$figures` (a table
    of tests), `$reliability` (a table of confidences), `$off_commands`, `$off_sentences`, `$off_both` (calibration errors)
    and `$spent` (minutes of every stage) put in. Raises `VoiceCrampError` where it names anything else.

    Args:
        recipe: what made it.
        folder: the model's.
        results: for `pocketsphinx` and every step, the outcomes of its tests by name.
        spent: seconds that every stage took.
    """
    shipped = results[recipe.settings.ship]
    loaded, factor, memory = footprint(recipe, recipe.settings.ship)
    known = recipe.lexicon().pronunciations
    bins = _confidences(shipped)
    figures = {
        "name": recipe.settings.name,
        "date": date.today().isoformat(),
        "words": f"{len(known):,}",
        "megabytes": f"{folder_size(folder) / 1e6:.1f}",
        "parameters": f"{sum(p.numel() for p in recipe.network(recipe.settings.ship).parameters()) / 1e6:.2f}",
        "loaded": f"{loaded:.2f}",
        "factor": f"{factor:.3f}",
        "memory": f"{memory:.0f}",
        "data": _data(recipe),
        "figures": _figures(results, recipe.settings.ship),
        "reliability": _reliability(bins.values()),
        "spent": _spent(spent),
        **{f"off_{which}": f"{calibration(rows):.3f}" for which, rows in bins.items()},
    }
    card = recipe.settings.folder / recipe.settings.card
    try:
        text = Template(card.read_text(encoding="utf-8")).substitute(figures)
    except KeyError as error:
        raise VoiceCrampError(
            f"{card}: ${error.args[0]} is no figure of a card; there are {', '.join(f'${name}' for name in figures)}."
        ) from None
    plot(folder / "reliability.svg", {_CONFIDENT[which][0]: rows for which, rows in bins.items()})
    (folder / "README.md").write_text(text, encoding="utf-8")


def _data(recipe: Recipe) -> str:
    rows = ["| source | recordings | augmented copies | hours of features |", "| --- | --- | --- | --- |"]
    for kind, sources in recipe.settings.speech.copies.items():
        for source, copies in sources.items():
            name = recipe.work / "features" / f"{kind}-{source}"
            if not name.with_suffix(".f16").exists():
                continue
            examples = Features(read_features(name))
            rows.append(
                f"| {source} | {len(examples) // copies:,} | {copies}, {kind} | {examples.hours:.1f} |"
            )
    return "\n".join(rows)


def _share(results: Mapping[str, Result], test: str) -> str:
    result = results.get(test)
    if result is None or result.total == 0:
        return _NOT_MEASURED
    return f"{result.hits / result.total:.3f} ({result.hits} of {result.total})"


def _figures(results: Mapping[str, Mapping[str, Result]], ship: str) -> str:
    rows = ["| test | this recipe | PocketSphinx | wanted |", "| --- | --- | --- | --- |"]
    sphinx = results.get("pocketsphinx", {})

    def row(what: str, step: str, test: str, wanted: str) -> None:
        shares = [_share(measured, test) for measured in (results.get(step, {}), sphinx)]
        if shares != [_NOT_MEASURED, _NOT_MEASURED]:
            rows.append(f"| {what} | {shares[0]} | {shares[1]} | {wanted} |")

    row("coffee orders, all, no recorded order trained on", "general", "coffee, all", "0.92")
    row("the same, with `[unk]` in the grammar", "general", "coffee, all, [unk]", "-")
    row("coffee orders, a fifth kept out, four fifths trained on", "four-fifths", "coffee, a fifth", "0.98")
    row("the same, with `[unk]` in the grammar", "four-fifths", "coffee, a fifth, [unk]", "-")
    row("the same, kitchen noise at 24 dB", "four-fifths", "coffee, a fifth, 24 dB", "0.97")
    row("the same, 12 dB", "four-fifths", "coffee, a fifth, 12 dB", "0.93")
    row("the same, 12 dB, with `[unk]`", "four-fifths", "coffee, a fifth, [unk], 12 dB", "-")
    row("the same, 6 dB", "four-fifths", "coffee, a fifth, 6 dB", "0.86")
    row("people kept out of training: which of 50 sentences", ship, "sentences", "0.97")
    row("the same, with `[unk]` in the grammar", ship, "sentences, [unk]", "-")
    row("own commands, new synthetic voices, 1.5 m, 15 dB", ship, "commands", "0.97")
    row("the same, all 20 dB fainter", ship, "commands, 20 dB fainter", "-")
    row("the same, whispered, two synthetic voices", ship, "commands, whispered", "-")
    row("the same, slow, as if sleepy, likewise", ship, "commands, sleepy", "-")
    row("the same, hurried and high, as if in pain, likewise", ship, "commands, pained", "-")
    row('those with words as "left" and "chest", without their last phone', ship, "commands, slurred", "-")
    row(
        "other people's words heard as a whole command (lower is better)",
        ship,
        "false accepts",
        "0.003",
    )
    row("the same, kitchen noise at 12 dB", ship, "false accepts, 12 dB", "-")
    row("heard as any of the assistant's answers, while a question is open", ship, "overheard", "-")
    return "\n".join(rows)


def _confidences(results: Mapping[str, Result]) -> dict[str, tuple[Bin, ...]]:
    """Return how right answers were by how sure the model was: for commands, sentences, and commands with other words."""
    return {
        which: merge(*(results[test].reliability for test in tests if test in results))
        for which, (_, tests) in _CONFIDENT.items()
    }


def _reliability(tests: Iterable[Sequence[Bin]]) -> str:
    rows = [
        "| lowest word confidence | commands | right | sentences | right | commands and other words | right |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    tables = [{(low, high): (total, right) for low, high, _, total, right in bins} for bins in tests]
    for low, high in sorted(set().union(*tables)):
        cells = [f"{low:g} to {high:g}" if low < 1 else "1"]
        for table in tables:
            total, right = table.get((low, high), (0, 0))
            cells += [str(total), f"{right / total:.2f}" if total else "-"]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _spent(spent: Mapping[str, float]) -> str:
    times = (f"{stage} {seconds / 60:.0f} min" for stage, seconds in spent.items() if seconds >= 30)
    return textwrap.fill(f"{'; '.join(times)}; together {sum(spent.values()) / 60:.0f} min", 116)
