import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from hub.storage import BundledManifestStorage, bundle, minified


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The folder that a real collectstatic wrote, and its manifest."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "hub.storage.BundledManifestStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages, DEBUG=False):
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)  # a second run is no worse
    return folder, json.loads((folder / "staticfiles.json").read_text())["paths"]


def stylesheet(published, name="css/main.css"):
    folder, names = published
    return folder / names[name]


def test_collectstatic_makes_one_stylesheet(published):
    css = stylesheet(published).read_text()

    assert "@import" not in css
    assert css.startswith("@layer reset,tokens,base,layout,components,utilities;")


def test_collectstatic_keeps_modern_css(published):
    css = stylesheet(published).read_text()

    for kept in ("light-dark(#fbfaf6,#101615)", "@layer components{.cards{", "&:hover{", "clamp("):
        assert kept in css
    assert css.count("{") == css.count("}")


def test_collectstatic_publishes_the_fonts_that_the_stylesheet_names(published):
    css = stylesheet(published)
    fonts = re.findall(r'url\("([^"]+\.woff2)"\)', css.read_text())

    assert len(fonts) == 8
    assert [name for name in fonts if not (css.parent / name).is_file()] == []


@pytest.mark.parametrize("name", BundledManifestStorage.entries)
def test_collectstatic_compresses(published, name):
    css = stylesheet(published, name)
    plain = css.read_bytes()

    assert brotli.decompress(Path(f"{css}.br").read_bytes()) == plain
    assert gzip.decompress(Path(f"{css}.gz").read_bytes()) == plain


def test_collectstatic_does_not_publish_the_parts(published):
    folder, names = published

    assert [name for name in names if name.startswith("css/components/")] == []
    assert list((folder / "css").glob("components/*")) == []


def test_bundle_keeps_layers_media_and_addresses():
    files = {
        "css/main.css": '@layer a, b;\n@import url("x/one.css") layer(a);\n'
        '@import url("two.css") layer(b) print;\n@import url("three.css");',
        "css/x/one.css": '/* one */ .a { background: url("../../img/a.svg#top"); }',
        "css/two.css": ".b { color: red; }",
        "css/three.css": ".c { fill: url(#own); }",
    }

    css, parts = bundle("css/main.css", files.__getitem__)

    assert parts == ["css/x/one.css", "css/two.css", "css/three.css"]
    assert css == (
        '@layer a,b;@layer a{.a{background:url("../img/a.svg#top")}}'
        "@layer b{@media print{.b{color:red}}}.c{fill:url(#own)}"
    )


def test_bundle_refuses_an_import_inside_an_import():
    files = {"main.css": '@import url("one.css");', "one.css": '@import url("two.css");'}

    with pytest.raises(ImproperlyConfigured, match=r"one\.css has an @import"):
        bundle("main.css", files.__getitem__)


def test_bundle_refuses_an_import_it_does_not_understand():
    with pytest.raises(ImproperlyConfigured, match=r"main\.css has an @import"):
        bundle("main.css", {"main.css": "@import 'one.css';"}.__getitem__)


@pytest.mark.parametrize(
    ("css", "small"),
    [
        (".a { & :first-child { b: c } }", ".a{& *:first-child{b:c}}"),
        ("@layer x { ul :is(a, b) { c: d } }", "@layer x{ul *:is(a,b){c:d}}"),
        (".a { &:hover { b: c } & > p { d: e } }", ".a{&:hover{b:c}& >p{d:e}}"),
        (".a { b: calc(1px + -1 * var(--c)) }", ".a{b:calc(1px + -1 * var(--c))}"),
    ],
)
def test_minified_keeps_the_meaning_of_nested_rules(css, small):
    assert minified(css) == small
