"""The doctor's page, as text, as a browser shows it, and as it is printed."""

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image
from voices import give_up

from voicecramp.diary import Answer, Cramp, Held, History, Note
from voicecramp.diary.report import render, save
from voicecramp.errors import VoiceCrampError

TODAY = date(2026, 11, 21)
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
ASKED = {"swollen": "Is one calf more swollen than the other?"}

WEEKS = {0: 3, 1: 1, 2: 2}
"""Cramps in each week since MONDAY."""
HOURS = {2: 4, 3: 1, 23: 1}
"""Cramps in each hour: the same ones."""

BLUE = (0x1F, 0x5F, 0x8B)
"""The colour of the bars."""


def cramp(began: datetime, **different: object) -> Cramp:
    usual = Cramp(
        began=began,
        ended=began + timedelta(seconds=245),
        muscle="calf",
        side="left",
        how="gone",
        holds=(Held("calf/hold", 30), Held("calf/hold", 42)),
    )
    return replace(usual, **different)  # type: ignore[arg-type]


def few() -> History:
    hours = [hour for hour, count in HOURS.items() for _ in range(count)]
    days = [timedelta(weeks=week, days=day) for week, count in WEEKS.items() for day in range(count)]
    cramps = [
        cramp(MONDAY + day + timedelta(hours=hour, minutes=17)) for day, hour in zip(days, hours, strict=True)
    ]
    return History(
        tuple(cramps),
        (Answer(MONDAY, "swollen", "yes"), Answer(MONDAY, "cold feet", "unsure")),
        (Note(MONDAY, "after running <script>alert(1)</script> & swimming"),),
    )


def many() -> History:
    return History(tuple(cramp(MONDAY + timedelta(hours=5 * number)) for number in range(90)))


PAGES: dict[str, Callable[[], History]] = {
    "nothing": History,
    "few": few,
    "many": many,
    "answers alone": lambda: History(answers=few().answers),
    "notes alone": lambda: History(notes=few().notes),
    "ten years": lambda: History((cramp(MONDAY.replace(year=2016)), cramp(MONDAY))),
    "the clock was wrong": lambda: History(
        (cramp(MONDAY.replace(year=1970)), cramp(MONDAY.replace(year=2031)))
    ),
    "odd": lambda: History((cramp(MONDAY, ended=None, how=None, side="both", muscle="thigh", holds=()),)),
}


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES.keys())
def test_any_page_needs_nothing_from_elsewhere(make: Callable[[], History]) -> None:
    page = render(make(), ASKED, TODAY)
    assert set(re.findall(r"\w+://[^\"'<>\s]*", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"<(script|link|img|iframe|object|embed)|src=|href=|url\(|@import|<!--", page)
    assert "default-src 'none'" in page
    assert "This is not medical advice" in page


def test_a_page_tells_everything() -> None:
    page = render(few(), ASKED, TODAY)
    assert "6 cramps were noted from 2 November 2026 to 21 November 2026," in page
    assert "5 of them between midnight and 6 o&#39;clock" in page
    assert "at most 3 within seven days" in page
    assert "the left calf (6 of 6)" in page
    assert page.count("<td>let go</td>") == 6
    assert page.count('<td class="number">4:05</td>') == 6
    assert page.count('<td class="number">72</td>') == 6
    assert '<td>Is one calf more swollen than the other?</td><td class="yes">yes</td>' in page
    assert "<td>cold feet</td><td>unsure</td>" in page
    assert "after running &lt;script&gt;alert(1)&lt;/script&gt; &amp; swimming" in page


def test_the_days_it_tells_of() -> None:
    assert "from 1 October 2026 to 21 November" in render(few(), ASKED, TODAY, date(2026, 10, 1))
    assert "No cramps were noted on 21 November 2026." in render(History(), ASKED, TODAY)


def test_what_draws_the_plots_leaves_other_imports_alone() -> None:
    assert not [finder for finder in sys.meta_path if type(finder).__module__.startswith("pygal")]


def test_one_page_is_written_whole_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("an older one")
    save("<p>für den Arzt", path)
    assert path.read_text(encoding="utf-8") == "<p>für den Arzt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path / "no/report.html", tmp_path, Path("/dev/full")):
        with pytest.raises(VoiceCrampError, match=rf"Cannot write the report {path}: .*\."):
            save("page", path)
    assert Path("/dev/full").is_char_device()
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_stays_when_the_name_cannot_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "report.html"
    path.write_text("an older one")
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(VoiceCrampError, match="Permission denied"):
        save("page", path)
    assert path.read_text() == "an older one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def browser(tmp_path: Path) -> Callable[..., str]:
    """Shows a page: takes the page and what Chromium is to make of it, returns what it prints."""
    program = shutil.which("chromium")
    if program is None:
        give_up("chromium is not installed; ./scripts/test installs it")
    quiet = "--disable-background-networking --disable-component-update --disable-sync --no-first-run"

    def show(page: str, *wishes: str) -> str:
        path = tmp_path / "page.html"
        save(page, path)
        done = subprocess.run(
            [
                *(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
                *quiet.split(),
                "--host-resolver-rules=MAP * ~NOTFOUND",
                *(f"--user-data-dir={tmp_path / 'profile'}", *wishes, path.as_uri()),
            ],
            capture_output=True,
            text=True,
            timeout=240,
            check=True,
        )
        return done.stdout

    return show


def test_it_is_printed_on_a4(browser: Callable[..., str], tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    history = History(many().cramps, few().answers, few().notes)
    browser(render(history, ASKED, TODAY), "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    pages = pypdf.PdfReader(printed).pages
    assert 2 <= len(pages) <= 5
    for page in pages:
        assert (page.mediabox.width / 72 * 25.4, page.mediabox.height / 72 * 25.4) == pytest.approx(
            (210, 297), abs=1
        )
    texts = [" ".join(page.extract_text().split()) for page in pages]
    for entry in history.cramps:
        assert sum(f"{entry.began:%Y-%m-%d %H:%M} left calf let go 4:05 2 72" in text for text in texts) == 1
    assert "Is one calf more swollen than the other? yes" in " ".join(texts)
    assert "after running <script>alert(1)</script> & swimming" in " ".join(texts)
    lists = [text for text in texts if "left calf let go" in text]
    assert len(lists) > 1
    assert all("How it ended" in text for text in lists), "a page of the list has no heading"


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """The stretches of True, each as its first index and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def test_its_plots_show_the_counts(browser: Callable[..., str], tmp_path: Path) -> None:
    shot = tmp_path / "page.png"
    browser(render(few(), ASKED, TODAY), "--window-size=900,1400", f"--screenshot={shot}")
    with Image.open(shot) as image:
        pixels = np.asarray(image.convert("RGB"))
    bars = (pixels == BLUE).all(axis=2)
    long = [run for run in runs(bars.any(axis=1)) if run[1] - run[0] > 60]
    inside = bars.shape[1] // 6  # to the left of it stands the rule beside the summary
    plots = [bars[top:bottom, inside:] for top, bottom in long]
    plots = [plot for plot in plots if plot.any()]
    assert len(plots) == 2
    for plot, counts in zip(plots, (WEEKS, {hour: HOURS[hour] for hour in (23, 2, 3)}), strict=True):
        heights = [int(plot[:, start:end].any(axis=1).sum()) for start, end in runs(plot.any(axis=0))]
        each = max(heights) / max(counts.values())
        assert [height / each for height in heights] == pytest.approx(list(counts.values()), abs=0.1)
