"""Files, functions and templates stay small enough to be read at one sitting."""

from statistics import median

from tests.architecture import sources


def test_no_file_passes_400_lines() -> None:
    every = (*sources.code(), *sources.tests(), *sources.static("js"))
    assert {sources.name(path): size for path in every if (size := sources.lines(path)) > 400} == {}


def test_nine_of_ten_files_stay_under_250_lines() -> None:
    for paths in (sources.code(), sources.tests()):
        long = sorted(sources.name(path) for path in paths if sources.lines(path) >= 250)
        assert len(long) <= len(paths) / 10, long


def test_most_files_stay_under_120_lines() -> None:
    assert median(sources.lines(path) for path in sources.code()) < 120


def test_no_function_passes_60_lines() -> None:
    every = sources.functions((*sources.code(), *sources.tests()))
    assert [function for function in every if function.lines > 60] == []


def test_nine_of_ten_functions_stay_under_25_lines() -> None:
    every = list(sources.functions(sources.code()))
    long = [function for function in every if function.lines >= 25]
    assert len(long) <= len(every) / 10, long


def test_median_function_has_at_most_8_lines() -> None:
    assert median(function.lines for function in sources.functions(sources.code())) <= 8


def test_no_view_passes_15_lines() -> None:
    views = tuple(path for path in sources.code() if path.stem == "views" or path.parent.name == "views")
    assert [function for function in sources.functions(views) if function.lines > 15] == []


def test_no_get_context_passes_15_lines() -> None:
    every = sources.functions(sources.code())
    assert [function for function in every if function.place.endswith(" get_context") and function.lines > 15] == []


def test_no_template_passes_120_lines() -> None:
    assert {sources.name(path): size for path in sources.templates() if (size := sources.lines(path)) > 120} == {}


def test_no_style_sheet_passes_120_lines() -> None:
    assert {sources.name(path): size for path in sources.static("css") if (size := sources.lines(path)) > 120} == {}
