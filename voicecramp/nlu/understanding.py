"""What was heard, understood: word for word if it can be, near misses if they are near enough."""

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hassil import recognize
from rapidfuzz import fuzz, process

from voicecramp.nlu.intent import Intent, Unsure
from voicecramp.nlu.phrases import Sentences, read
from voicecramp.nlu.text import GARBAGE, Utterance

__all__ = ["Nlu", "load"]


@dataclass(frozen=True)
class _Strictness:
    """How much a text may differ from a phrase; scores from 0 to 100."""

    act: float
    """From here on it is obeyed."""
    ask: float
    """From here on it is asked about; below, passed over."""
    before: float
    """What a piece of garbage before the words weighs, in words."""
    after: float
    """The same behind them."""


_IDLE = _Strictness(act=85, ask=78, before=0.5, after=1.0)
"""Nobody is talking to it: garbage is other people's talk. A moan before three words is let pass (3 / 3.5 = 86),
before two it is asked about (80), and a lone "help" among other words is no call for help (67)."""

_ENGAGED = _Strictness(act=85, ask=65, before=0.3, after=0.5)
"""Somebody is in pain and answers: a moan before two words is let pass (2 / 2.3 = 87), before or behind one word
it is asked about (77, 67), a word with other talk on both sides is passed over (56)."""

_TIE = 5.0
"""Two meanings whose scores are nearer than this cannot be told apart: one letter of ten either way."""

_SAFE = "Stop"
"""Obeyed where others would be asked about: falling silent harms nobody, asking "Did you say stop?" annoys."""

_MOST = 20
"""Near misses looked at: more than one meaning ever has so close together."""


def load(folder: Path) -> "Nlu":
    """Read a language's folder, `intents/en`; VoiceCrampError if anything in it is wrong."""
    return Nlu(read(folder))


class Nlu:
    """Text to intent, in a state of the conversation: `idle`, `guiding`, `holding`, `asking` or `paused`."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._texts = {state: tuple(sorted(phrases)) for state, phrases in sentences.phrases.items()}

    def phrases(self, state: str) -> tuple[str, ...]:
        """Return every phrase understood in a state, sorted: what a recogniser should listen for."""
        return self._texts[state]

    def understand(self, text: str, state: str) -> Intent | Unsure | None:
        """Tell what a text means; None if nothing that this state knows. Never raises on any text."""
        heard = Utterance.of(text)
        if not heard.text:
            return None
        strict = _IDLE if state == "idle" else _ENGAGED
        words = len(heard.text.split())
        clear = words / (words + strict.before * heard.before + strict.after * heard.after)
        near = [
            replace(one, score=round(one.score * clear, 1)) for one in self._candidates(heard.text, state)
        ]
        if not near or near[0].score < strict.ask:
            return None
        tied = [one for one in near if near[0].score - one.score < _TIE]
        if safe := next((one for one in tied if one.name == _SAFE), None):
            return safe
        doubt = self._doubt(heard.text, tied, strict)
        return Unsure(tied[0], doubt) if doubt else tied[0]

    def is_complete(self, text: str, state: str) -> bool:
        """Tell whether a text is a whole phrase, and nothing said after it could make it mean something else.

        `stop` is complete, although `stop talking` is a phrase too; `help` is not, because of `help calf cramp`.
        """
        heard = Utterance.of(text)
        phrases = self._sentences.phrases[state]
        if heard.after or heard.text not in phrases:
            return False
        texts, longer = self._texts[state], heard.text + " "
        meaning = _meaning(phrases[heard.text])
        for following in texts[bisect.bisect_left(texts, longer) :]:
            if not following.startswith(longer):
                break
            if _meaning(phrases[following]) != meaning:
                return False
        return True

    def label(self, intent: Intent) -> str:
        """Return the short phrase for "Did you say ...?"; one of `labels()`."""
        labels = self._sentences.labels[intent.name]
        return next(label for label in labels if _slots(label) <= intent.slots.keys()).format(**intent.slots)

    def labels(self) -> tuple[str, ...]:
        """Return every label there can be, sorted, so that they can be spoken ahead."""
        found: set[str] = set()
        for labels in self._sentences.labels.values():
            for label in labels:
                ways = [label]
                for slot in sorted(_slots(label)):
                    ways = [
                        way.replace(f"{{{slot}}}", value)
                        for way in ways
                        for value in self._sentences.lists[slot]
                    ]
                found.update(ways)
        return tuple(sorted(found))

    def _candidates(self, text: str, state: str) -> list[Intent]:
        """Give what the text may mean, the likeliest first: one exact meaning, or near misses."""
        if GARBAGE not in text and (exact := self._exact(text, state)):
            return [exact]
        phrases = self._sentences.phrases[state]
        found = process.extract(
            text, self._texts[state], scorer=fuzz.ratio, limit=_MOST, score_cutoff=_ENGAGED.ask
        )
        return [replace(phrases[phrase], score=score) for phrase, score, _ in found]

    def _doubt(self, text: str, tied: Sequence[Intent], strict: _Strictness) -> str:
        """Say why the best of the candidates ought to be asked about; empty if it can be acted on."""
        best = tied[0]
        if other := next((one for one in tied if _meaning(one) != _meaning(best)), None):
            return f"as near to '{best.text}' as to '{other.text}'"
        if best.score < strict.act:
            return f"only {best.score:.0f} of 100 like '{best.text}'"
        if turned := self._sentences.deciding & (set(text.split()) ^ set(best.text.split())):
            return f"like '{best.text}' but for '{min(turned)}', which decides"
        return ""

    def _exact(self, text: str, state: str) -> Intent | None:
        result = recognize(text, self._sentences.hassil, intent_context={"state": state})
        if result is None:
            return None
        slots = {entity.name: entity.value for entity in result.entities_list}
        return Intent(name=result.intent.name, slots=slots, text=text)


def _meaning(intent: Intent) -> tuple[str, Mapping[str, object]]:
    return intent.name, intent.slots


def _slots(label: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", label))
