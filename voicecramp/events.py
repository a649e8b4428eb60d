"""The event log: everything worth knowing about a run, one JSON object a line. An interface, so kept stable."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

__all__ = [
    "Count",
    "Event",
    "Failure",
    "Heard",
    "Interrupted",
    "Partial",
    "Ready",
    "Rejected",
    "Said",
    "SpeechEnd",
    "SpeechStart",
    "StateChange",
    "Understood",
    "json_schema",
    "parse",
]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    t: float = Field(ge=0, description="Seconds of stream time (samples / 16,000) at which it was known.")

    def line(self) -> str:
        """Return the event as one line of JSON, without the line's end."""
        return self.model_dump_json(by_alias=True)


class Ready(_Event):
    """It listens from here on."""

    event: Literal["ready"] = "ready"
    recogniser: str = Field(description="The engine that listens: vosk or pocketsphinx.")
    why: str = Field(description="Why this engine was chosen.")


class SpeechStart(_Event):
    """Somebody began to speak."""

    event: Literal["speech_start"] = "speech_start"


class SpeechEnd(_Event):
    """They stopped, or it was cut off as too long."""

    event: Literal["speech_end"] = "speech_end"


class Partial(_Event):
    """What it sounds like so far."""

    event: Literal["partial"] = "partial"
    text: str


class Heard(_Event):
    """A whole utterance, as the recogniser gave it and before it was understood."""

    event: Literal["heard"] = "heard"
    text: str
    confidence: float = Field(ge=0, le=1)
    start: float = Field(ge=0, description="Stream seconds of the first word's beginning.")
    end: float = Field(ge=0, description="Stream seconds of the last word's end.")
    recogniser: str


class Understood(_Event):
    """An utterance that counts: the dialogue acts on it."""

    event: Literal["intent"] = "intent"
    name: str
    slots: dict[str, str | int | float]
    score: float = Field(ge=0, le=100, description="100: word for word a sentence of the templates.")
    text: str
    state: str = Field(description="The state of the conversation it was understood in.")


class Rejected(_Event):
    """An utterance that does not count, and why."""

    event: Literal["rejected"] = "rejected"
    text: str
    reason: str


class StateChange(_Event):
    """The conversation moved on."""

    event: Literal["state"] = "state"
    from_: str = Field(alias="from")
    to: str


class Said(_Event):
    """A line began to sound."""

    event: Literal["say"] = "say"
    id: str
    text: str
    start: float = Field(ge=0, description="Stream seconds at which its first audible sample leaves.")
    end: float = Field(
        ge=0, description="The same for its last audible sample, unless `interrupted` follows."
    )
    source: list[str] = Field(
        description="Statement ids it rests on, or one `beyond: reason`; empty: no claim."
    )


class Count(_Event):
    """A number of a hold began to sound."""

    event: Literal["count"] = "count"
    value: int = Field(description="Seconds left.")
    start: float = Field(ge=0, description="Stream seconds at which its first audible sample leaves.")
    ideal: float = Field(ge=0, description="Stream seconds at which the clock says it should.")


class Interrupted(_Event):
    """A line or number was cut short; it is silent from `at`."""

    event: Literal["interrupted"] = "interrupted"
    id: str
    at: float = Field(ge=0)


class Failure(_Event):
    """Something went wrong that a person may want to know of."""

    event: Literal["error"] = "error"
    what: str


Event = Annotated[
    Ready
    | SpeechStart
    | SpeechEnd
    | Partial
    | Heard
    | Understood
    | Rejected
    | StateChange
    | Said
    | Count
    | Interrupted
    | Failure,
    Field(discriminator="event"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def parse(line: str) -> Event:
    """Read one line of an event log; pydantic.ValidationError if it is not an event."""
    return _ADAPTER.validate_json(line)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line."""
    return json.loads(json.dumps(_ADAPTER.json_schema(by_alias=True)))  # type: ignore[no-any-return]
