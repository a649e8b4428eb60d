"""What was noted, as a person asks for it."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile
from command_line import Run, told
from voices import concatenate, pause, quiet_room, speak

from voicecramp import diary
from voicecramp.dialogue.records import Answered, EpisodeBegan, EpisodeEnded, Held, Noted, Preferred
from voicecramp.diary import Diary
from voicecramp.frames import RATE

NOTHING = "No cramps are noted yet."


def live(path: Path, began: datetime) -> None:
    with Diary.open(path, began) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        book.record(Held("calf/hold", 30), 40)
        book.record(Held("calf/hold", 60), 130)
        book.record(EpisodeEnded("gone"), 150)
        book.record(Answered("swollen", "no"), 200)
        book.record(Noted("after [bold]running[/]"), 300)
        book.record(Preferred("gain", -12.0), 400)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The person's own diary, as the command line finds it: two nights of November."""
    path = tmp_path / "data" / "voicecramp" / "diary.db"
    for day in (1, 8):
        live(path, datetime(2026, 11, day, 3, 5, tzinfo=UTC))
    return path


def test_the_diary_on_the_screen(voicecramp: Run, own: Path) -> None:
    assert diary.read(own).cramps
    lines = [" ".join(line.split()) for line in voicecramp("diary").out.splitlines()]
    assert lines == [
        "when where how it ended lasted stretches held",
        "2026-11-01 03:05 left calf let go 2:30 2 90 s",
        "2026-11-08 03:05 left calf let go 2:30 2 90 s",
        "when answer",
        "2026-11-01 03:08 swollen: no",
        "2026-11-08 03:08 swollen: no",
        "when note",
        "2026-11-01 03:10 after [bold]running[/]",
        "2026-11-08 03:10 after [bold]running[/]",
    ]


@pytest.mark.usefixtures("own")
def test_the_diary_for_a_spreadsheet(voicecramp: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(voicecramp("diary", "--csv").out)))
    assert len(rows) == 2
    assert rows[1] == {
        "began": "2026-11-08T03:05:00+00:00",
        "ended": "2026-11-08T03:07:30+00:00",
        "muscle": "calf",
        "side": "left",
        "how": "gone",
        "stretches": "2",
        "held_seconds": "90",
    }


@pytest.mark.usefixtures("own")
def test_the_diary_for_a_program(voicecramp: Run) -> None:
    found = json.loads(voicecramp("diary", "--json", "--since", "2026-11-02").out)
    assert found == {
        "cramps": [
            {
                "began": "2026-11-08T03:05:00+00:00",
                "ended": "2026-11-08T03:07:30+00:00",
                "muscle": "calf",
                "side": "left",
                "how": "gone",
                "holds": [{"step": "calf/hold", "seconds": 30}, {"step": "calf/hold", "seconds": 60}],
            }
        ],
        "answers": [{"when": "2026-11-08T03:08:20+00:00", "question": "swollen", "answer": "no"}],
        "notes": [{"when": "2026-11-08T03:10:00+00:00", "text": "after [bold]running[/]"}],
    }


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("since", "count"), [("2026-11-01", 2), ("2026-11-02", 1), ("2026-11-09", 0), ("today", 0)]
)
def test_since_a_day(voicecramp: Run, since: str, count: int) -> None:
    assert voicecramp("diary", "--since", since).out.count("left calf") == count


@pytest.mark.parametrize(
    ("since", "ago"),
    [("today", 0), ("yesterday", 1), ("0", 0), ("3", 3), ("3 days", 3), ("3 days ago", 3), ("3d", 3)],
)
def test_since_some_days_ago(voicecramp: Run, tmp_path: Path, since: str, ago: int) -> None:
    path = tmp_path / "other.db"
    noon = datetime.now().astimezone().replace(hour=12)
    for days in range(ago, ago + 3):
        live(path, noon - timedelta(days=days))
    shown = len(json.loads(voicecramp("diary", "--json", "--since", since, "--file", path).out)["cramps"])
    # What counts as today may change between two lines of this test.
    assert shown in ({0, 1} if datetime.now().astimezone().date() != noon.date() else {1})


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("text", ["2026-13-01", "last week", "01.11.2026", "-3", ""])
def test_what_is_not_a_day(voicecramp: Run, text: str) -> None:
    told(voicecramp("diary", f"--since={text}"), f'"{text}" is not a day', "2026-11-01")


def test_reading_makes_nothing(voicecramp: Run, tmp_path: Path) -> None:
    assert voicecramp("diary").out == f"{NOTHING}\n"
    assert voicecramp("diary", "forget", "--all").out == f"{NOTHING}\n"
    output = tmp_path / "report.html"
    told(voicecramp("diary", "report", "--output", output), NOTHING[:-1], "no page was written")
    assert list(tmp_path.iterdir()) == []


def test_another_diary_must_exist(voicecramp: Run, tmp_path: Path) -> None:
    for command in (["diary"], ["diary", "forget", "--all"], ["diary", "report", "--output", "x.html"]):
        told(voicecramp(*command, "--file", tmp_path / "none.db"), "There is no diary", "none.db")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_diary_and_stays_empty(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.touch()
    for command in (
        ["diary"],
        ["diary", "forget", "--all", "--yes"],
        ["diary", "report", "--output", "x.html"],
    ):
        told(voicecramp(*command, "--file", path), str(path), "empty")
    assert [(file.name, file.stat().st_size) for file in tmp_path.iterdir()] == [("x.csv", 0)]


def test_a_bad_diary_is_told(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    path.write_text("no diary " * 100)
    for command in (
        ["diary"],
        ["diary", "forget", "--all", "--yes"],
        ["diary", "report", "--output", "x.html"],
    ):
        told(voicecramp(*command, "--file", path), str(path), "damaged")
    assert path.read_text() == "no diary " * 100


@pytest.mark.usefixtures("own")
def test_the_page_for_the_doctor(voicecramp: Run, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    result = voicecramp("diary", "report", "--output", output, "--since", "2026-11-01")
    assert result.out == f"Written: {output}\n"
    page = output.read_text(encoding="utf-8")
    assert "2 cramps were noted from 1 November 2026" in page
    assert "Is one calf more swollen than the other?" in page, "the question as it is spoken"


@pytest.mark.usefixtures("own")
def test_the_page_goes_to_a_device_too(voicecramp: Run) -> None:
    assert voicecramp("diary", "report", "--output", "/dev/null").code == 0
    told(voicecramp("diary", "report", "--output", "/dev/full"), "/dev/full", "No space left")
    assert Path("/dev/null").is_char_device()
    assert Path("/dev/full").is_char_device()


@pytest.mark.usefixtures("own")
def test_a_page_that_cannot_be_written(voicecramp: Run, tmp_path: Path) -> None:
    told(voicecramp("diary", "report", "--output", tmp_path / "no/page.html"), "page.html", "No such file")


def test_forgetting_all(voicecramp: Run, own: Path) -> None:
    result = voicecramp("diary", "forget", "--all", "--yes")
    assert result.out == "Forgotten: 6 entries.\n"
    assert voicecramp("diary").out == f"{NOTHING}\n"
    assert b"running" not in own.read_bytes()
    with Diary.open(own, datetime(2026, 11, 9, tzinfo=UTC)) as book:
        assert book.preferences() == {"gain": -12.0}


def test_forgetting_what_was_before_a_day(voicecramp: Run, own: Path) -> None:
    assert voicecramp("diary", "forget", "--before", "2026-11-02", "--yes").out == "Forgotten: 3 entries.\n"
    assert [cramp.began.day for cramp in diary.read(own).cramps] == [8]


@pytest.mark.parametrize(("answer", "left"), [("n\n", 2), ("y\n", 0), ("", 2)])
def test_forgetting_asks_first(
    voicecramp: Run, own: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    result = voicecramp("diary", "forget", "--all")
    assert re.match(r"Delete everything that is noted, for good\? \[y/N\]", result.out)
    assert result.code == (1 if left else 0)
    assert len(diary.read(own).cramps) == left


@pytest.mark.parametrize("options", [[], ["--all", "--before", "2026-11-01"]])
def test_forgetting_wants_to_know_what(voicecramp: Run, own: Path, options: list[str]) -> None:
    told(voicecramp("diary", "forget", "--yes", *options), "--all", "--before")
    assert len(diary.read(own).cramps) == 2


def test_an_option_in_the_wrong_place_is_not_passed_over(voicecramp: Run, own: Path, tmp_path: Path) -> None:
    told(voicecramp("diary", "--file", tmp_path / "other.db", "forget", "--all", "--yes"), "after `forget`")
    assert len(diary.read(own).cramps) == 2


def nonsense(path: Path) -> None:
    path.write_text("no diary " * 100)


def newer(path: Path) -> None:
    live(path, datetime(2026, 11, 1, 3, 5, tzinfo=UTC))
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("make", "word"), [(nonsense, "damaged"), (newer, "update VoiceCramp"), (Path.mkdir, "folder")]
)
def test_a_bad_diary_keeps_nobody_from_being_helped(
    voicecramp: Run, tmp_path: Path, make: Callable[[Path], None], word: str
) -> None:
    path = tmp_path / "diary.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    result = voicecramp("ask", "help calf cramp", "", "it's gone", "--diary", path)
    assert result.code == 0
    assert word in result.out
    assert "Straighten your knee." in result.out
    assert "Good night." in result.out
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_what_a_bad_diary_may_hold_is_not_told_to_be_nothing(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    nonsense(path)
    for question in ("when was my last cramp", "how many cramps this week", "note left calf"):
        assert "I keep no diary." in voicecramp("ask", question, "--diary", path).out


def test_a_bad_diary_is_in_the_log(voicecramp: Run, tmp_path: Path) -> None:
    path, recording, events = tmp_path / "diary.db", tmp_path / "in.wav", tmp_path / "events.jsonl"
    nonsense(path)
    sound = quiet_room(concatenate(pause(1), speak("help calf cramp", "flite-slt"), pause(1)))
    soundfile.write(recording, sound, RATE)
    result = voicecramp(
        "run", "--input", recording, "--diary", path, "--events", events, "--max-seconds", "4"
    )
    assert result.code == 0, result.err
    log = [json.loads(line) for line in events.read_text().splitlines()]
    assert any(event["event"] == "error" and "damaged" in event["what"] for event in log)
    assert any(event["event"] == "say" for event in log)


def test_a_conversation_is_in_the_diary(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    said = ("help calf cramp", "", "it's gone", "should I see a doctor", "yes")
    assert voicecramp("ask", *said, "--diary", path).code == 0
    (cramp,) = diary.read(path).cramps
    assert (cramp.muscle, cramp.how) == ("calf", "gone")
    assert [hold.seconds for hold in cramp.holds] == [30]
    assert [(entry.question, entry.answer) for entry in diary.read(path).answers] == [("swollen", "yes")]


def test_listening_does_not_load_what_the_page_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, voicecramp.cli; print({'pygal', 'jinja2'} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"
