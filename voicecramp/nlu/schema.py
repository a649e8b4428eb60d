"""What the sentence files may hold: Home Assistant's convention, and little of it."""

import re
from typing import Annotated, Literal, Self

from hassil import parse_sentence
from hassil.parser import ParseError
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from voicecramp.datafile import Some, Strict

__all__ = ["Block", "Common", "Context", "SentenceFile", "SlotValues", "State", "Wanted"]

State = Literal["idle", "guiding", "holding", "asking", "paused"]
"""What the conversation is about: nothing; a line is spoken; a stretch is counted; a question is open; a pause."""

_PHONE = (
    "(AA|AE|AH|AO|AW|AY|B|CH|D|DH|EH|ER|EY|F|G|HH|IH|IY|JH|K|L|M|N|NG|OW|OY|P|R|S|SH|T|TH|UH|UW|V|W|Y|Z|ZH)"
)

Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+('[a-z]+)*$")]
Phrase = Annotated[str, StringConstraints(pattern=r"^[a-z]+([ '][a-z]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z]+([ '-][a-z0-9]+)*$")]
Value = Name | int
"""What a slot can hold: a word or a name (`vitamin-b12`), or a whole number (of seconds)."""

Phones = Annotated[str, StringConstraints(pattern=rf"^{_PHONE}( {_PHONE})*$")]
"""How a word sounds, in the phones of ARPAbet without stress, as PocketSphinx takes them."""

_REFERENCE = re.compile(r"[{<]([^{}<>]*)[}>]")
_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
_ODD = re.compile(r"[^\w\s'\u2019,.!?\-()\[\]{}<>|;]|\d")


def _check_template(template: str) -> str:
    """Refuse what hassil cannot parse, and what no recogniser could hear."""
    if not any(map(str.isalpha, template)):
        raise ValueError(f"the sentence '{template}' has no word in it; write one, or remove it")
    if odd := _ODD.search(template):
        raise ValueError(f"the sentence '{template}' has the character '{odd[0]}'; write it as words")
    for name in _REFERENCE.findall(template):
        if not _NAME.fullmatch(name):
            raise ValueError(f"the sentence '{template}' refers to '{name}', which cannot be a name")
    try:
        parse_sentence(template)
    except (ParseError, AssertionError):  # hassil asserts that what a pair of brackets holds is not empty
        raise ValueError(
            f"the sentence '{template}' does not parse; check that its brackets pair up"
        ) from None
    return template


Template = Annotated[str, AfterValidator(_check_template)]
"""A hassil sentence: `(this|that)`, `[optional]`, `{list}`, `<rule>`."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z{}' ]+$")]
"""The short phrase an intent is asked about with, `{slot}` where what was said of it belongs."""


class Context(Strict):
    """When a block of sentences counts."""

    state: Some[State]


class Block(Strict):
    """Sentences that mean the same."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sentences: Some[Template]
    slots: dict[str, Value] = Field(default_factory=dict)
    """Slots that these sentences imply without naming them."""
    requires_context: Context | None = None
    """The states the sentences count in; absent: all."""
    at_once: tuple[State, ...] = ()
    """Ours, and hassil passes over it: the states in which it is obeyed without a second look, and more readily heard.
    For what harms nobody if it was not said, or a lot if it was and nothing is done; and for words that nothing else
    sounds like."""


class Wanted(Strict):
    """One intent. `labels` is ours, and hassil passes over it: the first whose slots were all said is used."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    labels: Some[Label]
    urgent: int = Field(default=0, ge=0)
    """Ours too: from 1 on it counts in the midst of other words as well, and before other near misses; the higher first."""
    data: Some[Block]


class SentenceFile(Strict):
    """`sentences/<Intent>.yaml`."""

    language: str
    intents: dict[str, Wanted] = Field(min_length=1)


class SlotValue(Strict):
    """A way to say a value, and the value."""

    in_: Template = Field(alias="in")
    out: Value


class SlotValues(Strict):
    """A list that `{name}` stands for; the slot has the list's name."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    values: tuple[Phrase | SlotValue, ...] = ()
    implied: tuple[Value, ...] = ()
    """Ours, and hassil passes over it: further values, which sentences imply under `slots` without naming them."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.values or self.implied):
            raise ValueError("the list has no values; it needs at least one")
        return self

    def pairs(self) -> list[tuple[str, str | int]]:
        """Return each way to say a value, a template, with the value."""
        return [(v, v) if isinstance(v, str) else (v.in_, v.out) for v in self.values]

    def all(self) -> tuple[str | int, ...]:
        """Return every value, said or implied, once."""
        return tuple(dict.fromkeys([*(out for _, out in self.pairs()), *self.implied]))


class Common(Strict):
    """`_common.yaml`: what all sentences share."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    language: str
    lists: dict[str, SlotValues] = Field(default_factory=dict)
    expansion_rules: dict[str, Template] = Field(default_factory=dict)
    skip_words: tuple[Phrase, ...] = ()
    """Passed over wherever they are said."""
    deciding_words: tuple[Word, ...] = ()
    """Ours, and hassil passes over it: words that turn a meaning round. A near miss may not add or lose one."""
    denying_words: tuple[Word, ...] = ()
    """Ours, and hassil passes over it: words that deny what is urgent and follows in the same clause."""
    clause_words: tuple[Word, ...] = ()
    """Ours, and hassil passes over it: words that begin a clause, and so end what is denied."""
    pronunciations: dict[Word, tuple[Phones, ...]] = Field(default_factory=dict)
    """Ours, and hassil passes over it: ways to say words that PocketSphinx's own dictionary lacks."""
