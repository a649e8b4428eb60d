"""A sentence template into every phrase it stands for, each with its slots."""

import itertools
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hassil import parse_sentence, sample_expression
from hassil.errors import MissingRuleError

from voicecramp.errors import VoiceCrampError
from voicecramp.nlu.intent import SlotValue
from voicecramp.nlu.schema import Common
from voicecramp.nlu.text import normalise

__all__ = ["MAX_PHRASES", "Expander", "Template", "tidy"]

_LOGGER = logging.getLogger(__name__)

MAX_PHRASES = 400
"""Phrases kept of one template. The longest of the cramp's has 55; a thousand phrases cost a near miss about
half a millisecond, and a sentence that can be said in more ways than this is better written as two."""

_MAX_EXPANSION = 20 * MAX_PHRASES
"""Phrases looked at before some are kept: a row of brackets can make millions."""

_PUNCTUATION = re.compile(r"[,.!?\-\s]+")
_LIST = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Template:
    """A sentence as its file has it, and where it stands."""

    text: str
    path: Path
    key: str

    def wrong(self, what: str) -> VoiceCrampError:
        """Return the error that says what is wrong with it, with its file and line."""
        lines = self.path.read_text(encoding="utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if self.text in text), 1)
        return VoiceCrampError(f"{self.path}:{line}: {self.key}: the sentence '{self.text}' {what}.")


def tidy(template: str) -> str:
    """Write a template as the text it will be compared with is written."""
    return _PUNCTUATION.sub(" ", template).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().strip()


class Expander:
    """Samples templates with hassil, but fills in the lists itself, so that each phrase keeps its slots."""

    def __init__(self, common: Common, path: Path) -> None:
        """Take the rules and lists of `_common.yaml`, which lies at `path`; VoiceCrampError if one is wrong."""
        self._rules = {name: parse_sentence(tidy(rule)) for name, rule in common.expansion_rules.items()}
        self._lists: dict[str, list[tuple[str, SlotValue]]] = {}
        for name, rule in common.expansion_rules.items():
            next(self._sample(Template(rule, path, f"expansion_rules.{name}")))
        for name, values in common.lists.items():
            self._lists[name] = []
            for way, out in values.pairs():
                template = Template(way, path, f"lists.{name}")
                for text in self._sample(template):
                    if "{" in text:
                        raise template.wrong("has a list inside a list; write its values out")
                    self._lists[name].append((text, out))

    def expand(self, template: Template) -> list[tuple[str, Mapping[str, SlotValue]]]:
        """Return the phrases of a template and what each puts into slots; of too many, some, evenly picked."""
        every = list(itertools.islice(self._filled(template), _MAX_EXPANSION))
        if len(every) <= MAX_PHRASES:
            return every
        _LOGGER.warning(
            "%s: %s: '%s' can be said in more than %d ways; only that many of them are listened for",
            *(template.path, template.key, template.text, MAX_PHRASES),
        )
        return [every[index * len(every) // MAX_PHRASES] for index in range(MAX_PHRASES)]

    def _filled(self, template: Template) -> Iterator[tuple[str, Mapping[str, SlotValue]]]:
        for skeleton in self._sample(template):
            words = _LIST.split(skeleton)  # text, list, text, list, ... text
            names = words[1::2]
            if unknown := [name for name in names if name not in self._lists]:
                raise template.wrong(f"names the list {{{unknown[0]}}}, which _common.yaml does not have")
            for values in itertools.product(*(self._lists[name] for name in names)):
                words[1::2] = [way for way, _ in values]
                if text := normalise("".join(words)):
                    yield text, {name: out for name, (_, out) in zip(names, values, strict=True)}

    def _sample(self, template: Template) -> Iterator[str]:
        expression = parse_sentence(tidy(template.text)).expression
        try:
            yield from sample_expression(expression, {}, self._rules, expand_lists=False)
        except MissingRuleError as error:
            rule = str(error).rsplit(" ", 1)[1]
            raise template.wrong(f"names the rule {rule}, which _common.yaml does not have") from None
        except RecursionError:
            raise template.wrong("comes to a rule that names itself") from None
