"""In which encoding the text of a sent file seems to be."""

import codecs
import re

from domain.errors import Invalid, Problem
from domain.uploaded import UTF_8
from domain.wording import tr

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
OTHERS = ("cp1252", "iso8859-1")
"""What text is mostly in that is not UTF-8; the second takes any byte."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MOST_ZEROS = 0.4
"""The share of zeros among every other byte of UTF-16 text: the letters, digits and separators of most tables."""


def guessed_text(begin: bytes, name: str) -> tuple[str, str]:
    """The beginning of a file as text, with the encoding that it seems to have.

    Raises:
        Invalid: for bytes that are text in no encoding.
    """
    encoding = _encoding(begin)
    # A character may be cut in two at the end of what was looked at.
    text = codecs.getincrementaldecoder(encoding)("replace").decode(begin).removeprefix("\N{BYTE ORDER MARK}")
    if "\0" in text or (encoding in OTHERS and CONTROLS.search(text)):
        raise Invalid(
            tr("The file cannot be taken."),
            (Problem("file", tr("{name} is not a table: it holds bytes that no text has", name=name)),),
        )
    return text, encoding


def decoded(content: bytes, codec: str, name: str, *, is_whole: bool) -> str:
    """The text of these bytes; a character that is cut in two at the end is left out unless they are all.

    Raises:
        Invalid: naming the line that is not of the encoding.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(content, final=is_whole).removeprefix("\N{BYTE ORDER MARK}")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem(
            "encoding", tr("is not {codec} (line {line}); choose another encoding", codec=codec, line=line)
        )
        raise Invalid(tr("{name} cannot be read.", name=name), (problem,)) from None


def _encoding(begin: bytes) -> str:
    marked = next((codec for mark, codec in MARKS.items() if begin.startswith(mark)), None)
    if marked:
        return marked
    for codec, zeros, others in (("utf-16-le", begin[1::2], begin[::2]), ("utf-16-be", begin[::2], begin[1::2])):
        if zeros and zeros.count(0) / len(zeros) > MOST_ZEROS and 0 not in others:
            return codec
    return next((codec for codec in (UTF_8, *OTHERS) if _is_in(begin, codec)), UTF_8)


def _is_in(begin: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(begin)
    except UnicodeDecodeError:
        return False
    return True
