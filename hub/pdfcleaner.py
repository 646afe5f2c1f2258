"""What takes out of a PDF all that could run or hides in it, in a process of its own. ``hub.pdfsafety``
starts it as a script; of the hub it imports nothing but ``confined``.

The file is its standard input. It answers a line of JSON, ``{"taken_out": […], "bytes": …}``, and
behind it so many bytes of the document written anew; none where the file may stay as it is. Or
``{"fault": …}``.

The whole document is looked at, object by object, those in compressed streams too, whether a page
leads to them or not. What is written anew holds nothing but these objects: what stood before, behind
or between them, or was said by an earlier state of the file, is gone.
"""

import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf

sys.path.append(str(Path(__file__).parent))
from confined import confine, say

# Keys that only hold what runs, what is fetched, or files in the file.
DROPPED = {
    **dict.fromkeys(("/AA", "/JS", "/JavaScript"), "scripts"),
    **dict.fromkeys(("/XFA", "/NeedsRendering"), "forms"),
    **dict.fromkeys(("/EF", "/EmbeddedFiles", "/AF", "/Collection"), "attachments"),
    **dict.fromkeys(("/RichMediaContent", "/RichMediaSettings", "/3DD", "/3DA"), "media"),
    "/OPI": "links",
}
# Where actions stand, and those that only lead about in the document or to a page of the web.
ACTIONS = ("/A", "/PA", "/OpenAction", "/Next")
HARMLESS = {"/GoTo", "/URI", "/Named", "/SetOCGState", "/ResetForm", "/Trans"}
HARMFUL = {
    **dict.fromkeys(("/JavaScript", "/Hide"), "scripts"),
    "/Launch": "programs",
    **dict.fromkeys(("/SubmitForm", "/ImportData"), "forms"),
    **dict.fromkeys(("/GoToR", "/GoToE", "/Thread", "/GoToDp"), "links"),
    **dict.fromkeys(("/Rendition", "/Movie", "/Sound"), "media"),
    **dict.fromkeys(("/RichMediaExecute", "/GoTo3DView"), "media"),
}
# Notes on a page that are nothing but what they hold: they stay, unseen and empty.
HOLDERS = {
    "/FileAttachment": ("attachments", "/FS"),
    "/RichMedia": ("media", "/RichMediaContent"),
    "/Screen": ("media", "/MK"),
    "/Movie": ("media", "/Movie"),
    "/Sound": ("media", "/Sound"),
    "/3D": ("media", "/3DD"),
}
HIDDEN = 2
# What a stream says of data that is kept in another file.
ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms")
WEB = re.compile(rb"\s*(https?|mailto|tel|ftp):", re.IGNORECASE)
ANY_SCHEME = re.compile(rb"\s*([a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)
MARK = b"%PDF-"
END = b"%%EOF"


def main(limits: dict[str, Any]) -> None:
    confine(limits)
    try:
        content, taken_out = made_clean(sys.stdin.buffer)
    except pikepdf.PasswordError:
        return say(fault="encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return say(fault="damaged")
    say(taken_out=sorted(taken_out), bytes=len(content))
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def made_clean(source: BinaryIO) -> tuple[bytes, set[str]]:
    """The document written anew, or nothing if it may stay, and what was taken out of it."""
    with pikepdf.open(source, suppress_warnings=True) as pdf:
        taken_out = cleaned(pdf)
        if not is_alone(source):
            taken_out.add("rest")
        if not taken_out and not pdf.get_warnings():
            return b"", set()
        if pdf.is_encrypted:
            taken_out.add("password")
        content = BytesIO()
        as_they_are = pikepdf.StreamDecodeLevel.none
        pdf.save(content, deterministic_id=True, encryption=False, stream_decode_level=as_they_are)
        return content.getvalue(), taken_out


def cleaned(pdf: pikepdf.Pdf) -> set[str]:
    """Take out of the document what could run, and answer of which sorts it was."""
    found: set[str] = set()
    for whole in pdf.objects:
        waiting = [whole]
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Array):
                found |= _without_harmful(one)
            elif isinstance(one, pikepdf.Stream):
                found |= _without_others_data(one)
                one = one.stream_dict
                found |= _without_keys(one)
            elif isinstance(one, pikepdf.Dictionary):
                found |= _without_keys(one)
            else:
                continue
            waiting += [part for part in _parts(one) if not part.is_indirect]
    return found


def _parts(one: pikepdf.Array | pikepdf.Dictionary) -> Iterator[pikepdf.Object]:
    parts = one.values() if isinstance(one, pikepdf.Dictionary) else one
    return (part for part in parts if isinstance(part, pikepdf.Object))


def _without_keys(one: pikepdf.Dictionary) -> set[str]:
    found = set()
    for key in list(one.keys()):
        if sort := _sort_of(one, key):
            del one[key]
            found.add(sort)
    subtype = str(one.get("/Subtype", "")) if "/Rect" in one else ""
    if subtype in HOLDERS:
        sort, key = HOLDERS[subtype]
        if key in one:
            del one[key]
        if one.get("/F") != HIDDEN:
            one["/F"] = HIDDEN
            found.add(sort)
    return found


def _sort_of(one: pikepdf.Dictionary, key: str) -> str:
    """Of which sort this entry is, if it has to go."""
    if key in DROPPED:
        return DROPPED[key]
    value = one[key]
    if key == "/S":
        return HARMFUL.get(str(value), "") if isinstance(value, pikepdf.Name) else ""
    if key == "/Ref":  # a page of another file, drawn into this one
        return "links" if isinstance(value, pikepdf.Dictionary) and "/F" in value else ""
    if key in ("/URI", "/Base"):
        return "links" if isinstance(value, pikepdf.String) and not _is_of_web(value) else ""
    return _sort_of_action(value) if key in ACTIONS else ""


def _sort_of_action(value: Any) -> str:
    if not isinstance(value, pikepdf.Dictionary) or "/S" not in value:
        return ""
    name = str(value["/S"])
    return "" if name in HARMLESS else HARMFUL.get(name, "scripts")


def _is_of_web(value: pikepdf.String) -> bool:
    address = bytes(value)
    return bool(WEB.match(address)) or not ANY_SCHEME.match(address)


def _without_harmful(array: pikepdf.Array) -> set[str]:
    """Actions may stand in a row, one after the other."""
    found = set()
    for number in reversed(range(len(array))):
        part = array[number]
        if isinstance(part, pikepdf.Dictionary) and str(part.get("/S", "")) in HARMFUL:
            found.add(HARMFUL[str(part["/S"])])
            del array[number]
    return found


def _without_others_data(stream: pikepdf.Stream) -> set[str]:
    names = [key for key in ELSEWHERE if key in stream.stream_dict]
    for key in names:
        del stream[key]
    return {"links"} if names else set()


def is_alone(source: BinaryIO) -> bool:
    """Whether the document is all that there is in the file: nothing before it, nothing behind."""
    source.seek(0)
    begins = source.read(len(MARK)) == MARK
    _before, end, behind = source.read().rpartition(END)
    return begins and bool(end) and not behind.strip(b"\0\r\n\t ")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
