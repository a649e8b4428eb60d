"""The content of `intents/` checked beyond what must be right to load it: nothing hangs loose, nothing is left out."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voicecramp.dialogue import Content
from voicecramp.errors import VoiceCrampError
from voicecramp.intentcheck.facts import unknown_facts, unknown_timers
from voicecramp.intentcheck.lines import long_sentences, silent_lines, unknown_sources, unsaid_statements
from voicecramp.intentcheck.material import Check, Finding, Material
from voicecramp.intentcheck.meanings import (
    missing_intents,
    missing_slots,
    unhandled_intents,
    unheard_intents,
    unstarted_slots,
    wrong_examples,
)
from voicecramp.intentcheck.ways import dead_ends, unreachable
from voicecramp.intentcheck.words import UnknownWords, unknown_words
from voicecramp.nlu.phrases import read

__all__ = ["CHECKS", "Finding", "Report", "check"]

CHECKS: tuple[Check, ...] = (
    unreachable,
    dead_ends,
    unheard_intents,
    missing_intents,
    unhandled_intents,
    unstarted_slots,
    missing_slots,
    wrong_examples,
    unknown_facts,
    unknown_timers,
    long_sentences,
    silent_lines,
    unknown_sources,
    unsaid_statements,
)
"""Every check but that of the words, which needs a recogniser."""


@dataclass(frozen=True)
class Report:
    """What was found."""

    troubles: tuple[str, ...]
    """What to put right, a sentence or two each."""
    counts: str
    """What was checked; empty where it could not all be read."""


def check(folder: Path, recogniser: UnknownWords) -> Report:
    """Check a language's folder and the statements beside it; never raises for what is wrong in them.

    A file that cannot be read as it should hides what else is wrong: of guidance and of sentences the
    first such trouble is told.
    """
    material, troubles = _read(folder)
    if material is None:
        return Report(troubles, "")
    checks: tuple[Check, ...] = (*CHECKS, partial(unknown_words, recogniser=recogniser))
    found = {str(finding): None for one in checks for finding in one(material)}
    return Report(tuple(found), _counts(material))


def _read(folder: Path) -> tuple[Material | None, tuple[str, ...]]:
    troubles = []
    content = sentences = None
    try:
        content = Content.load(folder)
    except VoiceCrampError as error:
        troubles.append(str(error))
    try:
        sentences = read(folder)
    except VoiceCrampError as error:
        troubles.append(str(error))
    if content is None or sentences is None:
        return None, tuple(troubles)
    return Material(folder, content, sentences), ()


def _counts(material: Material) -> str:
    flows = material.content.flows.values()
    phrases = {text for understood in material.sentences.phrases.values() for text in understood}
    return (
        f"{len(flows)} flows with {sum(len(flow.steps) for flow in flows)} steps and "
        f"{sum(1 for flow in flows for _ in flow.lines())} lines say all {len(material.content.statements)} statements; "
        f"{len(material.sentences.files)} intents are understood in {len(phrases):,} sentences"
    )
