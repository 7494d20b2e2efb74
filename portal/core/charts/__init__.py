"""Charts as SVG made on the server: here the geometry, in templates/components/chart.html the picture.

Each function takes figures and gives what the component draws: paths and rectangles in a box of 600 × 200 units, ticks,
labels, what a pointer over a column shows, a sentence that sums it up, and a table with the same figures.
"""

from portal.core.charts.drawings import bars, donut, line, sparkline, stacked
from portal.core.charts.figures import Number, plain
from portal.core.charts.shapes import Chart, Donut, Spark

__all__ = ["Chart", "Donut", "Number", "Spark", "bars", "donut", "line", "plain", "sparkline", "stacked"]
