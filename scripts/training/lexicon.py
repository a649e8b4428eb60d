"""Words and how they are said: PocketSphinx's dictionary and frequencies, and espeak-ng for other words."""

import math
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pocketsphinx

from training.files import whole

__all__ = [
    "PHONES",
    "Lexicon",
    "Pronunciation",
    "build",
    "dictionary",
    "frequencies",
    "guess",
    "read",
    "write",
]

PHONES = [
    "AA",
    "AE",
    "AH",
    "AO",
    "AW",
    "AY",
    "B",
    "CH",
    "D",
    "DH",
    "EH",
    "ER",
    "EY",
    "F",
    "G",
    "HH",
    "IH",
    "IY",
    "JH",
    "K",
    "L",
    "M",
    "N",
    "NG",
    "OW",
    "OY",
    "P",
    "R",
    "S",
    "SH",
    "T",
    "TH",
    "UH",
    "UW",
    "V",
    "W",
    "Y",
    "Z",
    "ZH",
]
"""The phones of the dictionary (ARPAbet without stress); silence is not among them."""

Pronunciation = tuple[str, ...]

_MODEL = Path(pocketsphinx.__file__).parent / "model" / "en-us"
_LOG_BASE = 1.0001  # of PocketSphinx's integer log probabilities
_RAREST = -23.0  # log probability given to words that the language model does not know

# espeak-ng's mnemonics for en-us, longest first, and the phones nearest to them.
_ESPEAK = {
    "aI@": "AY ER", "aU@": "AW ER", "aI3": "AY ER", "i@3": "IH R", "U@": "UH R", "A@": "AA R", "O@": "AO R",
    "o@": "AO R", "e@": "EH R", "I@": "IH R", "i@": "IY AH", "3:": "ER", "i:": "IY", "u:": "UW", "A:": "AA",
    "O:": "AO", "eI": "EY", "aI": "AY", "aU": "AW", "oU": "OW", "OI": "OY", "tS": "CH", "dZ": "JH",
    "aa": "AE", "A#": "AH", "I#": "IH", "I2": "IH", "0#": "AH", "@L": "AH L", "@2": "AH", "@5": "AH",
    "n-": "AH N", "t2": "T", "t#": "T", "?": "T", "l#": "L", "r-": "R", "a#": "AH", "E#": "EH",
    "02": "AA", "O2": "AO", "3": "ER",
    "a": "AE", "A": "AA", "0": "AA", "O": "AO", "o": "OW", "@": "AH", "V": "AH", "E": "EH", "e": "EH",
    "I": "IH", "i": "IY", "U": "UH", "u": "UW", "T": "TH", "D": "DH", "S": "SH", "Z": "ZH", "N": "NG",
    "h": "HH", "j": "Y", "x": "K", "b": "B", "d": "D", "f": "F", "g": "G", "k": "K", "l": "L", "m": "M",
    "n": "N", "p": "P", "r": "R", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z",
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """The words of the model."""

    pronunciations: Mapping[str, tuple[Pronunciation, ...]]
    """Every way to say a word, the usual one first."""
    log_probability: Mapping[str, float]
    """Natural logarithm of the word's share of running text."""


def dictionary() -> dict[str, tuple[Pronunciation, ...]]:
    """Return PocketSphinx's dictionary: 126,000 words of letters and apostrophes."""
    found: dict[str, list[Pronunciation]] = {}
    with (_MODEL / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        for line in lines:
            name, *phones = line.split()
            word = re.sub(r"\(\d+\)$", "", name)
            if re.fullmatch(r"[a-z][a-z']*", word):
                found.setdefault(word, []).append(tuple(phones))
    return {word: tuple(dict.fromkeys(ways)) for word, ways in found.items()}


def frequencies(words: Iterable[str]) -> dict[str, float]:
    """Return log probabilities of words from the unigrams of PocketSphinx's language model."""
    decoder = pocketsphinx.Decoder(pocketsphinx.Config(logfn="/dev/null"))
    model = decoder.get_lm(decoder.current_search())
    scale = math.log(_LOG_BASE)
    return {word: max(model.prob([word]) * scale, _RAREST) for word in words}


def guess(word: str) -> Pronunciation:
    """Return the pronunciation by espeak-ng's rules. Raises `ValueError` for a sound not in the table."""
    said = subprocess.run(
        ["espeak-ng", "-q", "-x", "-v", "en-us", word], check=True, capture_output=True, text=True, timeout=20
    ).stdout
    left, phones = re.sub(r"[',%=_|*~;!\s]", "", said), list[str]()
    while left:
        for length in (3, 2, 1):
            if left[:length] in _ESPEAK:
                phones += _ESPEAK[left[:length]].split()
                left = left[length:]
                break
        else:
            raise ValueError(f"espeak-ng says {word!r} with a sound that has no phone here: {left!r}")
    return tuple(phones)


def build(
    size: int, needed: Iterable[str], own: Mapping[str, tuple[Pronunciation, ...]] | None = None
) -> Lexicon:
    """Return the `size` commonest words of the dictionary and all that are `needed`.

    A word is said as in the dictionary, and as `own` has it besides; what is not in the dictionary as `own` has it,
    and by rule besides.
    """
    known, own = dictionary(), own or {}
    probability = frequencies(known)
    common = sorted(known, key=lambda word: -probability[word])[:size]
    words = sorted(set(common) | set(needed))

    def ways(word: str) -> tuple[Pronunciation, ...]:
        further = own.get(word, ())
        return tuple(dict.fromkeys((*known[word], *further) if word in known else (*further, guess(word))))

    return Lexicon(
        {word: ways(word) for word in words},
        {word: probability.get(word, _RAREST) for word in words},
    )


def write(path: Path, lexicon: Lexicon) -> None:
    """Write one line per pronunciation: word, log probability, phones."""
    lines = [
        f"{word} {lexicon.log_probability[word]:.3f} {' '.join(way)}\n"
        for word, ways in lexicon.pronunciations.items()
        for way in ways
    ]
    with whole(path) as part:
        part.write_text("".join(lines), encoding="utf-8")


def read(path: Path) -> Lexicon:
    """Read what `write` wrote, or somebody wrote by hand."""
    ways: dict[str, list[Pronunciation]] = {}
    probability: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, log_probability, *phones = line.split()
        ways.setdefault(word, []).append(tuple(phones))
        probability[word] = float(log_probability)
    return Lexicon({word: tuple(phones) for word, phones in ways.items()}, probability)
