"""Collected static files: hashed names, compressed beside the originals, and bundles made of what is imported.

In the sources `css/portal.css` and `js/portal.js` are lists of imports, one file a component or behaviour. When static
files are collected the imports are put in place, so a page asks for one style sheet and one script. There is no other
build step.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.functional import cached_property
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("css/portal.css", "css/print.css", "css/admin.css", "js/portal.js")
CSS_IMPORT = re.compile(r"""^@import url\("(?P<path>[^":]+)"\);\n?""", re.MULTILINE)
JS_IMPORT = re.compile(r"""^import "\./(?P<path>[\w./-]+)";\n?""", re.MULTILINE)
JS_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
CSS_URL = re.compile(r"""url\("(?P<path>(?!data:|https?:|/|#)[^"]+)"\)""")


class BundlingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's manifest storage, with the bundles written before names are hashed."""

    @cached_property
    def _addresses(self) -> dict[str, str]:
        """Addresses given so far: the files do not change while a process lives."""
        return {}

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file, reckoned once; while debugging each time anew."""
        if settings.DEBUG or force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]

    def stored_name(self, name: str) -> str:
        """The hashed name of a file; its own where nothing has been collected yet.

        Commands render help pages too, also before the first `collectstatic`, and keep no address of a static file.
        """
        return str(super().stored_name(name)) if self.hashed_files else name

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the bundles, then hash and compress as usual."""
        if not dry_run:
            for name in BUNDLES:
                if name in paths:
                    storage, path = paths[name]
                    paths[name] = (self, self.rewrite(name, self.bundle(storage, path)))
        yield from super().post_process(paths, dry_run, **options)

    def rewrite(self, name: str, text: str) -> str:
        """Put text in the place of a collected file."""
        self.delete(name)
        return str(self._save(name, ContentFile(text.encode())))

    def bundle(self, storage: Any, name: str) -> str:
        """A file of imports with each import replaced by the text of its file."""
        with storage.open(name) as file:
            source = file.read().decode()
        if name.endswith(".js"):
            source = without_comments(source)
        pattern = CSS_IMPORT if name.endswith(".css") else JS_IMPORT
        return pattern.sub(lambda match: self.part(storage, name, match["path"]), source)

    def part(self, storage: Any, bundle: str, path: str) -> str:
        """The text of one imported file: a module in a block of its own, CSS with addresses from the bundle."""
        with storage.open(posixpath.join(posixpath.dirname(bundle), path)) as file:
            text: str = file.read().decode()
        if bundle.endswith(".js"):
            return f"{{\n{without_comments(text)}}}\n"
        return CSS_URL.sub(lambda match: f'url("{moved(match["path"], posixpath.dirname(path))}")', text)


def without_comments(script: str) -> str:
    """A script without the lines that are for whoever reads its source."""
    return JS_COMMENT.sub("", script)


def moved(address: str, folder: str) -> str:
    """An address relative to a folder of the bundle, made relative to the bundle itself."""
    return posixpath.normpath(posixpath.join(folder, address))
