"""A bad diary is told in one sentence, and left as it is."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rights import OBEYS

from voicecramp.dialogue.records import EpisodeBegan, EpisodeEnded, Held, Noted
from voicecramp.diary import Diary, examine, forget, read, schema
from voicecramp.diary.store import telling
from voicecramp.errors import VoiceCrampError

BEGAN = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)

USES: dict[str, Callable[[Path], object]] = {
    "open": lambda path: Diary.open(path, BEGAN),
    "read": read,
    "examine": examine,
    "forget": lambda path: forget(path, date(2020, 1, 1)),
}


def noted(path: Path, *texts: str) -> None:
    with Diary.open(path, BEGAN) as book:
        for t, text in enumerate(texts):
            book.record(Noted(text), t)


@contextmanager
def told(*words: str) -> Iterator[None]:
    with pytest.raises(VoiceCrampError) as raised:
        yield
    message = str(raised.value)
    assert message.endswith(".")
    assert "\n" not in message
    for word in words:
        assert word in message


def nonsense(path: Path) -> None:
    path.write_text("I am no database, but long enough for one. " * 100)


def damaged_in_the_middle(path: Path) -> None:
    noted(path, *("x" * 500 for _ in range(50)))
    content = bytearray(path.read_bytes())
    content[4096 * 8 :] = os.urandom(len(content) - 4096 * 8)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    noted(path, *("x" * 500 for _ in range(50)))
    path.write_bytes(path.read_bytes()[: 4096 * 5])


def newer(path: Path) -> None:
    noted(path, "first")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "nonsense": (nonsense, "damaged"),
    "damaged in the middle": (damaged_in_the_middle, "damaged"),
    "cut short": (cut_short, "damaged"),
    "newer": (newer, "update VoiceCramp"),
    "another program's": (another_programs, "another program"),
    "a folder": (Path.mkdir, "folder"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize(("make", "word"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_told_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], word: str, use: Callable[[Path], object]
) -> None:
    path = tmp_path / "diary.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with told(str(path), word):
        use(path)
    assert [entry.name for entry in tmp_path.iterdir() if not entry.name.endswith(("-wal", "-shm"))] == [
        "diary.db"
    ]
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with told("data/diary.db"):
        Diary.open(tmp_path / "data/diary.db", BEGAN)
    with told("data"):
        examine(tmp_path / "data/diary.db")


def test_nothing_can_be_made_where_the_system_forbids_it() -> None:
    path = Path("/proc/self/fdinfo/diary.db")  # read-only even for root
    with told(str(path)):
        Diary.open(path, BEGAN)


@contextmanager
def another_writes(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield


def test_one_that_is_locked(path: Path) -> None:
    noted(path, "before")
    with another_writes(path):
        for use in ("open", "examine", "forget"):
            with told(str(path), "in use by another program"):
                USES[use](path)
        assert [note.text for note in read(path).notes] == ["before"]


def test_what_cannot_be_written_for_a_lock_can_be_afterwards(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        with another_writes(path), told("in use by another program"):
            book.record(EpisodeBegan("calf", "left"), 0)
        book.record(Noted("after"), 1)
        assert book.cramps(2) == 0
    assert [note.text for note in read(path).notes] == ["after"]


def test_a_cramp_whose_end_cannot_be_written_is_over_all_the_same(path: Path) -> None:
    clock = BEGAN
    with Diary.open(path, BEGAN, now=lambda: clock) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        with another_writes(path), told("in use by another program"):
            book.record(EpisodeEnded("gone"), 60)
        book.record(Held("bedtime/hold", 30), 500)
        clock = BEGAN + timedelta(days=3)  # while the stream stood still
        book.record(EpisodeBegan("foot", "right"), 600)
        book.record(EpisodeEnded("stopped"), 660)
    first, second = read(path).cramps
    assert (first.began, first.how, first.ended, first.holds) == (BEGAN, "unresolved", None, ())
    assert (second.began, second.how) == (clock, "stopped")


def test_a_cramp_whose_end_cannot_be_written_is_unresolved_after_the_night(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        with another_writes(path), told("in use by another program"):
            book.record(EpisodeEnded("gone"), 60)
    (noted,) = read(path).cramps
    assert (noted.how, noted.ended) == ("unresolved", None)


def test_another_program_is_waited_for_once(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:

        def patience() -> int:
            """Milliseconds that SQLite will wait."""
            (wait,) = book._db.execute("PRAGMA busy_timeout").fetchone()
            return int(wait)

        assert patience() == 1000
        for t in range(3):
            with another_writes(path), told("in use by another program"):
                book.record(Noted("lost"), t)
            assert patience() == 0
        book.record(Noted("after"), 30)
        assert patience() == 1000


def test_a_full_disk(path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as db, told(str(path), "disk is full"), telling(path):
        db.execute("PRAGMA max_page_count = 1")
        db.execute("CREATE TABLE much (text)")


LIMIT = 100_000
"""Bytes a file may have; the diary's are some tens of thousands."""

FILLS_UP = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from voicecramp.dialogue.records import Noted
from voicecramp.diary import Diary
from voicecramp.errors import VoiceCrampError

_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), most))
with Diary.open(Path(sys.argv[1]), datetime(2026, 11, 20, tzinfo=UTC)) as book:
    try:
        for number in range(1000):
            book.record(Noted(str(number) + " " + "x" * 1000), number)
    except VoiceCrampError as error:
        print(number, error)
    assert book.facts(2000) == {}
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    book.record(Noted("room again"), 2000)
"""


def test_a_disk_that_takes_no_more_keeps_what_it_has(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLS_UP, path, str(LIMIT)], capture_output=True, text=True, check=True
    )
    number, error = done.stdout.split(maxsplit=1)
    assert int(number) > 5
    assert str(path) in error
    texts = [note.text.split()[0] for note in read(path).notes]
    assert texts == [*map(str, range(int(number))), "room"]


READS_ONLY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from voicecramp.diary import Diary, examine, read
from voicecramp.errors import VoiceCrampError

path = Path(sys.argv[1])
print([note.text for note in read(path).notes])
for use in (examine, lambda path: Diary.open(path, datetime(2026, 11, 20, tzinfo=UTC))):
    try:
        use(path)
    except VoiceCrampError as error:
        print(error)
"""


@pytest.mark.parametrize("log", [False, True], ids=["closed", "power cut"])
def test_a_read_only_disk_can_still_be_read(path: Path, log: bool) -> None:
    noted(path, "before")
    if log:  # what is in the log alone, as after a power cut
        with Diary.open(path, BEGAN) as book:
            book.record(Noted("in the log"), 5)
            files = {file: file.read_bytes() for file in path.parent.iterdir()}
        for file, content in files.items():
            file.write_bytes(content)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    for file in before:
        file.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        done = subprocess.run(
            [*OBEYS, sys.executable, "-c", READS_ONLY, path], capture_output=True, text=True, check=True
        )
    finally:
        path.parent.chmod(0o700)
    texts, *errors = done.stdout.splitlines()
    assert texts == str(["before", "in the log"] if log else ["before"])
    assert len(errors) == 2
    assert all(str(path) in error for error in errors)
    after = {file: file.read_bytes() for file in path.parent.iterdir()}
    assert after[path] == before[path]


def test_a_device_is_no_diary_and_keeps_its_rights() -> None:
    rights = Path("/dev/null").stat().st_mode
    with told("/dev/null", "device"):
        Diary.open(Path("/dev/null"), BEGAN)
    assert Path("/dev/null").stat().st_mode == rights


def test_an_empty_file_becomes_a_diary_when_something_is_noted_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    path.touch()
    assert not read(path)
    assert forget(path) == 0
    assert examine(path) is False
    assert [(file.name, file.stat().st_size) for file in tmp_path.iterdir()] == [("diary.db", 0)]
    noted(path, "first")
    assert [note.text for note in read(path).notes] == ["first"]


def test_examining_changes_nothing(path: Path) -> None:
    assert examine(path) is False
    assert not path.parent.exists()
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        assert examine(path) is True
        assert read(path).cramps[0].how is None


def test_an_older_diary_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(path, "old")
    later = (*schema.MIGRATIONS, ("ALTER TABLE notes ADD COLUMN mood TEXT", "UPDATE notes SET mood = 'calm'"))
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    assert [note.text for note in read(path).notes] == ["old"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT text, mood FROM notes").fetchall() == [("old", "calm")]
        assert db.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_migration_that_fails_leaves_the_diary_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(path, "old")
    broken = (*schema.MIGRATIONS, ("DELETE FROM notes", "ALTER TABLE nonsense RENAME TO sense"))
    with monkeypatch.context() as patch, told(str(path)):
        patch.setattr(schema, "MIGRATIONS", broken)
        Diary.open(path, BEGAN)
    assert [note.text for note in read(path).notes] == ["old"]
