from datetime import date

import pytest

from geoapp import presets
from geoapp.config import Settings
from geoapp.errors import DataRefused
from geoapp.kinds import DateRange

COVERED = DateRange(date(2008, 8, 1), date(2026, 1, 31))


def _load(folder, text):
    (folder / presets.FILE).write_text(text, encoding="utf-8")
    return presets.load(folder)


def test_the_shipped_presets_begin_with_the_crisis():
    first, *_ = presets.load(Settings().data_dir)
    assert first.label == "The 2019 crisis"
    assert first.within(COVERED) == (date(2019, 8, 24), date(2019, 10, 31))


def test_last_days_count_back_from_the_last_day_covered(tmp_path):
    (year,) = _load(tmp_path, '[[preset]]\nlabel = "Year"\nlast_days = 365\n')
    assert year.within(COVERED) == (date(2025, 2, 1), date(2026, 1, 31))


def test_neither_days_nor_a_length_means_everything(tmp_path):
    (everything,) = _load(tmp_path, '[[preset]]\nlabel = "All"\n')
    assert everything.within(COVERED) == COVERED


def test_days_beyond_what_is_covered_are_cut(tmp_path):
    (wide,) = _load(tmp_path, '[[preset]]\nlabel = "Wide"\nfrom = 1990-01-01\nto = 2030-01-01\n')
    assert wide.within(COVERED) == COVERED


def test_a_folder_without_the_file_has_no_presets(tmp_path):
    assert presets.load(tmp_path) == ()


def test_every_fault_is_told_with_its_number(tmp_path):
    text = '[[preset]]\nlabel = "A"\nfrom = 2020-01-02\nto = 2020-01-01\n[[preset]]\nlast_days = 3\n'
    with pytest.raises(DataRefused) as refused:
        _load(tmp_path, text)
    assert [problem.column for problem in refused.value.problems] == ["preset 1", "preset 2"]


@pytest.mark.parametrize(
    "text", ["[[preset", '[[preset]]\nlabel = "A"\nlast_days = 0\n', '[[preset]]\nlabel = "A"\nform = 1\n']
)
def test_what_cannot_be_read_is_refused(tmp_path, text):
    with pytest.raises(DataRefused):
        _load(tmp_path, text)


def test_what_is_covered_are_whole_months() -> None:
    days = [date(2019, 8, 24), date(2020, 2, 3), date(2019, 12, 31)]
    assert presets.covered(days) == (date(2019, 8, 1), date(2020, 2, 29))
    assert presets.covered([date(2019, 12, 5)]) == (date(2019, 12, 1), date(2019, 12, 31))


def test_the_last_month_of_the_calendar_has_an_end():
    found = presets.covered([date(9999, 12, 1), date(1, 1, 31)])
    assert found == (date.min, date.max)


def test_a_length_beyond_the_calendar_means_everything(tmp_path):
    (everything,) = _load(tmp_path, '[[preset]]\nlabel = "Ever"\nlast_days = 999999999999\n')
    assert everything.within(COVERED) == COVERED
