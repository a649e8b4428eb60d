"""Everything the sentence files understand, phrase by phrase, and hassil's own view of the same files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from hassil import Intents

from voicecramp import datafile
from voicecramp.errors import VoiceCrampError
from voicecramp.nlu.expansion import Expander, Template, tidy
from voicecramp.nlu.intent import Intent, SlotValue
from voicecramp.nlu.schema import Block, Common, SentenceFile, State, Wanted

__all__ = ["STATES", "Sentences", "read"]

STATES: tuple[str, ...] = get_args(State)
"""What the conversation can be about."""


@dataclass(frozen=True)
class Sentences:
    """The files of one language, checked."""

    hassil: Intents
    phrases: Mapping[str, Mapping[str, Intent]]
    """For each state, each phrase understood in it, and what it means."""
    labels: Mapping[str, tuple[str, ...]]
    """For each intent, its labels as the file has them, `{slot}` and all."""
    urgent: Mapping[str, int]
    """For each intent, how urgent it is; 0: not at all."""
    lists: Mapping[str, tuple[SlotValue, ...]]
    """For each slot, the values it can have."""
    deciding: frozenset[str]
    """Words that turn a meaning round."""
    denying: frozenset[str]
    """Words that deny what follows in the same clause."""
    clauses: frozenset[str]
    """Words that begin a clause."""
    at_once: Mapping[str, frozenset[str]]
    """For each state, the phrases that are obeyed in it without a second look."""
    files: Mapping[str, Path]
    """For each intent, the file it stands in."""
    pronunciations: Mapping[str, tuple[str, ...]]
    """Ways to say words that a recogniser may lack, in the phones of ARPAbet."""


def read(folder: Path) -> Sentences:
    """Read `_common.yaml` and `sentences/*.yaml` of a language's folder.

    Raises:
        VoiceCrampError: a file is missing or wrong, a sentence does not parse or names a list or rule that does
            not exist, or one phrase would mean two things in the same state.
    """
    common = datafile.load(folder / "_common.yaml", Common)
    lists = {name: values.all() for name, values in common.lists.items()}
    wanted = {name: (path, intent) for path, name, intent in _intents(folder / "sentences")}
    for name, (path, intent) in wanted.items():
        _check_labels(path, name, intent, lists)
    expander = Expander(common, folder / "_common.yaml")
    return Sentences(
        hassil=_hassil(common, {name: intent for name, (_, intent) in wanted.items()}),
        phrases=_phrases(expander, wanted),
        labels={name: intent.labels for name, (_, intent) in wanted.items()},
        urgent={name: intent.urgent for name, (_, intent) in wanted.items()},
        lists=lists,
        deciding=frozenset(common.deciding_words),
        denying=frozenset(common.denying_words),
        clauses=frozenset(common.clause_words),
        at_once={
            state: frozenset(
                text
                for path, intent in wanted.values()
                for block in intent.data
                if state in block.at_once
                for sentence in block.sentences
                for text, _ in expander.expand(Template(sentence, path, ""))
            )
            for state in STATES
        },
        files={name: path for name, (path, _) in wanted.items()},
        pronunciations=common.pronunciations,
    )


def _intents(folder: Path) -> Iterator[tuple[Path, str, Wanted]]:
    paths = datafile.listed(folder)
    if not paths:
        raise VoiceCrampError(f"{folder}: there are no sentence files (.yaml) in it; check the folder.")
    seen: dict[str, Path] = {}
    for path in paths:
        for name, intent in datafile.load(path, SentenceFile).intents.items():
            if name in seen:
                raise VoiceCrampError(f"{path}: intents.{name}: it is in {seen[name]} too; join the two.")
            seen[name] = path
            yield path, name, intent


def _check_labels(path: Path, name: str, intent: Wanted, lists: Mapping[str, tuple[SlotValue, ...]]) -> None:
    """See that a label can be rendered ahead, whatever was said."""
    for label in intent.labels:
        if unknown := [slot for slot in re.findall(r"\{(.*?)\}", label) if slot not in lists]:
            what = f"'{label}' names the list {{{unknown[0]}}}, which _common.yaml does not have"
            raise VoiceCrampError(f"{path}: intents.{name}.labels: {what}.")
        if set("{}") & set(re.sub(r"\{.*?\}", "", label)):
            raise VoiceCrampError(
                f"{path}: intents.{name}.labels: the braces of '{label}' do not pair up; correct them."
            )
    if "{" in intent.labels[-1]:
        raise VoiceCrampError(f"{path}: intents.{name}.labels: the last must do without slots; add one.")
    for index, block in enumerate(intent.data):
        for slot, value in block.slots.items():
            if value not in lists.get(slot, ()):
                key = f"intents.{name}.data[{index}].slots.{slot}"
                raise VoiceCrampError(
                    f"{path}: {key}: _common.yaml has no list '{slot}' with '{value}' in it."
                )


def _phrases(expander: Expander, wanted: Mapping[str, tuple[Path, Wanted]]) -> dict[str, dict[str, Intent]]:
    phrases: dict[str, dict[str, Intent]] = {state: {} for state in STATES}
    origins: dict[str, Template] = {}
    for name, (path, intent) in wanted.items():
        for index, block in enumerate(intent.data):
            for sentence in block.sentences:
                template = Template(sentence, path, f"intents.{name}.data[{index}]")
                for text, slots in expander.expand(template):
                    meaning = Intent(name, {**block.slots, **slots}, text=text)
                    for state in _states(block):
                        other = phrases[state].setdefault(text, meaning)
                        if other != meaning:
                            clash = f"'{text}', which in the state {state} means {other.name} already"
                            raise template.wrong(f"gives {clash} (from '{origins[text].text}')")
                    origins.setdefault(text, template)
    return phrases


def _states(block: Block) -> tuple[str, ...]:
    return block.requires_context.state if block.requires_context else STATES


def _hassil(common: Common, wanted: Mapping[str, Wanted]) -> Intents:
    def data(block: Block) -> dict[str, Any]:
        return {
            "sentences": [tidy(sentence) for sentence in block.sentences],
            "slots": block.slots,
            "requires_context": {"state": _states(block)},
        }

    return Intents.from_dict(
        {
            "language": common.language,
            "lists": {
                name: {"values": [{"in": tidy(way), "out": out} for way, out in values.pairs()]}
                for name, values in common.lists.items()
            },
            "expansion_rules": {name: tidy(rule) for name, rule in common.expansion_rules.items()},
            "skip_words": list(common.skip_words),
            "intents": {
                name: {"data": [data(block) for block in intent.data]} for name, intent in wanted.items()
            },
        }
    )
