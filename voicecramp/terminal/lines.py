"""Events as lines of text."""

from rich.text import Text

from voicecramp.events import (
    Count,
    Event,
    Failure,
    Heard,
    Interrupted,
    Partial,
    Ready,
    Rejected,
    Said,
    Understood,
)

__all__ = ["LABEL", "described"]

LABEL = 21
"""Characters of a line before the words: the time and what happened."""


def described(event: Event) -> Text | None:
    """Return the line an event is shown as; None for events that show nothing by themselves."""
    parts = _parts(event)
    if parts is None:
        return None
    what, style, text, aside = parts
    t = event.start if isinstance(event, Said | Count) else event.t
    return Text.assemble((f"{t:7.2f}  ", "dim"), (f"{what:<12}", style), text, (aside, "dim"))


def _parts(event: Event) -> tuple[str, str, str, str] | None:  # noqa: PLR0911 - one for each kind of event
    """What happened, its style, the words, and what is said beside them."""
    match event:
        case Ready():
            return "listening", "bold green", event.why, ""
        case Partial():
            return "…", "dim", event.text, ""
        case Heard():
            return "heard", "cyan", event.text, f"  ({event.recogniser}, {event.confidence:.0%} sure)"
        case Understood():
            slots = "".join(f" {name}={value}" for name, value in event.slots.items())
            return "understood", "cyan", event.name + slots, f"  (score {event.score:.0f})"
        case Rejected():
            return "passed over", "yellow", event.text or "-", f"  ({event.reason})"
        case Said():
            return (
                "says",
                "bold magenta",
                event.text,
                f"  [{', '.join(event.source)}]" if event.source else "",
            )
        case Count():
            return "counts", "magenta", str(event.value), ""
        case Interrupted():
            return "falls silent", "yellow", "", ""
        case Failure():
            return "trouble", "bold red", event.what, ""
    return None
