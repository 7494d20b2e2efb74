"""Charts: the geometry is exact, and every figure of the picture stands in the table."""

from decimal import Decimal

import pytest

from portal.core import charts
from portal.core.charts.scale import Scale


def test_line_runs_from_edge_to_edge_on_a_round_scale():
    chart = charts.line("Users", ["Mon", "Tue", "Wed"], {"Users": [0, 50, 100]})
    assert chart.series[0].line == "M0 200L300 100L600 0"
    assert chart.series[0].area == "M0 200L300 100L600 0L600 200L0 200Z"
    assert [(tick.y, tick.label) for tick in chart.ticks] == [
        (0.0, "100"),
        (50.0, "75"),
        (100.0, "50"),
        (150.0, "25"),
        (200.0, "0"),
    ]


def test_several_lines_have_no_area_and_colours_of_their_own():
    chart = charts.line("Users", ["Mon", "Tue"], {"ERP": [1, 2], "Payroll": [2, 4]})
    assert [(row.label, row.tone, row.area) for row in chart.series] == [("ERP", 1, ""), ("Payroll", 2, "")]


def test_period_before_is_drawn_and_tabled():
    chart = charts.line("Users", ["Mon", "Tue"], {"Users": [4, 8]}, before=[2, 4])
    assert chart.before.line == "M0 150L600 100"
    assert chart.table.head == ["", "Users", "Period before"]
    assert chart.table.rows == [["Mon", "4", "2"], ["Tue", "8", "4"]]


def test_bars_stand_side_by_side_within_their_band():
    chart = charts.bars("Users", ["Oct", "Nov"], {"ERP": [10, 20], "Payroll": [5, 0]})
    first, second = chart.series[0].bars[0], chart.series[1].bars[0]
    assert (first.x, first.y, first.height) == (45.0, 100.0, 100.0)
    assert (second.x, second.height) == (150.0, 50.0)
    assert chart.series[1].bars[1].height == 0.0


def test_stacked_bars_stand_upon_one_another():
    chart = charts.stacked("Users", ["Nov"], {"ERP": [60], "SACCO": [40]})
    lower, upper = chart.series[0].bars[0], chart.series[1].bars[0]
    assert (lower.y, lower.height) == (80.0, 120.0)
    assert (upper.y, upper.height) == (0.0, 80.0)


def test_figures_below_zero_hang_from_the_zero_line():
    chart = charts.bars("Change", ["Oct"], {"Change": [-20]})
    bar = chart.series[0].bars[0]
    assert (bar.y, bar.height) == (0.0, 200.0)
    assert [tick.label for tick in chart.ticks] == ["0", "-5", "-10", "-15", "-20"]


def test_shares_of_a_donut_add_up():
    chart = charts.donut("Users", {"ERP": 3, "Payroll": 1})
    assert [(part.length, part.rest, part.offset) for part in chart.slices] == [(75.0, 25.0, 0.0), (25.0, 75.0, -75.0)]
    assert (chart.total, chart.table.rows) == ("4", [["ERP", "3", "75 %"], ["Payroll", "1", "25 %"]])


def test_nothing_divides_by_zero():
    assert charts.donut("Users", {"ERP": 0}).slices[0].length == 0.0
    assert charts.line("Users", [], {"Users": []}).summary == "No figures."
    assert charts.line("Users", ["Mon"], {"Users": [0]}).series[0].line == "M0 200"
    assert charts.sparkline([3, 3, 3], label="flat").line == "M0 30L50 30L100 30"
    assert charts.sparkline([3], label="one") is None


def test_long_rows_show_few_labels_but_every_figure():
    days = [str(day) for day in range(1, 31)]
    line = charts.line("Users", days, {"Users": range(30)})
    bars = charts.bars("Users", days, {"Users": range(30)})
    assert line.labels == ["1", "7", "13", "18", "24", "30"]
    assert bars.labels == ["3", "8", "13", "18", "23", "28"]
    assert len(line.table.rows) == len(line.hits) == len(bars.hits) == 30


def test_column_under_the_pointer_names_its_figures():
    chart = charts.bars("Users", ["Oct"], {"ERP": [1200], "Payroll": [Decimal("3.50")]})
    assert chart.hits[0].text == "Oct: ERP 1,200, Payroll 3.5"


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([7], 0, 8, 2),
        ([56], 0, 60, 20),
        ([0.3], 0, 0.3, 0.1),
        ([1_000_000], 0, 1_000_000, 250_000),
        ([-3, 9], -5, 10, 5),
    ],
)
def test_scale_is_round_and_holds_every_figure(values, low, high, step):
    scale = Scale.over(values)
    assert (scale.low, scale.high, scale.step) == pytest.approx((low, high, step))
