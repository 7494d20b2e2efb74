"""Collecting static files puts the imports of a bundle in place."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from portal.core.staticfiles import BUNDLES, BundlingStaticFilesStorage

SOURCES = {
    "css/portal.css": '@import url("tokens.css");\n@import url("parts/font.css");\nbody { margin: 0; }\n',
    "css/tokens.css": ':root { --chevron: url("data:image/svg+xml,x"); }\n',
    "css/parts/font.css": '@font-face { src: url("../../fonts/a.woff2"); }\n',
    "fonts/a.woff2": "letters",
    "js/portal.js": 'import "./one.js";\nimport "./two.js";\n',
    "js/one.js": "const a = 1;\n",
    "js/two.js": "const a = 2;\n",
}


@pytest.fixture
def collected(tmp_path):
    """A storage into which the sources above have been collected."""
    source, target = tmp_path / "source", tmp_path / "target"
    storage = BundlingStaticFilesStorage(location=target, base_url="/static/")
    origin = FileSystemStorage(location=source)
    for name, text in SOURCES.items():
        for folder in (source, target):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    for _name, _path, processed in storage.post_process({name: (origin, name) for name in SOURCES}):
        assert not isinstance(processed, Exception), processed
    return storage


def text_of(storage, name):
    return storage.open(storage.stored_name(name)).read().decode()


def test_style_sheet_holds_all_its_parts(collected):
    text = text_of(collected, "css/portal.css")
    assert "@import" not in text
    assert text.index("--chevron") < text.index("@font-face") < text.index("body")


def test_addresses_in_parts_still_lead_to_the_hashed_file(collected):
    font = re.search(r'src: url\("(.+?)"\)', text_of(collected, "css/portal.css"))
    assert re.fullmatch(r"\.\./fonts/a\.[0-9a-f]{12}\.woff2", font[1])


def test_modules_keep_their_names_to_themselves(collected):
    assert text_of(collected, "js/portal.js") == "{\nconst a = 1;\n}\n{\nconst a = 2;\n}\n"


def test_bundle_is_named_by_its_contents_and_compressed(collected):
    name = collected.stored_name("css/portal.css")
    assert re.fullmatch(r"css/portal\.[0-9a-f]{12}\.css", name)
    assert collected.url("css/portal.css") == f"/static/{name}" == collected.url("css/portal.css")


def test_every_style_sheet_and_module_is_in_a_bundle():
    static = Path(settings.BASE_DIR) / "static"
    imported = set()
    for name in BUNDLES:
        folder = (static / name).parent
        found = re.findall(r'^@?import (?:url\()?"(.+?)"', (static / name).read_text(), re.MULTILINE)
        imported |= {(folder / path).resolve() for path in found}
    assert {path for path in imported if not path.exists()} == set()
    components = {path for folder in ("components", "layouts") for path in (static / "css" / folder).glob("*.css")}
    assert components - imported == set()


def test_before_anything_is_collected_a_file_keeps_its_name(tmp_path):
    storage = BundlingStaticFilesStorage(location=tmp_path, base_url="/static/")
    assert storage.url("icons/sprite.svg") == "/static/icons/sprite.svg"


def test_a_file_that_was_not_collected_is_an_error(collected):
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        collected.url("icons/none.svg")
