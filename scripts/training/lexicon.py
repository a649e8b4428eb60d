"""Words and how they are said: from a dictionary of one's own, or the American one of PocketSphinx."""

import math
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, product
from pathlib import Path

import pocketsphinx

from training.files import whole
from voicecramp.errors import VoiceCrampError

__all__ = [
    "UNKNOWN",
    "Dictionary",
    "Lexicon",
    "Pronunciation",
    "american",
    "build",
    "dictionary",
    "guess",
    "read",
    "read_dictionary",
    "rejecting",
    "slurred",
    "write",
]

UNKNOWN = "[unk]"
"""The word for whatever is in no grammar: garbage."""

Pronunciation = tuple[str, ...]
"""Phones by name."""

_MODEL = Path(pocketsphinx.__file__).parent / "model" / "en-us"
_LOG_BASE = 1.0001  # of PocketSphinx's integer log probabilities
_RAREST = -23.0  # log probability given to words that nobody counted
_TOLD = 10  # of the words that nobody can say so many are told

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
class Dictionary:
    """How the words of a language are said, and how common they are."""

    name: str
    ways: Mapping[str, tuple[Pronunciation, ...]]
    """Every way to say a word, the usual one first."""
    log_probability: Mapping[str, float]
    """Of every word that is in it, the natural logarithm of its share of running text."""
    rule: Callable[[str], Pronunciation] | None = None
    """How a word is said that is not in it. Raises `ValueError` where it cannot tell."""

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """Every phone that it uses, by name; silence is not among them."""
        return tuple(sorted({phone for ways in self.ways.values() for way in ways for phone in way}))

    def say(self, word: str) -> tuple[Pronunciation, ...]:
        """Return every way to say a word. Raises `ValueError` where there is none."""
        if word in self.ways:
            return self.ways[word]
        if self.rule is None:
            raise ValueError(f"{word!r} is not in {self.name}")
        return (self.rule(word),)


@dataclass(frozen=True)
class Lexicon:
    """The words of the model."""

    pronunciations: Mapping[str, tuple[Pronunciation, ...]]
    """Every way to say a word, the usual one first."""
    log_probability: Mapping[str, float]
    """Natural logarithm of the word's share of running text."""
    others: tuple[Pronunciation, ...] = ()
    """What garbage sounds like besides any row of phones."""


@cache
def american() -> Dictionary:
    """Return PocketSphinx's dictionary: 126,000 words of letters and apostrophes, and espeak-ng's rules for others.

    How common a word is is taken from the unigrams of PocketSphinx's language model.
    """
    ways = _pronunciations(_MODEL / "cmudict-en-us.dict")
    plain = {word: said for word, said in ways.items() if re.fullmatch(r"[a-z][a-z']*", word)}
    decoder = pocketsphinx.Decoder(pocketsphinx.Config(logfn="/dev/null"))
    model = decoder.get_lm(decoder.current_search())
    scale = math.log(_LOG_BASE)
    probability = {word: max(model.prob([word]) * scale, _RAREST) for word in plain}
    return Dictionary("PocketSphinx's dictionary", plain, probability, guess)


def dictionary(folder: Path, name: str) -> Dictionary:
    """Return the dictionary of this name in a folder; PocketSphinx's for no name."""
    return read_dictionary(folder / name) if name else american()


def read_dictionary(path: Path) -> Dictionary:
    """Return a dictionary of one's own: a line for every pronunciation, the word and then its phones, # comments.

    The commonest words come first, and are taken to be as much commoner as words are in any language: the tenth is
    said a tenth as often as the first (Zipf). Raises `VoiceCrampError` where a line has no phones, or there is none.
    """
    try:
        ways = _pronunciations(path)
    except OSError as error:
        raise VoiceCrampError(f"{path}: {error.strerror}; correct [lexicon] dictionary.") from None
    if not ways:
        raise VoiceCrampError(
            f"{path}: there is no word in it; write a line for each: the word and its phones."
        )
    total = math.log(sum(1 / rank for rank in range(1, 1 + len(ways))))
    return Dictionary(
        str(path), ways, {word: -math.log(rank) - total for rank, word in enumerate(ways, start=1)}
    )


def _pronunciations(path: Path) -> dict[str, tuple[Pronunciation, ...]]:
    """Return the ways to say every word of a file, in its order; "the(2)" is another way to say "the"."""
    found: dict[str, list[Pronunciation]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not (fields := line.partition("#")[0].split()):
                continue
            word, *phones = fields[0].lower(), *fields[1:]
            if not phones:
                raise VoiceCrampError(f"{path}:{number}: '{word}' has no phones; write them after it.")
            found.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    return {word: tuple(dict.fromkeys(ways)) for word, ways in found.items()}


def guess(word: str) -> Pronunciation:
    """Return the American pronunciation by espeak-ng's rules. Raises `ValueError` for a sound not in the table."""
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
    dictionary: Dictionary,
    size: int,
    needed: Iterable[str],
    own: Mapping[str, tuple[Pronunciation, ...]] | None = None,
) -> Lexicon:
    """Return the `size` commonest words of the dictionary and all that are `needed`.

    A word is said as in the dictionary, and as `own` has it besides; what is not in the dictionary as `own` has it,
    and by rule besides. Raises `VoiceCrampError` naming words that nobody can say.
    """
    own, probability = own or {}, dictionary.log_probability
    common = sorted(dictionary.ways, key=lambda word: -probability[word])[:size]
    words = sorted(set(common) | set(needed))

    def ways(word: str) -> tuple[Pronunciation, ...]:
        further = own.get(word, ())
        if word in dictionary.ways:
            return tuple(dict.fromkeys((*dictionary.ways[word], *further)))
        return tuple(dict.fromkeys((*further, *(dictionary.say(word) if dictionary.rule else ()))))

    phones = set(dictionary.phones)
    for word, said in own.items():
        if strange := [phone for way in said for phone in way if phone not in phones]:
            raise VoiceCrampError(
                f"[lexicon] pronunciations: '{word}' has the phone {strange[0]}, which no word of {dictionary.name} has."
            )
    pronunciations = {word: ways(word) for word in words}
    if lacking := [word for word, said in pronunciations.items() if not said]:
        more = f" and {len(lacking) - _TOLD} more words" if len(lacking) > _TOLD else ""
        raise VoiceCrampError(
            f"{dictionary.name}: it does not say how to say {', '.join(lacking[:_TOLD])}{more}; add a line for each."
        )
    return Lexicon(pronunciations, {word: probability.get(word, _RAREST) for word in words})


def slurred(lexicon: Lexicon, words: Iterable[str], endings: Iterable[str]) -> Lexicon:
    """Return the lexicon with `words` said without their last phone too, where they end as one of `endings`.

    A word that would then be another of them is said as before: "can't" is not to be taken for "can". Raises
    `VoiceCrampError` naming a phone that no word has.

    Args:
        lexicon: all words.
        words: those that matter, all of them in the lexicon.
        endings: each some phones with spaces between.
    """
    ends, ways = {tuple(ending.split()) for ending in endings}, dict(lexicon.pronunciations)
    phones = {phone for every in ways.values() for way in every for phone in way}
    if strange := {phone for ending in ends for phone in ending} - phones:
        raise VoiceCrampError(f"[lexicon] slurred: no word has the phone {min(strange)}.")
    longest, mattering = max(map(len, ends), default=0), sorted(set(words))
    said = {way for word in mattering for way in ways[word]}
    for word in mattering:
        shorter = [
            way[:-1]
            for way in ways[word]
            if any(way[-length:] in ends and len(way) > length for length in range(1, longest + 1))
        ]
        if said.isdisjoint(shorter):
            ways[word] = tuple(dict.fromkeys((*ways[word], *shorter)))
    return replace(lexicon, pronunciations=ways)


def rejecting(lexicon: Lexicon, phrases: Iterable[str]) -> Lexicon:
    """Return the lexicon with `phrases`, all of whose words are in it, as garbage however they are said."""
    ways = (product(*(lexicon.pronunciations[word] for word in phrase.split())) for phrase in phrases)
    return replace(lexicon, others=tuple(tuple(chain(*way)) for way in chain(*ways)))


def write(path: Path, lexicon: Lexicon) -> None:
    """Write one line per pronunciation: word, log probability, phones. Garbage has no probability, so 0 stands there."""
    lines = [
        f"{word} {lexicon.log_probability.get(word, 0):.3f} {' '.join(way)}\n"
        for word, ways in (*lexicon.pronunciations.items(), (UNKNOWN, lexicon.others))
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
    others = ways.pop(UNKNOWN, [])
    probability.pop(UNKNOWN, None)
    return Lexicon({word: tuple(phones) for word, phones in ways.items()}, probability, tuple(others))
