"""Static files as the hub publishes them: one stylesheet a page, hashed, compressed."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import rcssmin
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import\s+url\("([^"]+)"\)\s*(?:layer\(([\w.-]+)\))?\s*([^;]*);')
URL = re.compile(r"""url\((["']?)(?![a-z]+:|/|#)([^"')]+)\1\)""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CHARSET = re.compile(r'@charset\s+"[^"]*";\s*', re.IGNORECASE)
PSEUDO_ALONE = re.compile(r"(?<=[\s{};])(:{1,2}[a-z-]+)(?=[^;{}]*\{)")


class BundledManifestStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that makes each entry stylesheet and what it imports one small file.

    The imported files are not published: nothing asks for them.
    """

    entries = tuple(
        f"css/{name}.css"
        for name in ("main", "directory", "forms", "events", "reading", "frame", "admin")
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Any]]:
        if not dry_run:
            paths = self.bundled(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def bundled(self, paths: dict[str, Any]) -> dict[str, Any]:
        """``paths`` with each entry replaced by its bundle and without what went into one."""

        def read(name: str) -> str:
            if name not in paths:
                raise ImproperlyConfigured(
                    f"{name} is imported by a stylesheet but does not exist."
                )
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        paths = dict(paths)
        imported: set[str] = set()
        bundles = {}
        for entry in self.entries:
            if entry in paths:
                bundles[entry], parts = bundle(entry, read)
                imported.update(parts)
        for name in imported - set(self.entries):
            del paths[name]
            self.delete(name)
        for entry, css in bundles.items():
            self.delete(entry)
            self._save(entry, ContentFile(css.encode()))
            paths[entry] = (self, entry)
        return paths


def bundle(entry: str, read: Any) -> tuple[str, list[str]]:
    """The stylesheet ``entry`` as one minified text, and the names of the files it took in.

    Only ``@import url("…") layer(…) media;`` in the entry itself is understood; an import inside an
    imported file would silently lose its place in the order, so it raises ImproperlyConfigured.
    """
    parts: list[str] = []

    def inline(match: re.Match[str]) -> str:
        relative, layer, media = match.groups()
        name = posixpath.normpath(posixpath.join(posixpath.dirname(entry), relative))
        css = CHARSET.sub("", COMMENT.sub("", read(name)))
        if "@import" in css:
            raise ImproperlyConfigured(f"{name} has an @import; only {entry} may import.")
        parts.append(name)
        css = rebased(css, posixpath.dirname(name), posixpath.dirname(entry))
        if media.strip():
            css = f"@media {media.strip()} {{ {css} }}"
        if layer:
            css = f"@layer {layer} {{ {css} }}"
        return css

    css = COMMENT.sub("", read(entry))
    charset = CHARSET.match(css.lstrip())
    css = IMPORT.sub(inline, CHARSET.sub("", css))
    if "@import" in css:
        raise ImproperlyConfigured(f'{entry} has an @import that is not written url("…") layer(…).')
    return (charset.group().strip() if charset else "") + minified(css), parts


def rebased(css: str, source: str, target: str) -> str:
    """``css`` with its relative addresses, written for the folder ``source``, fit for ``target``."""

    def moved(match: re.Match[str]) -> str:
        quote, url = match.groups()
        return f"url({quote}{posixpath.relpath(posixpath.join(source, url), target or '.')}{quote})"

    return URL.sub(moved, css)


def minified(css: str) -> str:
    """``css`` without what browsers skip.

    rcssmin takes the space in ``li :first-child`` inside a block for one in a declaration and joins
    the two; with the universal selector written out the meaning and the weight stay the same.
    """
    return rcssmin.cssmin(PSEUDO_ALONE.sub(r"*\1", css))
