"""Which tests a trained step is put to, and their results on disk."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from training import coffee, evaluation
from training.corpus import load
from training.evaluation import Score
from training.files import made, whole
from training.lexicon import UNKNOWN
from training.progress import CONSOLE, track
from training.recipe import Recipe
from training.reliability import Bin, into_bins
from training.settings import COFFEE, FOUR_FIFTHS
from voicecramp.asr.alternatives import COUNT
from voicecramp.nlu import load as load_intents

__all__ = ["BEFORE", "Result", "comparison", "footprint", "load_results", "measure"]

BEFORE = "before"
"""What the model that is there already is called among what is measured."""
_SEED = 7
_DRAWS = 4
"""Stretches of the kitchen's noise in which each order of a fifth is heard: with one of them, chance moves 62 orders
by two."""
_NOISY = 12.0
"""Decibels of a kitchen's noise in which `[unk]` is looked at too: whether it swallows what was said, or lets more in."""

_FAINTER = 20.0
"""Decibels by which commands are fainter in one of the tests, as at a microphone that is set too low."""


@dataclass(frozen=True)
class Result:
    """The outcome of one test."""

    hits: int
    total: int
    reliability: tuple[Bin, ...] = ()
    """For ranges of confidence."""


_RESULTS = TypeAdapter(dict[str, Result])
"""What is on disk of a step."""


def tests(recipe: Recipe, name: str, model: Path | None) -> Mapping[str, Callable[[], Score]]:
    """Return the tests of a step's model, of the model that was shipped before, or of PocketSphinx (no model).

    Coffee orders are asked only of PocketSphinx and of models that were not trained on them, all else only of
    PocketSphinx and of the model to ship, or of all where they are compared.
    """
    folder, corpus = recipe.settings.corpus, recipe.corpus()
    noise = folder and folder / "noise" / "kitchen.flac"
    kitchen = load(noise) if noise and noise.exists() else None
    phrases = recipe.commands()
    found: dict[str, Callable[[], Score]] = {}
    step = recipe.settings.steps.get(name)
    if step is None or recipe.settings.ship in {name, ""}:
        asked = recipe.settings.tests
        others = [one for one in corpus if one.held_out and one.source in asked.others]
        said = evaluation.command_recordings(phrases, recipe.work / "commands", _SEED, asked.voices)
        found["commands"] = lambda: evaluation.commands(model, said, phrases)
        found[f"commands, {_FAINTER:g} dB fainter"] = lambda: evaluation.commands(
            model, said, phrases, _FAINTER
        )
        for manner, voices in asked.manners.items():
            said_so = evaluation.command_recordings(phrases, recipe.work / "commands" / manner, _SEED, voices)
            found[f"commands, {manner}"] = partial(evaluation.commands, model, said_so, phrases)
        if asked.slurring and (endings := recipe.settings.lexicon.slurred):
            slurred = evaluation.command_recordings(
                phrases, recipe.work / "commands" / "slurred", _SEED, asked.slurring, endings
            )
            found["commands, slurred"] = lambda: evaluation.commands(model, slurred, phrases)
        if sentences := [one for one in corpus if one.source == asked.sentences]:
            found["sentences"] = lambda: evaluation.sentences(model, sentences, _SEED)
            if model is not None:
                found["sentences, [unk]"] = lambda: evaluation.sentences(
                    model, sentences, _SEED, unknown=True
                )
        if others:
            found["false accepts"] = lambda: evaluation.false_accepts(model, others, phrases, _SEED)
        if others and model is not None and kitchen is not None:
            found[f"false accepts, {_NOISY:g} dB"] = lambda: evaluation.false_accepts(
                model, others, phrases, _SEED, (kitchen, _NOISY)
            )
        if others and model is not None and recipe.settings.lexicon.intents:
            found["overheard"] = lambda: evaluation.false_accepts(
                model, others, _listened_for(recipe, "asking"), _SEED
            )
    unheard = model is None or (step and COFFEE not in step.sources and recipe.settings.from_scratch(name))
    if unheard and folder and kitchen is not None:
        every, noises = coffee.orders(folder), recipe.settings.tests.kitchen
        kept_out = any(FOUR_FIFTHS in one.sources for one in recipe.settings.steps.values())
        if step is None or FOUR_FIFTHS not in step.sources:
            # Of a noisy order a network that met none makes lattices that take seconds each.
            found |= _orders(recipe, model, "all", every, 1, kitchen, () if kept_out else noises)
        if kept_out and (step is None or FOUR_FIFTHS in step.sources):
            fifth = [order for order in every if order.held_out]
            found |= _orders(recipe, model, "a fifth", fifth, _DRAWS, kitchen, noises)
    return found


def _listened_for(recipe: Recipe, state: str) -> Sequence[str]:
    """Return what the assistant listens for in a state of the conversation."""
    return load_intents(recipe.settings.folder / recipe.settings.lexicon.intents).phrases(state)


def _orders(  # noqa: PLR0913, PLR0917  # what makes a test
    recipe: Recipe,
    model: Path | None,
    which: str,
    orders: Sequence[coffee.Order],
    draws: int,
    kitchen: np.ndarray,
    noises: Sequence[float],
) -> dict[str, Callable[[], Score]]:
    """Return the tests with these orders: in quiet and in the noise of a kitchen, this many decibels below them.

    With `[unk]` besides, in quiet and in one noise, only where a model is shipped: to compare networks a minute each is
    better spent. In noise every order is heard `draws` times.
    """

    def asked(decibels: float, *, unknown: bool = False) -> Callable[[], Score]:
        noise = (kitchen, decibels)
        return lambda: evaluation.coffee_orders(model, [*orders] * draws, _SEED, noise, unknown=unknown)

    found = {f"coffee, {which}": lambda: evaluation.coffee_orders(model, orders, _SEED)}
    if model is not None and recipe.settings.ship:
        found[f"coffee, {which}, [unk]"] = lambda: evaluation.coffee_orders(
            model, orders, _SEED, unknown=True
        )
        if _NOISY in noises:
            found[f"coffee, {which}, [unk], {_NOISY:g} dB"] = asked(_NOISY, unknown=True)
    return found | {f"coffee, {which}, {decibels:g} dB": asked(decibels) for decibels in noises}


def measure(recipe: Recipe, models: Mapping[str, Path | None]) -> None:
    """Put models, and PocketSphinx where there is none, to their tests, as many at once as there are cores.

    Args:
        recipe: what made them.
        models: the folders, by name as in `tests`. What takes long should come first, for at the end one core may wait.

    Results that are there already are kept.
    """
    done = load_results(recipe)
    # Listed here, the commands are recorded once and not by every process.
    left = [
        (name, test)
        for name, model in models.items()
        for test in tests(recipe, name, model)
        if test not in done.get(name, {})
    ]
    (recipe.work / "results").mkdir(exist_ok=True)
    with ProcessPoolExecutor(initializer=_in_silence) as pool:
        asked = {pool.submit(_ask, recipe, name, models[name], test): (name, test) for name, test in left}
        for answered in track(as_completed(asked), "Tests", len(asked)):
            score, (name, test) = answered.result(), asked[answered]
            done.setdefault(name, {})[test] = Result(score.hits, score.total, into_bins(score.confidences))
            rows = {key: asdict(value) for key, value in done[name].items()}
            with whole(recipe.work / "results" / f"{name}.json") as part:
                part.write_text(json.dumps(rows, indent=1))


def _in_silence() -> None:
    """Draw no bars: only one process can."""
    CONSOLE.quiet = True


def _ask(recipe: Recipe, name: str, model: Path | None, test: str) -> Score:
    return tests(recipe, name, model)[test]()


def load_results(recipe: Recipe) -> dict[str, dict[str, Result]]:
    """Return what has been measured, by step (or `pocketsphinx`, or `before`) and test; nothing of an older model."""
    found = {}
    for path in sorted((recipe.work / "results").glob("*.json")):
        if path.stem == BEFORE:
            sources = [recipe.shipped / "am" / "final.mdl", recipe.shipped / "graph" / "HCLr.fst"]
        else:
            sources = [recipe.fitted(path.stem)]
        if made(path, *sources):
            found[path.stem] = _RESULTS.validate_json(path.read_bytes())
    return found


def comparison(recipe: Recipe) -> str:
    """Return what has been measured as a table in Markdown: a row for every step, a column for every test."""
    results = load_results(recipe)
    # Sorted, for tests end in any order.
    columns = sorted({test for name in recipe.settings.models for test in results.get(name, {})})
    rows = [["step", *columns], ["---"] * (1 + len(columns))]
    for name in recipe.settings.models:
        done = results.get(name, {})
        rows.append(
            [name, *(f"{done[test].hits} of {done[test].total}" if test in done else "-" for test in columns)]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_FOOTPRINT = """
import json, re, sys, time
def read(path):
    with open(path, "rb") as file:
        return file.read()
def peak():
    return int(re.search(rb"VmHWM:\\s+(\\d+)", read("/proc/self/status"))[1])
before = peak()
import vosk
vosk.SetLogLevel(-1)
began = time.perf_counter()
model = vosk.Model(sys.argv[1])
loaded = time.perf_counter() - began
recogniser = vosk.KaldiRecognizer(model, 16000, sys.stdin.read())
recogniser.SetWords(True)
recogniser.SetMaxAlternatives(int(sys.argv[2]))
seconds, began = 0.0, time.process_time()
for path in sys.argv[3:]:
    sound = read(path)
    seconds += len(sound) / 2 / 16000
    recogniser.AcceptWaveform(sound)
    recogniser.FinalResult()
spent = time.process_time() - began
print(json.dumps([loaded, spent / seconds, (peak() - before) / 1024]))
"""


def footprint(recipe: Recipe, step: str) -> tuple[float, float, float]:
    """Return seconds to load, seconds of computing per second of speech, and MiB over Python without anything.

    Measured as the assistant listens while nothing is going on, where the recipe has its intents; else with the commands.
    """
    model = str(recipe.work / "models" / step)
    phrases = _listened_for(recipe, "idle") if recipe.settings.lexicon.intents else recipe.commands()
    with tempfile.TemporaryDirectory() as folder:
        sounds = list[Path]()
        for path in sorted((recipe.work / "commands").glob("*.flac"))[:100]:
            sounds.append(Path(folder, path.stem))
            sounds[-1].write_bytes((load(path) * 32767).astype(np.int16).tobytes())
        command = [sys.executable, "-c", _FOOTPRINT, model, str(COUNT), *map(str, sounds)]
        # Not among the arguments, of which Linux takes none over 128 KiB: that is a few thousand phrases.
        grammar = json.dumps([*phrases, UNKNOWN])
        printed = subprocess.run(
            command, input=grammar, check=True, capture_output=True, text=True, timeout=600
        ).stdout
    loaded, factor, memory = np.array(json.loads(printed)).tolist()
    return loaded, factor, memory


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
