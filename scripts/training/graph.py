"""The decoding graph without a grammar: words as a prefix tree of phones, as the engine's files."""

import math
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.lexicon import PHONES, Lexicon, Pronunciation
from training.transcripts import UNKNOWN

__all__ = ["GARBAGE", "SILENCE", "phone_outputs", "write_graph"]

_PLACES = ("B", "E", "I", "S")
"""A phone begins a word, ends it, stands inside or is all of it: the engine takes word times from that."""
SILENCE = 1
GARBAGE = 2 + len(_PLACES) * len(PHONES)
"""The phone of UNKNOWN, the last; silence is the first."""
_PAUSE = -math.log(0.5)
"""The cost of a pause after a word, and of none."""
_UNKNOWN_COST = 8.0  # in the unigram that the engine uses when it is given no grammar


def _phone(name: str, place: str) -> int:
    return 2 + PHONES.index(name) * len(_PLACES) + _PLACES.index(place)


def phone_outputs() -> list[tuple[int, int]]:
    """Return the network's outputs (first frame, further frames) of phone 1, 2 ... and garbage, the last."""
    garbage = 2 * (1 + len(PHONES))
    spoken = [(2 * k, 2 * k + 1) for k in range(1, 1 + len(PHONES)) for _ in _PLACES]
    return [(0, 1), *spoken, (garbage, garbage)]


@dataclass
class _Tree:
    """Arcs of a transducer from transitions to words. A phone is stayed in on the target of its arc."""

    arcs: list[tuple[int, int, int, int, float]] = field(default_factory=list)
    states: int = 0

    def state(self) -> int:
        self.states += 1
        return self.states - 1

    def enter(self, source: int, target: int, phone: int, word: int = 0, cost: float = 0.0) -> None:
        self.arcs.append((source, target, 2 * phone, word, cost))

    def stay(self, source: int, target: int, phone: int) -> None:
        self.arcs.append((source, target, 2 * phone - 1, 0, 0.0))

    def free(self, source: int, target: int, cost: float = 0.0) -> None:
        self.arcs.append((source, target, 0, 0, cost))

    def text(self) -> str:
        return "".join(
            f"{a} {b} {i} {o} {c:.4f}\n" for a, b, i, o, c in sorted(self.arcs, key=lambda arc: arc[0])
        )


def _build(pronunciations: Sequence[tuple[int, tuple[Pronunciation, ...]]], unknown: int) -> str:
    """Return the transducer in OpenFst's text form; words are given by number."""
    tree = _Tree()
    start, root, silence = tree.state(), tree.state(), tree.state()
    tree.free(start, root, _PAUSE)
    tree.enter(start, silence, SILENCE, cost=_PAUSE)
    tree.stay(silence, silence, SILENCE)
    tree.free(silence, root)
    ends: dict[int, int] = {}
    within: dict[tuple[int, ...], int] = {(): root}

    def end(phone: int) -> int:
        if phone not in ends:
            ends[phone] = last = tree.state()
            if phone != GARBAGE:
                tree.stay(last, last, phone)
            tree.free(last, root, _PAUSE)
            tree.enter(last, silence, SILENCE, cost=_PAUSE)
        return ends[phone]

    for word, ways in pronunciations:
        for way in ways:
            if len(way) == 1:
                phones = [_phone(way[0], "S")]
            else:
                phones = [
                    _phone(way[0], "B"),
                    *(_phone(name, "I") for name in way[1:-1]),
                    _phone(way[-1], "E"),
                ]
            for place in range(1, len(phones)):
                prefix = tuple(phones[:place])
                if prefix not in within:
                    within[prefix] = here = tree.state()
                    tree.stay(here, here, prefix[-1])
                    tree.enter(within[prefix[:-1]], here, prefix[-1])
            # The word stands on its last phone, so words that begin alike share all that they can.
            tree.enter(within[tuple(phones[:-1])], end(phones[-1]), phones[-1], word)
    # Garbage lasts three frames or more.
    first, second = tree.state(), tree.state()
    tree.enter(root, first, GARBAGE, unknown)
    tree.stay(first, second, GARBAGE)
    tree.stay(second, second, GARBAGE)
    tree.stay(second, end(GARBAGE), GARBAGE)
    return tree.text() + f"{root} 0\n{silence} 0\n"


def write_graph(folder: Path, lexicon: Lexicon) -> None:
    """Write HCLr.fst, Gr.fst, words.txt, phones.txt and what belongs to them into graph/ of a model's folder.

    Needs OpenFst's programs. The engine's grammars are made at run time from words.txt, whose numbers are
    those that OpenFst gave the words so that looking ahead in HCLr.fst is a search in intervals.
    """
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True, exist_ok=True)
    words = [*lexicon.pronunciations, UNKNOWN]
    number = {word: place for place, word in enumerate(words, start=1)}
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        spoken = [(number[word], tuple(dict.fromkeys(ways))) for word, ways in lexicon.pronunciations.items()]
        (scratch / "tree.txt").write_text(_build(spoken, number[UNKNOWN]), encoding="ascii")
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
    names = [f"{name}_{place}" for name in PHONES for place in _PLACES]
    table = ["<eps>", "SIL", *names, "GARBAGE_S"]
    (graph / "phones.txt").write_text("".join(f"{n} {k}\n" for k, n in enumerate(table)), encoding="ascii")
    kinds = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    boundaries = [f"{SILENCE} nonword", *(f"{_phone(n, p)} {kinds[p]}" for n in PHONES for p in _PLACES),
                  f"{GARBAGE} singleton"]  # fmt: skip
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
