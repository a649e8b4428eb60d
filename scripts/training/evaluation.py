"""How good a model is: the tests of the card's table, on recordings that were kept out of training."""

import random
import zlib
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import vosk
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from training import coffee
from training.augment import simulate_rooms
from training.corpus import RATE, Utterance, load, write_recording
from training.engines import Heard, Listener, Paths, load_model, pocketsphinx_listener, vosk_listener
from training.lexicon import UNKNOWN
from training.progress import track
from training.settings import Speaker
from training.synthesis import slur, speak

__all__ = [
    "Score",
    "coffee_orders",
    "command_recordings",
    "commands",
    "false_accepts",
    "sentences",
    "with_noise",
]

_ORDERS = 1500
"""Random orders that stand for all orders in the engine's grammar."""
_BENCHMARK_FRAME = 2048
"""Samples of the frame whose loudness the coffee benchmark takes for the signal's and the noise's."""
_SENTENCES = 50
_COMMAND_DISTANCE = 1.5  # metres
_COMMAND_SNR = 15.0  # dB
_COMMAND_ROOMS = 8


@dataclass
class Score:
    """How often something was so."""

    hits: int = 0
    total: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    """Of every answer: its lowest word confidence, and whether it was right."""

    def add(self, heard: Heard, *, hit: bool) -> None:
        """Count one answer."""
        self.hits += hit
        self.total += 1
        if heard.confidences:
            self.confidences.append((min(heard.confidences), hit))


def with_noise(speech: np.ndarray, noise: np.ndarray, decibels: float, random_: random.Random) -> np.ndarray:
    """Return speech with noise at a signal-to-noise ratio between the loudest frame of each."""
    at = random_.randrange(max(1, len(noise) - len(speech)))
    part = np.resize(noise[at:], len(speech))
    mixed: np.ndarray = speech + part * (_loudest(speech) / _loudest(part)) ** 0.5 * 10 ** (-decibels / 20)
    return mixed / max(1.0, float(np.abs(mixed).max()))


def _loudest(sound: np.ndarray) -> float:
    whole = len(sound) // _BENCHMARK_FRAME * _BENCHMARK_FRAME
    return float(np.square(sound[:whole].reshape(-1, _BENCHMARK_FRAME)).sum(1).max()) + 1e-12


def coffee_orders(
    model: Path | None,
    orders: Sequence[coffee.Order],
    seed: int,
    kitchen: tuple[np.ndarray, float] | None = None,
    *,
    unknown: bool = False,
) -> Score:
    """Count the orders of which every slot is right.

    Args:
        model: the folder; where there is none PocketSphinx is asked, which is given the whole pattern of an order.
        orders: the recordings.
        seed: chooses the random orders of which the grammar is made, and the stretches of noise.
        kitchen: noise, and at how many decibels below the order it is; None for quiet.
        unknown: whether `[unk]` is in the grammar besides.
    """
    random_, score = random.Random(seed), Score()
    grammar = [coffee.random_order(random_) for _ in range(_ORDERS)]
    if model is None:
        listen = pocketsphinx_listener(_every_order())
    else:
        phrases = [*grammar, UNKNOWN] if unknown else grammar
        listen = vosk_listener(load_model(model), phrases, coffee.WHOLE)
    for order in track(orders, f"Orders at {kitchen[1]} dB" if kitchen else "Orders"):
        sound = load(order.path)
        if kitchen is not None:
            sound = with_noise(sound, *kitchen, random_)
        heard = listen(sound)
        score.add(heard, hit=coffee.slots(heard.text) == order.slots)
    return score


def _every_order() -> Paths:
    """Return the benchmark's pattern: opening, article, sizes and roasts, drink, milk and sugar."""
    start, end, opened, article, sized, drink, with_, milk, and_ = range(9)
    paths = Paths(9)
    before, after = (
        [value for slot in part for value in coffee.VALUES[slot]] for part in (coffee.BEFORE, coffee.AFTER)
    )
    paths.add([start], [opened], coffee.OPENINGS)
    paths.add([opened], [article], ("a", "an"))
    paths.add([opened, article, sized], [sized], before)
    paths.add([opened, article, sized], [drink, end], coffee.VALUES["coffeeDrink"])
    paths.add([drink], [with_], ("with",))
    paths.add([drink, with_], [milk, end], after)
    paths.add([milk], [and_], ("and",))
    paths.add([milk, and_], [end], after)
    return paths


def sentences(
    model: Path | None, utterances: Iterable[Utterance], seed: int, *, unknown: bool = False
) -> Score:
    """Count how often the sentence said is the one nearest to what was heard, of 50 in the grammar.

    Args:
        model: the folder; where there is none PocketSphinx is asked.
        utterances: those whose sentences are offered; asked are those that are held out.
        seed: chooses the 49 others.
        unknown: whether `[unk]` is in the grammar besides.
    """
    random_, score, engine = random.Random(seed), Score(), model and load_model(model)
    every = [utterance for utterance in utterances if utterance.text]
    texts = sorted({utterance.text for utterance in every})
    for utterance in track([one for one in every if one.held_out], "Sentences"):
        others = [text for text in texts if text != utterance.text]
        offered = random_.sample(others, min(_SENTENCES - 1, len(others)))
        offered.append(utterance.text)
        random_.shuffle(offered)
        heard = _listener(engine, [*offered, UNKNOWN] if unknown else offered)(load(utterance.path))
        best = process.extractOne(heard.text, offered, scorer=Levenshtein.normalized_similarity)
        score.add(heard, hit=bool(heard.text) and best[0] == utterance.text)
    return score


def _listener(model: vosk.Model | None, phrases: Sequence[str]) -> Listener:
    if model is not None:
        return vosk_listener(model, phrases)
    paths = Paths(2)
    paths.add([0], [1], (phrase for phrase in phrases if phrase != UNKNOWN))
    return pocketsphinx_listener(paths)


def command_recordings(
    phrases: Sequence[str],
    folder: Path,
    seed: int,
    voices: Sequence[Speaker],
    slurred: Collection[str] = (),
) -> list[tuple[str, Path]]:
    """Return every phrase by all voices, 1.5 m off in a bedroom, 15 dB above its noise.

    A recording that is in the folder already is kept: its name tells what made it. With endings of words that are
    `slurred`, only phrases with such words, and these without their last phones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rooms = simulate_rooms(_COMMAND_ROOMS, np.random.default_rng(seed), distance=_COMMAND_DISTANCE)
    found, left = [], []
    for phrase in phrases:
        for speaker in voices:
            # The noise by its name: recordings that are there with another are not taken for these.
            said = slur(phrase, speaker, slurred) if slurred else phrase
            if said is None:
                continue
            made = (said, speaker, seed, _COMMAND_DISTANCE, _COMMAND_SNR, _rumble.__name__)
            number = zlib.crc32(repr(made).encode())
            path = folder / f"{number:08x}.flac"
            found.append((phrase, path))
            if not path.exists():
                left.append((said, speaker, number, path))
    if left:
        with ProcessPoolExecutor() as pool:
            for _ in track(pool.map(partial(_record, rooms), left), "Commands in rooms", len(left)):
                pass
    return found


def _record(rooms: Sequence[np.ndarray], what: tuple[str, Speaker, int, Path]) -> None:
    """Have a command said in one of the rooms; its number chooses which, and the noise."""
    said, speaker, number, path = what
    random_ = np.random.default_rng(number)
    wet = np.convolve(speak(said, speaker), rooms[int(random_.integers(len(rooms)))])
    noise = _rumble(len(wet), random_)
    noise *= (np.mean(wet**2) / np.mean(noise**2)) ** 0.5 * 10 ** (-_COMMAND_SNR / 20)
    sound = wet + noise
    write_recording(path, 0.3 * sound / np.abs(sound).max())


def _rumble(length: int, random_: np.random.Generator) -> np.ndarray:
    """Return brown noise, as the rumble of a house, without what lies below 50 Hz; as loud at its ends as between."""
    window = RATE // 50
    noise = np.cumsum(random_.standard_normal(length + window - 1))
    mean = np.convolve(noise, np.ones(window) / window, "valid")
    rumble: np.ndarray = noise[window // 2 :][:length] - mean
    return rumble


def commands(
    model: Path | None, recordings: Sequence[tuple[str, Path]], phrases: Sequence[str], fainter: float = 0.0
) -> Score:
    """Count the commands that are heard word for word, all being in the grammar and `[unk]` too.

    `fainter` is how many decibels are taken from the recordings, noise and all.
    """
    listen, score = _listener(model and load_model(model), [*phrases, UNKNOWN]), Score()
    for phrase, path in track(recordings, "Commands"):
        heard = listen(load(path) * np.float32(10 ** (-fainter / 20)))
        score.add(heard, hit=heard.text == phrase)
    return score


def false_accepts(
    model: Path | None,
    utterances: Iterable[Utterance],
    phrases: Sequence[str],
    seed: int,
    kitchen: tuple[np.ndarray, float] | None = None,
) -> Score:
    """Count the recordings of other people's words in which a whole phrase is heard, each of them a wrong answer.

    `kitchen` and `seed` as for the orders.
    """
    listen, score, ours = _listener(model and load_model(model), [*phrases, UNKNOWN]), Score(), set(phrases)
    random_ = random.Random(seed)
    for utterance in track(list(utterances), "Other words"):
        if utterance.text in ours:
            continue
        sound = load(utterance.path)
        heard = listen(sound if kitchen is None else with_noise(sound, *kitchen, random_))
        score.total += 1
        if heard.text in ours:
            score.hits += 1
            score.confidences += [(min(heard.confidences), False)] if heard.confidences else []
    return score
