"""What the diary holds, for the eye."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from voicecramp.diary.moment import days_from, local
from voicecramp.diary.store import connect_to_read, telling

__all__ = ["Answer", "Cramp", "Held", "History", "Note", "read"]


@dataclass(frozen=True)
class Held:
    """A stretch that was held."""

    step: str
    """`flow/step` of the guidance."""
    seconds: int


@dataclass(frozen=True)
class Cramp:
    """One cramp. Moments have the time zone the person was in."""

    began: datetime
    ended: datetime | None
    """None while it goes on, or where nobody knows."""
    muscle: str
    side: str
    """`left`, `right`, `both`; empty where it was not said."""
    how: str | None
    """`gone`, `stopped`, `unresolved`; None while it goes on."""
    holds: tuple[Held, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to a question."""

    when: datetime
    question: str
    answer: str


@dataclass(frozen=True)
class Note:
    """What the person wanted written down."""

    when: datetime
    text: str


@dataclass(frozen=True)
class History:
    """All of it, each part in the order of time."""

    cramps: tuple[Cramp, ...] = ()
    answers: tuple[Answer, ...] = ()
    notes: tuple[Note, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cramps or self.answers or self.notes)


def read(path: Path, since: date | None = None) -> History:
    """Read the diary, from the beginning or from the day `since` on; empty where there is no file, and none is made.

    Raises:
        VoiceCrampError: It cannot be read.
    """
    db = connect_to_read(path)
    if db is None:
        return History()
    start = [days_from(since) if since else 0]
    try:
        with telling(path):
            db.execute("BEGIN")  # one state of it all, whoever writes meanwhile
            holds: dict[int, list[Held]] = {}
            for episode, step, seconds in db.execute(
                "SELECT episode, step, seconds FROM holds WHERE episode IS NOT NULL ORDER BY at, rowid"
            ):
                holds.setdefault(episode, []).append(Held(step, seconds))
            return History(
                tuple(
                    Cramp(
                        began=local(began, offset),
                        ended=None if ended is None else local(ended, offset),
                        muscle=muscle,
                        side=side,
                        how=how,
                        holds=tuple(holds.get(key, ())),
                    )
                    for key, began, offset, ended, muscle, side, how in db.execute(
                        "SELECT id, began, offset, ended, muscle, side, how FROM episodes "
                        "WHERE began + offset >= ? ORDER BY began, id",
                        start,
                    )
                ),
                tuple(
                    Answer(local(at, offset), question, answer)
                    for at, offset, question, answer in db.execute(
                        "SELECT at, offset, question, answer FROM answers WHERE at + offset >= ? ORDER BY at, rowid",
                        start,
                    )
                ),
                tuple(
                    Note(local(at, offset), text)
                    for at, offset, text in db.execute(
                        "SELECT at, offset, text FROM notes WHERE at + offset >= ? ORDER BY at, rowid", start
                    )
                ),
            )
    finally:
        db.close()
