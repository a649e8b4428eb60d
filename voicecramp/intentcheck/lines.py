"""What is spoken: short enough, resting on the source, and leaving none of it out."""

import re
from collections.abc import Iterator

from voicecramp.datafile import Place, load, places
from voicecramp.dialogue.statements import Statements
from voicecramp.dialogue.steps import StepLine
from voicecramp.dialogue.wording import WordingLine
from voicecramp.intentcheck.material import Finding, Material

__all__ = ["long_sentences", "silent_lines", "unknown_sources", "unsaid_statements"]

MOST_WORDS = 14
"""Words of a sentence: about five seconds of speech, as much as somebody in pain takes in at once."""

_SENTENCE_END = re.compile(r"[.?!]+(?:\s|$)")


def long_sentences(material: Material) -> Iterator[Finding]:
    """Find sentences too long to be spoken calmly."""
    for here, text in _texts(material):
        for sentence in _SENTENCE_END.split(text):
            if (words := len(sentence.split())) > MOST_WORDS:
                what = f"{here.what} has a sentence of {words} words, '{sentence}'; say it in {MOST_WORDS}, or in two"
                yield Finding(here.path, here.where, what)


def silent_lines(material: Material) -> Iterator[Finding]:
    """Find lines that no voice could say: without a letter or a digit."""
    for here, text in _texts(material):
        if not any(map(str.isalnum, text)):
            what = f"{here.what} has nothing to say, '{text}'; write words, or remove it"
            yield Finding(here.path, here.where, what)


def unknown_sources(material: Material) -> Iterator[Finding]:
    """Find lines of wording.yaml that rest on statements there are not; those of flows are refused when read."""
    for place, line in _wording(material):
        for name in sorted(set(line.source) - material.content.statements.keys()):
            what = f"it rests on '{name}', which statements.yaml does not have; name one that is there"
            yield Finding(material.folder / "wording.yaml", (*place, "source"), what)


def unsaid_statements(material: Material) -> Iterator[Finding]:
    """Find statements of the source that no line rests on."""
    flows = material.content.flows.values()
    said = {name for flow in flows for line in flow.lines() for name in line.source or ()}
    said |= {name for _, line in _wording(material) for name in line.source}
    path = material.folder.parent / "statements.yaml"
    for heading, statements in load(path, Statements).root.items():
        for name in statements:
            if name not in said:
                yield Finding(path, (heading, name), "no line says it; write one, with its id as `source:`")


def _texts(material: Material) -> Iterator[tuple[Finding, str]]:
    """Give every text that is spoken, with where it stands and how to speak of it."""
    for name, flow in material.content.flows.items():
        for place, line in places(flow, StepLine):
            here = Finding(material.guidance(name), place, f"line '{line.id}'")
            yield from ((here, text) for text in (line.text, *line.others))
    for place, entry in _wording(material):
        yield Finding(material.folder / "wording.yaml", place, "it"), entry.text


def _wording(material: Material) -> Iterator[tuple[Place, WordingLine]]:
    return places(material.content.wording, WordingLine)
