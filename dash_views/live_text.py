"""Texts with live values as Markdown: what is asked of the table stands where the author wrote it, or why it cannot."""

import re
from collections.abc import Mapping

from dash_views.texts import number_text, percent
from domain.aggregations import COUNTED
from domain.live_tile import name_of
from domain.live_values import Fault, Live, Part, parts_of
from domain.text_tile import TextTile
from domain.wording import grouped, tr
from services.queries import Answer, Failure, Frame

PENDING = "…"
MISSING = "—"
NAMELESS = tr("missing")
NO_DATA = tr("choose the data of this text, so that it can be computed")
MORE = tr("and {count} more")
WARNING = "⚠"
MOST_GROUPS = 20
"""So many groups are written; the others are counted."""
DECIMALS = 2
SPACE = "\N{NO-BREAK SPACE}"
_MARKUP = re.compile(r"""[!-/:-@\[-`{-~]""")
"""All punctuation of ASCII."""


def has_live(tile: TextTile) -> bool:
    """Whether something of the text changes with the filters."""
    return any(isinstance(part, Live) for part in parts_of(tile.body))


def pending(tile: TextTile) -> str:
    """The text before its values are known; what cannot be read says so already."""
    parts = parts_of(tile.body)
    return "".join(_alone(part, PENDING if tile.collection_id else None) for part in parts)


def _alone(part: Part, pending_as: str | None) -> str:
    match part:
        case Live():
            return wrong(part.written, NO_DATA) if pending_as is None else pending_as
        case Fault():
            return wrong(part.written, part.message)
    return part


def filled(tile: TextTile, answers: Mapping[str, Answer]) -> str:
    """The text with its values. A value for each group alone on a line becomes a table, in a sentence a list."""
    if not tile.collection_id:
        return pending(tile)
    parts, found, number = parts_of(tile.body), [], 0
    for place, part in enumerate(parts):
        if not isinstance(part, Live):
            found.append(_alone(part, PENDING))
            continue
        answer = answers.get(name_of(tile, number))
        number += 1
        if isinstance(answer, Frame):
            found.append(_said(part, answer, is_alone=_stands_alone(parts, place)))
        else:
            found.append(wrong(part.written, answer.message if isinstance(answer, Failure) else tr("was not computed")))
    return "".join(found)


def _stands_alone(parts: tuple[Part, ...], place: int) -> bool:
    before = parts[place - 1] if place else "\n"
    after = parts[place + 1] if place + 1 < len(parts) else "\n"
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    return before.rstrip(" \t")[-1:] in {"\n", ""} and after.lstrip(" \t")[:1] in {"\n", ""}


def _said(live: Live, frame: Frame, *, is_alone: bool) -> str:
    if not live.by:
        return escaped(_value(live, frame.data["value"][0]))
    shown = frame.data.head(MOST_GROUPS)
    if shown.height == frame.of:
        shown = shown.sort("by", nulls_last=True)
    groups = [(_name(by), _value(live, value)) for by, value in shown.select("by", "value").rows()]
    if not groups:
        return MISSING
    rest = frame.of - len(groups)
    if not is_alone:
        words = [f"{escaped(name)}{SPACE}{escaped(value)}" for name, value in groups]
        return ", ".join([*words, *([MORE.format(count=grouped(rest))] if rest else [])])
    head = f"| {escaped(live.by)} | {escaped(_column(live))} |\n|:--|--:|\n"
    lines = "".join(f"| {escaped(name)} | {escaped(value)} |\n" for name, value in groups)
    more = f"\n{MORE.format(count=grouped(rest))}\n" if rest else ""
    return f"\n\n{head}{lines}{more}\n"


def _column(live: Live) -> str:
    return f"{live.aggregation}({live.column})" if live.column else str(live.aggregation)


def _name(value: object) -> str:
    return NAMELESS if value is None else number_text(value, 0 if _is_whole(value) else DECIMALS)


def _value(live: Live, value: object) -> str:
    if value is None:
        return MISSING
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if live.percent and is_number:
        text = percent(float(value), live.decimals or 0)  # type: ignore[arg-type]
    elif isinstance(value, int) or live.aggregation in COUNTED:
        text = number_text(value, 0)
    else:
        chosen = 0 if _is_whole(value) else DECIMALS
        text = number_text(value, chosen if live.decimals is None else live.decimals)
    return f"{text}{SPACE}{live.unit}" if live.unit else text


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()


def escaped(text: str) -> str:
    """The text as Markdown that shows just it: what stands in data is never markup, nor a link.

    By character references, for not every renderer of Markdown knows all escapes with a backslash.
    """
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", re.sub(r"[\t\r\n]", " ", text))


def wrong(written: str, message: str) -> str:
    """What cannot be shown, in its place, and why."""
    ticks = "`" * (max((len(run) for run in re.findall("`+", written)), default=0) + 1)
    code = " ".join(written.split())
    return f"**{WARNING} {ticks} {code} {ticks} {escaped(message)}**"
