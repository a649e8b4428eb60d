"""The decoding graph without a grammar: words as a prefix tree of phones, as the engine's files."""

import math
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.lexicon import UNKNOWN, Lexicon, Pronunciation

__all__ = ["SILENCE", "units", "write_graph"]

_PLACES = ("B", "E", "I", "S")
"""A phone begins a word, ends it, stands inside or is all of it: the engine takes word times from that."""
SILENCE = 1
_GARBAGE = ("B", "I", "E")
"""Garbage has a phone for each of these places, that sounds like any phone there is."""
_UNKNOWN_COST = 8.0  # in the unigram that the engine uses when it is given no grammar


class _Numbers:
    """The numbers that the engine knows phones by: silence, every phone in each of its places, then garbage."""

    def __init__(self, phones: Sequence[str]) -> None:
        self.phones = phones
        self._place = {name: place for place, name in enumerate(phones)}
        self.sounds = 1 + len(phones)
        self.spoken = 2 + len(_PLACES) * len(phones)
        """The first number after silence and the phones, where those of garbage begin."""

    def phone(self, name: str, place: str) -> int:
        return 2 + self._place[name] * len(_PLACES) + _PLACES.index(place)

    def garbage(self, sound: int, place: str) -> int:
        """Return the unit of garbage that sounds like silence (0) or phone `sound` - 1."""
        return self.spoken + _GARBAGE.index(place) * self.sounds + sound


def units(phones: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return what the graph is made of: the engine's phone, the network's outputs for first and further frames.

    A phone of the dictionary is one unit. Garbage is as many as there are phones it may sound like, and their outputs
    follow those of the phones themselves.
    """
    numbers = _Numbers(phones)
    spoken = [
        (numbers.phone(name, place), 2 * k, 2 * k + 1)
        for k, name in enumerate(phones, start=1)
        for place in _PLACES
    ]
    outputs = [(2 * k, 2 * k + 1) for k in range(numbers.sounds, 2 * numbers.sounds)]
    garbage = [(numbers.spoken + place, *pair) for place in range(len(_GARBAGE)) for pair in outputs]
    return [(SILENCE, 0, 1), *spoken, *garbage]


@dataclass
class _Tree:
    """Arcs of a transducer from transitions to words, all free. A phone is stayed in on the target of its arc."""

    arcs: list[tuple[int, int, int, int]] = field(default_factory=list)
    states: int = 0

    def state(self) -> int:
        self.states += 1
        return self.states - 1

    def enter(self, source: int, target: int, unit: int, word: int = 0) -> None:
        self.arcs.append((source, target, 2 * unit, word))

    def stay(self, state: int, unit: int) -> None:
        self.arcs.append((state, state, 2 * unit - 1, 0))

    def free(self, source: int, target: int, word: int = 0) -> None:
        self.arcs.append((source, target, 0, word))

    def text(self) -> str:
        return "".join(f"{a} {b} {i} {o}\n" for a, b, i, o in sorted(self.arcs, key=lambda arc: arc[0]))


def _build(
    numbers: _Numbers, pronunciations: Sequence[tuple[int, tuple[Pronunciation, ...]]], unknown: int
) -> str:
    """Return the transducer in OpenFst's text form; words are given by number."""
    tree = _Tree()
    start, root, silence = tree.state(), tree.state(), tree.state()
    tree.free(start, root)
    tree.enter(start, silence, SILENCE)
    tree.stay(silence, SILENCE)
    tree.free(silence, root)
    ends: dict[int, int] = {}
    within: dict[tuple[int, ...], int] = {(): root}

    def leave(last: int) -> None:
        tree.free(last, root)
        tree.enter(last, silence, SILENCE)

    def end(phone: int) -> int:
        if phone not in ends:
            ends[phone] = last = tree.state()
            tree.stay(last, phone)
            leave(last)
        return ends[phone]

    for word, ways in pronunciations:
        for way in ways:
            if len(way) == 1:
                phones = [numbers.phone(way[0], "S")]
            else:
                phones = [
                    numbers.phone(way[0], "B"),
                    *(numbers.phone(name, "I") for name in way[1:-1]),
                    numbers.phone(way[-1], "E"),
                ]
            for place in range(1, len(phones)):
                prefix = tuple(phones[:place])
                if prefix not in within:
                    within[prefix] = here = tree.state()
                    tree.stay(here, prefix[-1])
                    tree.enter(within[prefix[:-1]], here, prefix[-1])
            # The word stands on its last phone, so words that begin alike share all that they can.
            tree.enter(within[tuple(phones[:-1])], end(phones[-1]), phones[-1], word)
    # Garbage is two phones or more, any after any. Silence is neither the first nor the last: it is a pause then.
    begin, hub, over = tree.state(), tree.state(), tree.state()
    tree.free(root, begin, unknown)
    leave(over)
    for part, source, target in (("B", begin, hub), ("I", hub, hub), ("E", hub, over)):
        for sound in range(0 if part == "I" else 1, numbers.sounds):
            unit, here = numbers.garbage(sound, part), tree.state()
            tree.enter(source, here, unit)
            tree.stay(here, unit)
            tree.free(here, target)
    return tree.text() + f"{root} 0\n{silence} 0\n"


def write_graph(folder: Path, lexicon: Lexicon, phones: Sequence[str]) -> None:
    """Write HCLr.fst, Gr.fst, words.txt, phones.txt and what belongs to them into graph/ of a model's folder.

    `phones` are those of the network, in its order.

    Needs OpenFst's programs. The engine's grammars are made at run time from words.txt, whose numbers are
    those that OpenFst gave the words so that looking ahead in HCLr.fst is a search in intervals.
    """
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True, exist_ok=True)
    numbers, words = _Numbers(phones), [*lexicon.pronunciations, UNKNOWN]
    number = {word: place for place, word in enumerate(words, start=1)}
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        said = {**lexicon.pronunciations, UNKNOWN: lexicon.others}
        spoken = [(number[word], tuple(dict.fromkeys(ways))) for word, ways in said.items()]
        (scratch / "tree.txt").write_text(_build(numbers, spoken, number[UNKNOWN]), encoding="ascii")
        _openfst("fstcompile", str(scratch / "tree.txt"), str(scratch / "tree.fst"))
        _openfst("fstarcsort", "--sort_type=olabel", str(scratch / "tree.fst"), str(scratch / "sorted.fst"))
        relabelling = scratch / "relabel.txt"
        _openfst("fstconvert", "--fst_type=olabel_lookahead", f"--save_relabel_opairs={relabelling}",
                 str(scratch / "sorted.fst"), str(graph / "HCLr.fst"))  # fmt: skip
        pairs = [line.split() for line in relabelling.read_text(encoding="ascii").splitlines()]
        new = {int(old): int(now) for old, now in pairs}
        ids = sorted((new[number[word]], word) for word in words)
        (graph / "words.txt").write_text(
            "<eps> 0\n" + "".join(f"{word} {id_}\n" for id_, word in ids), encoding="utf-8"
        )
        total = math.log(sum(math.exp(p) for p in lexicon.log_probability.values()))
        cost = {word: total - p for word, p in lexicon.log_probability.items()} | {UNKNOWN: _UNKNOWN_COST}
        unigram = "".join(f"0 0 {id_} {id_} {cost[word]:.4f}\n" for id_, word in ids)
        (scratch / "unigram.txt").write_text(unigram + "0 1.0\n", encoding="ascii")
        _openfst("fstcompile", str(scratch / "unigram.txt"), str(scratch / "unigram.fst"))
        _openfst("fstconvert", "--fst_type=const", str(scratch / "unigram.fst"), str(graph / "Gr.fst"))
    names = [f"{name}_{place}" for name in phones for place in _PLACES]
    rubbish = [f"GARBAGE_{place}" for place in _GARBAGE]
    table = ["<eps>", "SIL", *names, *rubbish]
    (graph / "phones.txt").write_text("".join(f"{n} {k}\n" for k, n in enumerate(table)), encoding="utf-8")
    kinds = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    boundaries = [f"{SILENCE} nonword", *(f"{numbers.phone(n, p)} {kinds[p]}" for n in phones for p in _PLACES),
                  *(f"{numbers.spoken + k} {kinds[place]}" for k, place in enumerate(_GARBAGE))]  # fmt: skip
    (graph / "phones" / "word_boundary.int").write_text("\n".join(boundaries) + "\n", encoding="ascii")
    # The tree needs no disambiguation; the engine wants a transition all the same: one that does not exist.
    (graph / "disambig_tid.int").write_text("100000\n", encoding="ascii")


def _openfst(*command: str) -> None:
    """Run a program of OpenFst, which finds its plug-ins only when told where Debian puts them."""
    plugins = ":".join(str(path) for path in sorted(Path("/usr/lib").glob("*/fst/*")))
    environment = os.environ | {"LD_LIBRARY_PATH": plugins}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")
