"""Confidences against what was right: bins, the calibration error, the plot."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from training.reliability import calibration, interval, into_bins, merge, plot


def test_answers_are_sorted_by_confidence() -> None:
    bins = into_bins([(1.0, True), (1.0, True), (0.6, False), (0.52, True), (0.7, True)])
    assert bins == ((0.5, 0.7, 0.56, 2, 1), (0.7, 0.8, 0.7, 1, 1), (1.0, 1.0, 1.0, 2, 2))


def test_tests_are_put_together_as_if_they_had_been_one() -> None:
    one, other = [(0.6, True), (0.62, False), (1.0, True)], [(0.5, False), (0.3, False), (1.0, False)]
    merged, whole = merge(into_bins(one), into_bins(other)), into_bins([*one, *other])
    assert [row[:2] + row[3:] for row in merged] == [row[:2] + row[3:] for row in whole]
    assert [row[2] for row in merged] == pytest.approx([row[2] for row in whole])


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([], 0.0),
        ([(1.0, True), (0.0, False)], 0.0),
        ([(1.0, False), (1.0, True)], 0.5),
        ([(0.6, True), (0.6, False), (0.98, True), (0.98, True)], 0.06),
    ],
)
def test_calibration_error_is_the_mean_distance(answers: list[tuple[float, bool]], error: float) -> None:
    assert calibration(into_bins(answers)) == pytest.approx(error)


def test_interval_holds_the_share_and_narrows() -> None:
    few, many = interval(9, 10), interval(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1]
    assert interval(0, 5)[0] == pytest.approx(0)
    assert interval(5, 5)[1] == pytest.approx(1)


def test_plot_shows_every_bin_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "reliability.svg"
    plot(path, {"commands": [(0.5, 0.7, 0.6, 5, 2), (1.0, 1.0, 1.0, 100, 100)], "telephone": []})
    discs = [e for e in ET.fromstring(path.read_text(encoding="utf-8")).iter() if e.tag.endswith("circle")]  # noqa: S314
    assert len(discs) == 2 + 2  # and one a test in the legend
    sizes = sorted(float(disc.get("r", "0")) for disc in discs)
    low = next(disc for disc in discs if float(disc.get("cx", "0")) < 300)
    high = next(disc for disc in discs if float(disc.get("r", "0")) == sizes[-1])
    assert float(low.get("cy", "0")) > float(high.get("cy", "0"))  # right less often is lower down
