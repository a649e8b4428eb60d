"""What was written stays, whoever pulls the plug and whoever else writes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from voicecramp.dialogue.records import EpisodeBegan, EpisodeEnded, Held, Noted
from voicecramp.diary import Diary, read

BEGAN = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)

WRITER = """
import itertools, sys
from datetime import UTC, datetime
from pathlib import Path
from voicecramp.dialogue.records import EpisodeBegan, Noted
from voicecramp.diary import Diary

book = Diary.open(Path(sys.argv[1]), datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
book.record(EpisodeBegan("calf", "left"), 0)
print("begun", flush=True)
for number in itertools.count():
    if sys.argv[2] == "asked":
        sys.stdin.readline()
    book.record(Noted(f"{number}"), number)
    print(number, flush=True)
"""


@contextmanager
def writer(path: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another program that notes one number after the other and tells which are written."""
    program = subprocess.Popen(
        [sys.executable, "-c", WRITER, path, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with program:
        assert program.stdout
        assert program.stdout.readline() == "begun\n"
        yield program
        program.kill()


def answer(program: subprocess.Popen[str]) -> None:
    assert program.stdin
    assert program.stdout
    program.stdin.write("\n")
    program.stdin.flush()
    assert program.stdout.readline()


def test_what_was_written_outlives_the_program(path: Path) -> None:
    with writer(path, "unasked") as program:
        assert program.stdout
        for _ in range(30):
            told = int(program.stdout.readline())
        program.kill()  # in the middle of writing: nobody waits for it
        told = int(([told, *program.stdout.readlines()])[-1])
    history = read(path)
    notes = [int(note.text) for note in history.notes]
    assert notes == list(range(len(notes)))
    assert len(notes) > told


def test_a_cramp_at_which_the_power_went_is_unresolved(path: Path) -> None:
    with writer(path, "asked") as program:
        program.kill()
    assert read(path).cramps[0].how is None
    with Diary.open(path, BEGAN):
        (cramp,) = read(path).cramps
    assert (cramp.how, cramp.ended) == ("unresolved", None)


def test_two_programs_write_at_once(path: Path) -> None:
    with writer(path, "asked") as program, Diary.open(path, BEGAN) as book:
        for number in range(20):
            answer(program)
            book.record(Noted(f"mine {number}"), number)
        assert len(read(path).notes) == 40


def test_a_cramp_that_another_took_for_left_open_is_put_right(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        with Diary.open(path, BEGAN) as other:
            other.record(EpisodeBegan("foot", "right"), 10)
            book.record(Held("calf/hold", 30), 50)
            book.record(EpisodeEnded("gone"), 60)
            other.record(EpisodeEnded("stopped"), 70)
    mine, theirs = read(path).cramps
    assert (mine.muscle, mine.how, len(mine.holds)) == ("calf", "gone", 1)
    assert (theirs.muscle, theirs.how, len(theirs.holds)) == ("foot", "stopped", 0)
