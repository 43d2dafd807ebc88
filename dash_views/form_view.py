"""The editor's side panel as components: its frame, the form of a tile, the question before a delete."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
import msgspec
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.builder import words
from dash_views.builder.gallery_view import kind_head
from dash_views.builder.shelf import shelf
from dash_views.conditions import condition_check, condition_field
from dash_views.fields import NONE_OF, Field
from dash_views.figure_fields import folded
from dash_views.fold import Later
from dash_views.forms import TITLE, Kind, has_data
from dash_views.parts import aria, button, data, sentence, tool
from dash_views.presses import tells
from dash_views.table_fields import ASCENDING, DESCENDING
from domain.collections import Column, DataCollection
from domain.headings import heading
from domain.terms import term
from domain.tiles import Tile
from domain.wording import tr, trn
from services.queries import ColumnProfile

Profiles = Mapping[str, ColumnProfile]


def frame(title: str, body: Sequence[Component]) -> list[Component]:
    """The side panel with its title and the button that closes it."""
    close = tool(ids.ASIDE_CLOSE, "x", tr("Close the panel"), **tells(ids.CLOSING))
    head = html.Div([html.H2(title, className="aside-title", tabIndex=-1), close], className="aside-head")
    return [head, html.Div(body, className="aside-body")]


def form(
    kind: Kind,
    values: Mapping[str, Any],
    collections: Sequence[DataCollection],
    profiles: Profiles,
    *,
    is_new: bool,
    dropped: Sequence[tuple[str, str]] = (),
    preview: Sequence[Component] = (),
) -> list[Component]:
    """The fields of a kind with these values beside the columns, the preview above, and the button that saves.

    `dropped` are the bindings of another kind that this one has no place for, `preview` is what it shows at first.
    """
    columns = next((c.columns for c in collections if c.id == values.get("collection_id")), ())
    controls = [_control(TITLE, values, columns, profiles)]
    if has_data(kind) or collections:
        controls.append(_collection(values, collections))
    placed = [_placed(field, kind, values, columns, profiles) for field in kind.fields]
    controls += folded(kind.fields, placed, values)
    controls += [condition_field(values)] if has_data(kind) else []
    beside = _beside(kind, values, columns, profiles)
    save = button(ids.SAVE, "check", tr("Add to the dashboard") if is_new else tr("Save the tile"), kind="primary")
    return frame(
        kind.label if is_new else tr("Edit: {tile}", tile=values.get("title") or kind.label),
        [
            *kind_head(kind, dropped),
            html.Div(list(preview), id=ids.PREVIEW, className="preview", **aria(tr("Preview"))),
            html.Div(id=ids.FORM_ERROR, className="form-error", role="alert"),
            Later([*beside, html.Div(controls, className="form-fields")], className="builder is-form"),
            *([] if beside else [html.Div(id=ids.SHELF, hidden=True)]),
            *([condition_check()] if has_data(kind) else []),
            html.Div(save, className="aside-foot"),
        ],
    )


def _beside(kind: Kind, values: Mapping[str, Any], columns: Sequence[Column], profiles: Profiles) -> list[Component]:
    """The columns, where there is a field to put one onto."""
    listed = _listed(kind, values, columns, profiles)
    if not listed:
        return []
    head = html.Summary(words.COLUMNS, className="aside-group")
    how, place = html.P(words.BIND, className="shelf-how"), html.Div(listed, id=ids.SHELF)
    return [html.Details([head, how, place], className="builder-data", open=True)]


def _listed(kind: Kind, values: Mapping[str, Any], columns: Sequence[Column], profiles: Profiles) -> list[Component]:
    if not columns or not any(field.control in ROLES for field in kind.fields):
        return []
    return shelf(columns, profiles, str(values.get("collection_id")), "bind")


def renewed(
    kind: Kind, values: Mapping[str, Any], collections: Sequence[DataCollection], profiles: Profiles
) -> tuple[list[Component], dict[str, Any]]:
    """What changed data give to an open form: the columns beside it, and the properties of its controls by field."""
    columns = next((c.columns for c in collections if c.id == values.get("collection_id")), ())
    given = {field.name: _given(field, values.get(field.name), columns, profiles) for field in kind.fields}
    fields = {"collection_id": {"data": _tables(collections)}} | {name: props for name, props in given.items() if props}
    return _listed(kind, values, columns, profiles), {"fields": fields, "columns": _formattable(columns)}


ROLES = frozenset({"column", "columns"})
"""Controls that columns are put onto."""


def _placed(
    field: Field, kind: Kind, values: Mapping[str, Any], columns: Sequence[Column], profiles: Profiles
) -> Component:
    """The control; in a place that builder.js puts columns onto, and fields.js hides where the field means nothing."""
    control = _control(field, values, columns, profiles)
    if field.only_for is None and field.control not in ROLES:
        return control
    place: dict[str, Any] = {}
    if field.control in ROLES:
        takes = " ".join(sorted(kind.value for kind in field.kinds))
        place = {"className": "role", **data("role", field.name), **data("control", field.control),
                 **data("takes", takes), **data("label", field.label)}  # fmt: skip
    if field.only_for is not None:
        name, wanted = field.only_for
        at_first = next(one.choices[0] for one in kind.fields if one.name == name)
        is_idle = (values.get(name) or at_first) not in wanted
        place |= {"hidden": is_idle, **data("only-for", name), **data("wanted", " ".join(wanted))}
    return html.Div(control, **place)


def _collection(values: Mapping[str, Any], collections: Sequence[DataCollection]) -> Component:
    return dmc.Select(
        id=ids.field("collection_id"),
        label=words.DATA,
        data=_tables(collections),
        value=values.get("collection_id"),
        allowDeselect=False,
        searchable=True,
    )


def _tables(collections: Sequence[DataCollection]) -> list[dict[str, str]]:
    return [{"value": c.id, "label": words.rows(c.tag, c.rows)} for c in collections]


def _given(field: Field, value: Any, columns: Sequence[Column], profiles: Profiles) -> dict[str, Any]:
    """What a table's columns give to the control of a field with this value, as properties of the component.

    A column that the field holds is offered although the table has lost it, or it is of another type by now: Mantine
    would take it off the field without a word.
    """
    match field.control:
        case "column":
            options = _options(field, columns, profiles)
            given = options + _lost([value] if value else [], options, columns, profiles)
            return {"data": given, "placeholder": "" if options else NONE_OF[field.kinds]}
        case "columns":
            options = _options(field, columns, profiles)
            return {"data": options + _lost(value or [], options, columns, profiles)}
        case "sorts":
            options = _sorts(columns)
            there = {one["value"] for one in options}
            return {"data": options + [{"value": one, "label": _gone(one)} for one in value or [] if one not in there]}
    return {}


def _lost(
    held: Sequence[str], options: Sequence[Mapping[str, str]], columns: Sequence[Column], profiles: Profiles
) -> list[dict[str, str]]:
    there, known = {one["value"] for one in options}, {column.name: column for column in columns}
    return [
        {"value": name, "label": _described(known[name], profiles.get(name)) if name in known else _gone(name)}
        for name in held
        if name not in there
    ]


def _gone(name: str) -> str:
    return tr("{column} (not in the table)", column=name)


def _control(field: Field, values: Mapping[str, Any], columns: Sequence[Column], profiles: Profiles) -> Component:
    component_id, value = ids.field(field.name), values.get(field.name)
    shared: dict[str, Any] = {"id": component_id, "label": field.label, "description": field.help or None}
    match field.control:
        case "column":
            return dmc.Select(
                **shared,
                **_given(field, value, columns, profiles),
                value=value,
                clearable=not field.required,
                searchable=True,
                required=field.required,
            )
        case "choices":
            return dmc.MultiSelect(**shared, data=_choices(field), value=value or [], clearable=True)
        case "columns" | "sorts":
            given = _given(field, value, columns, profiles)
            return dmc.MultiSelect(**shared, **given, value=value or [], clearable=True, searchable=True)
        case "formats":
            return _formats(field, value, columns)
        case "choice":
            return dmc.Select(**shared, data=_choices(field), value=value or field.choices[0], allowDeselect=False)
        case "number":
            return dmc.NumberInput(**shared, value="" if value is None else value, min=field.least)
        case "text":
            return dmc.TextInput(**shared, value=value or "")
        case "markdown":
            return dmc.Textarea(**shared, value=value or "", autosize=True, minRows=6, maxRows=16)
        case "switch":
            return dmc.Switch(id=ids.switch(field.name), label=field.label, checked=bool(value))


def _choices(field: Field) -> list[dict[str, str]]:
    return [{"value": str(one), "label": term(one)} for one in field.choices]


def _sorts(columns: Sequence[Column]) -> list[dict[str, str]]:
    return [
        {"value": sign + column.name, "label": f"{column.name} {arrow}"}
        for column in columns
        if not column.is_technical
        for sign, arrow in ((ASCENDING, "↑"), (DESCENDING, "↓"))
    ]


def _formats(field: Field, value: object, columns: Sequence[Column]) -> Component:
    """What fields.js makes an editor of; the text beside it is the value, for those without the script too."""
    text = dmc.Textarea(id=ids.field(field.name), value=value or "", className="formats-text", **aria(field.label))
    offered = msgspec.json.encode(_formattable(columns)).decode()
    editor = html.Div(className="formats-editor", **data("columns", offered))
    return html.Div([editor, text], className="formats", role="group", **aria(field.label))


def _formattable(columns: Sequence[Column]) -> list[dict[str, str]]:
    return [{"name": column.name, "kind": column.kind.value} for column in columns if not column.is_technical]


def _options(field: Field, columns: Sequence[Column], profiles: Profiles) -> list[dict[str, str]]:
    return [
        {"value": column.name, "label": _described(column, profiles.get(column.name))}
        for column in columns
        if column.kind in field.kinds and not column.is_technical
    ]


def _described(column: Column, profile: ColumnProfile | None) -> str:
    kind = term(column.kind)
    if profile is None or profile.distinct is None:
        return f"{column.name} ({kind})"
    return trn(
        "{column} ({kind}, {n:,} value)",
        "{column} ({kind}, {n:,} values)",
        profile.distinct,
        column=column.name,
        kind=kind,
    )


def question(tile: Tile) -> list[Component]:
    """Ask before a tile is deleted, by its name."""
    cancel = button(ids.part("cancel", tile.id), "x", tr("Cancel"), **tells(ids.CLOSING))
    remove = button(ids.part("confirm", tile.id), "trash", tr("Delete"), kind="danger", **tells(ids.ACTING))
    asked = sentence(tr("Delete the tile {name}? The data behind it stays."), name=html.Strong(heading(tile)))
    return frame(tr("Delete a tile"), [html.P(asked), html.Div([remove, cancel], className="aside-foot")])
