"""Everything the sentence files understand, phrase by phrase, and hassil's own view of the same files."""

import itertools
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from hassil import Intents, parse_sentence, sample_expression
from hassil.errors import MissingRuleError

from voicecramp import datafile
from voicecramp.errors import VoiceCrampError
from voicecramp.nlu.intent import Intent
from voicecramp.nlu.schema import Block, Common, SentenceFile, SlotValues, State, Wanted
from voicecramp.nlu.text import normalise

__all__ = ["STATES", "Sentences", "read"]

_LOGGER = logging.getLogger(__name__)

STATES: tuple[str, ...] = get_args(State)

MAX_PHRASES = 400
"""Phrases kept of one sentence. The calf's longest has 90; fuzzy matching takes about 0.4 ms per thousand, and
a sentence with more ways than this is better written as two."""

_MAX_EXPANSION = 20 * MAX_PHRASES
"""Phrases looked at before some are kept: brackets in a row can make millions."""

_PUNCTUATION = re.compile(r"[,.!?\-\s]+")
_LIST = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Sentences:
    """The checked files."""

    hassil: Intents
    phrases: Mapping[str, Mapping[str, Intent]]
    """For each state, each phrase understood in it, and what it means."""
    labels: Mapping[str, Sequence[str]]
    """For each intent, its labels as the file has them."""
    lists: Mapping[str, Sequence[str]]
    """For each list, the values its slot can have."""
    deciding: frozenset[str]


@dataclass(frozen=True)
class _Sentence:
    """A template, and where it stands."""

    template: str
    path: Path
    key: str

    def wrong(self, what: str) -> VoiceCrampError:
        lines = self.path.read_text(encoding="utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if self.template in text), 1)
        return VoiceCrampError(f"{self.path}:{line}: {self.key}: the sentence '{self.template}' {what}.")


def read(folder: Path) -> Sentences:
    """Read `_common.yaml` and `sentences/*.yaml` of a language's folder.

    Raises:
        VoiceCrampError: a file is missing or wrong, a sentence does not parse or refers to a list or rule that
            does not exist, or one phrase would mean two things in the same state.
    """
    common = datafile.load(folder / "_common.yaml", Common)
    wanted: dict[str, Wanted] = {}
    phrases: dict[str, dict[str, Intent]] = {state: {} for state in STATES}
    origins: dict[tuple[str, str], _Sentence] = {}
    expander = _Expander(common, folder / "_common.yaml")
    paths = sorted((folder / "sentences").glob("*.yaml"))
    if not paths:
        raise VoiceCrampError(
            f"{folder / 'sentences'}: there are no sentence files (.yaml); check the folder."
        )
    for path in paths:
        for name, intent in datafile.load(path, SentenceFile).intents.items():
            if name in wanted:
                raise VoiceCrampError(f"{path}: intents.{name}: another file has this intent too; join them.")
            wanted[name] = intent
            _check_labels(path, name, intent, common.lists)
            for index, block in enumerate(intent.data):
                key = f"intents.{name}.data[{index}]"
                states = block.requires_context.state if block.requires_context else STATES
                for sentence in (_Sentence(template, path, key) for template in block.sentences):
                    for meaning in expander.phrases(sentence, name, block):
                        for state in states:
                            other = phrases[state].setdefault(meaning.text, meaning)
                            first = origins.setdefault((state, meaning.text), sentence)
                            if (other.name, other.slots) != (meaning.name, meaning.slots):
                                clash = (
                                    f"'{meaning.text}', which in the state {state} already means {other.name}"
                                )
                                raise sentence.wrong(f"gives {clash} ({first.path}: '{first.template}')")
    return Sentences(
        hassil=_hassil(common, wanted),
        phrases=phrases,
        labels={name: intent.labels for name, intent in wanted.items()},
        lists={name: _outs(values) for name, values in common.lists.items()},
        deciding=frozenset(common.deciding_words),
    )


class _Expander:
    """Samples sentences with hassil, lists filled in by hand so that each phrase keeps its slots."""

    def __init__(self, common: Common, path: Path) -> None:
        self._rules = {name: parse_sentence(_tidy(rule)) for name, rule in common.expansion_rules.items()}
        for name, rule in common.expansion_rules.items():
            list(itertools.islice(self._sample(_Sentence(rule, path, f"expansion_rules.{name}")), 1))
        self._lists: dict[str, list[tuple[str, str]]] = {}
        for name, values in common.lists.items():
            self._lists[name] = []
            for value in values.values:
                way, out = (value, value) if isinstance(value, str) else (value.in_, value.out)
                sentence = _Sentence(way, path, f"lists.{name}")
                if "{" in way:
                    raise sentence.wrong("refers to a list inside a list; write its values out")
                self._lists[name].extend((text, out) for text in self._sample(sentence))

    def phrases(self, sentence: _Sentence, intent: str, block: Block) -> Iterator[Intent]:
        """Give the phrases of a sentence, at most MAX_PHRASES of them, evenly picked."""
        every = list(itertools.islice(self._filled(sentence, intent, block), _MAX_EXPANSION))
        if len(every) > MAX_PHRASES:
            _LOGGER.warning(
                "%s: '%s' can be said in more than %d ways; only so many are listened for",
                sentence.path, sentence.template, MAX_PHRASES,
            )  # fmt: skip
            every = [every[index * len(every) // MAX_PHRASES] for index in range(MAX_PHRASES)]
        yield from every

    def _filled(self, sentence: _Sentence, intent: str, block: Block) -> Iterator[Intent]:
        for skeleton in self._sample(sentence):
            names = _LIST.findall(skeleton)
            if missing := next((name for name in names if name not in self._lists), None):
                raise sentence.wrong(f"refers to the list {{{missing}}}, which _common.yaml does not have")
            for values in itertools.product(*(self._lists[name] for name in names)):
                ways = iter(values)
                text = normalise(_LIST.sub(lambda _, ways=ways: next(ways)[0], skeleton))  # type: ignore[misc]
                slots = block.slots | {name: out for name, (_, out) in zip(names, values, strict=True)}
                if text:
                    yield Intent(name=intent, slots=slots, text=text)

    def _sample(self, sentence: _Sentence) -> Iterator[str]:
        expression = parse_sentence(_tidy(sentence.template)).expression
        try:
            yield from sample_expression(expression, {}, self._rules, expand_lists=False)
        except MissingRuleError as error:
            rule = str(error).rsplit(" ", 1)[1]
            raise sentence.wrong(f"refers to the rule {rule}, which _common.yaml does not have") from None
        except RecursionError:
            raise sentence.wrong("refers to a rule that refers to itself") from None


def _tidy(template: str) -> str:
    """Write a template as the text it will be compared with is written."""
    return _PUNCTUATION.sub(" ", template).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().strip()


def _outs(values: SlotValues) -> tuple[str, ...]:
    outs = (value if isinstance(value, str) else value.out for value in values.values)
    return tuple(dict.fromkeys(outs))


def _check_labels(path: Path, name: str, intent: Wanted, lists: Mapping[str, SlotValues]) -> None:
    """A label must be sayable whatever was said: its slots are lists, and the last label needs none."""
    for label in intent.labels:
        for slot in re.findall(r"\{(.*?)\}", label):
            if slot not in lists:
                raise VoiceCrampError(
                    f"{path}: intents.{name}.labels: '{label}' names no list of _common.yaml."
                )
    if "{" in intent.labels[-1]:
        raise VoiceCrampError(
            f"{path}: intents.{name}.labels: the last label must do without slots; add one."
        )


def _hassil(common: Common, wanted: Mapping[str, Wanted]) -> Intents:
    def plain(value: str | object) -> object:
        if isinstance(value, str):
            return value
        return {"in": _tidy(value.in_), "out": value.out}  # type: ignore[attr-defined]

    return Intents.from_dict(
        {
            "language": common.language,
            "lists": {
                name: {"values": [plain(v) for v in values.values]} for name, values in common.lists.items()
            },
            "expansion_rules": {name: _tidy(rule) for name, rule in common.expansion_rules.items()},
            "skip_words": list(common.skip_words),
            "intents": {
                name: {
                    "data": [
                        {
                            "sentences": [_tidy(template) for template in block.sentences],
                            "slots": block.slots,
                            "requires_context": block.requires_context.model_dump()
                            if block.requires_context
                            else {},
                        }
                        for block in intent.data
                    ]
                }
                for name, intent in wanted.items()
            },
        }
    )
