"""Charts by year: the drawing and the table say the same, and both say what there is."""

from collections import Counter

import pytest
from django.utils import translation

from hub.catalogue.charts import (
    ABOVE,
    MOST_COLUMNS,
    PIXELS_PER_WORK,
    TALLEST,
    Series,
    YearChart,
    by_year,
    streams_by_year,
)


def chart_of(*counts: dict[int, int], **options) -> YearChart:
    series = [Series(f"S{number}", "news", "wave", one) for number, one in enumerate(counts)]
    chart = by_year(series, **options)
    assert chart is not None
    return chart


def test_table_and_columns_hold_every_work_once():
    first, second = {2019: 3, 2021: 2}, {2021: 5}

    chart = chart_of(first, second)

    assert [(one.heading, one.cells, one.total) for one in chart.columns] == [
        ("2019", (3, 0), 3),
        ("2020", (0, 0), 0),
        ("2021", (2, 5), 7),
    ]
    drawn = [[(part.series.label, part.count) for part in one.segments] for one in chart.columns]
    assert drawn == [[("S0", 3)], [], [("S0", 2), ("S1", 5)]]
    assert chart.total == 10


@pytest.mark.parametrize("most", [7, 12, 997])
def test_columns_are_as_tall_as_their_totals(most):
    chart = chart_of({2020: most // 3, 2021: most - 1}, {2020: 2, 2021: 1})

    scale = min(PIXELS_PER_WORK, TALLEST / most)
    for column in chart.columns:
        heights = [part.height for part in column.segments]
        tops = [part.y for part in column.segments]
        assert sum(heights) == round(column.total * scale)
        assert column.top == tops[0] >= ABOVE - 1
        # Each layer stands on the next, the last one on the ground.
        assert [y + height for y, height in zip(tops, heights, strict=True)] == [
            *tops[1:],
            chart.ground,
        ]


def test_columns_share_the_width_evenly():
    chart = chart_of({2019: 3, 2020: 3, 2021: 3, 2022: 3})

    assert [column.middle for column in chart.columns] == ["12.50%", "37.50%", "62.50%", "87.50%"]
    assert {column.width for column in chart.columns} == {"17.50%"}
    assert chart.columns[0].x == "3.75%"


def test_shares_are_written_as_svg_reads_them_in_every_language():
    with translation.override("es"):
        assert chart_of({2019: 3, 2020: 3}).columns[0].x == "7.50%"


def test_the_earliest_years_share_a_column_where_they_are_many():
    chart = chart_of({1972: 1, 2005: 2, 2012: 1, 2026: 4}, url_of=lambda year: f"/?year={year}")

    first = chart.columns[0]
    assert len(chart.columns) == MOST_COLUMNS
    assert (first.label, first.heading, first.total) == ("–2012", "2012 and earlier", 4)
    assert (first.url, chart.columns[1].url) == ("", "/?year=2013")
    assert chart.total == 8


def test_a_narrow_screen_keeps_the_last_year_and_some_others():
    chart = chart_of(dict.fromkeys(range(2012, 2027), 1))

    kept = [column.label for column in chart.columns if not column.is_minor]

    assert kept == ["2014", "2017", "2020", "2023", "2026"]


def test_series_without_works_are_left_out():
    assert [one.label for one in chart_of({2020: 3}, {}, {2021: 3}).series] == ["S0", "S2"]


@pytest.mark.parametrize("counts", [{}, {2021: 50}, {2020: 2, 2021: 2}])
def test_too_little_is_not_drawn(counts):
    assert by_year([Series("S", "news", "wave", counts)]) is None


def test_streams_gather_their_kinds_and_count_the_undated():
    counts = Counter(
        {(2020, "report"): 2, (2020, "brief"): 1, (2021, "news"): 4, (None, "news"): 3}
    )

    chart = streams_by_year(counts)

    assert [(one.rock, one.total) for one in chart.series] == [("research", 3), ("news", 4)]
    assert len({one.vein for one in chart.series}) == 2
    assert (chart.total, chart.undated) == (7, 3)
    assert chart.most.heading == "2021"
