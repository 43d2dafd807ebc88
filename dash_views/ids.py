"""Every component id of the two Dash apps; nothing else writes one."""

from typing import Any, Literal

from dash import ALL, MATCH

URL = "url"
MANTINE = "mantine"
GRID = "grid"
PANEL = "panel"
STATE = "state"
"""Store: the wishes of every tile, as the browser composed them from widgets, selections and the link."""
TILES = "tiles"
"""Store: what the browser must know of each tile to compose wishes (see `board.browser_tiles`)."""
CHANGED = "changed"
"""Store: counts the edits, so that new tiles are asked for."""
SHOWN = "shown"
"""Store: the version of the dashboard that is drawn, and its texts."""
ECHO = "echo"
"""Store: the texts that the browser has taken over from somebody else: writing them is no renaming."""
SYNC = "sync"
"""Store: written by the browser to have drawn what others have changed (see `syncing`)."""
NAMES = "names"
VISITED = "visited"
"""Store: counts how often the reader went back or forward to another state of this page, or opened a saved view."""
RESET_ALL = "reset-all"
PINS = "pins"
CHIPS = "active-filters"
COPY_LINK = "copy-link"
SHARE_LINK = "share-link"
FAILURE = "board-failure"
EMPTY = "board-empty"
TABS = "tabs"
PRESENT = "present"
NOTES = "notes"
COMMENTS = "comments"
TALK = "talk"
"""The side panel of notes and comments, filled by notes.js and comments.js."""
NOTES_TEXT = "notes-text"
PRINT = "print"
PICTURE = "picture"
PDF = "pdf"
VIEWS = "views"
"""The button that opens the menu of saved views (views_menu.js)."""
VIEW_LINE = "view-line"
MENU = "board-menu"
"""The button that opens the menu of the board on phones (menu.js)."""
MORE = "board-more"
ACT = "act"
"""Store: what an author does to tabs, sections or several tiles (see `arranging.Act`)."""
VIEW = "view"
"""Store: the tab, and the section, in which a new tile is meant to stand."""

# The editor's own.
ASIDE = "aside"
ASIDE_CLOSE = "aside-close"
ADD = "add-tile"
DRAFT = "draft"
"""Store: the tile that the form makes or edits (see `saves.Draft`)."""
PREVIEW = "preview"
GALLERY_DATA = "gallery-data"
"""The data collection whose columns the gallery lists."""
CHOSEN = "chosen"
"""Store: the columns that are chosen in the gallery (see `builder.offers.Chosen`)."""
PICKED = "picked"
"""Store: the same, as soon as an author has chosen another column: then it is asked what is suggested for them."""
COLUMNS = "columns"
OFFERS = "offers"
PROBLEMS = "problems"
"""Store: what is wrong with the form, by field; builder.js says it there."""
RENEW_FORM = "renew-form"
"""Store: written by the browser when data have changed while a form is open."""
RENEW_GALLERY = "renew-gallery"
"""Store: the same, while the gallery is open."""
RENEWED = "renewed"
"""Store: what the columns of changed data give to the fields of the form; renewing.js hands it on."""
SHELF = "shelf"
"""The columns beside a form."""
SAVE = "save-tile"
REMOVE = "remove-tile"
OPENING = "opening"
"""Store: the button that was pressed to open the side panel (see `presses`)."""
CLOSING = "closing"
"""Store: the button that was pressed to close it."""
ACTING = "acting"
"""Store: the button that was pressed to copy or delete a tile."""
FORM_ERROR = "form-error"
OWN_CONDITION = "own-condition"
"""The condition of the dashboard itself, in the editor's panel."""
CONDITION = "condition-check"
"""What is said of the condition in the form, while it is typed."""
SAVED = "saved"
TITLE = "dashboard-title"
SUBTITLE = "dashboard-subtitle"
SAVED_AT = "saved-at"
SAVING = "saving"
AUTOSAVE = "autosave"
"""Store: written by the browser when the form of a stored tile has rested."""
BASE = "base"
"""Store: of each tile that was saved here, the version that this editor has seen last."""
CONFLICT = "conflict"
CONFLICT_BODY = "conflict-body"
CONFLICTED = "conflicted"
"""Store: the draft that could not be saved because somebody else has saved the same tile (see `conflicts`)."""
KEEP_MINE = "conflict-mine"
TAKE_THEIRS = "conflict-theirs"
KEEP_BOTH = "conflict-both"
UNDO = "undo"
REDO = "redo"
EDITORS = "editors"
"""The list of those who edit the dashboard at the same time, written by pulse.js."""
LIVE = "live"

Role = Literal[
    "figure",
    "rows",
    "rows-ask",
    "rows-ready",
    "rows-got",
    "rows-shown",
    "images",
    "text",
    "filter",
    "reset",
    "tile",
    "edit",
    "duplicate",
    "delete",
    "confirm",
    "cancel",
    "preview",
]
Tile = str | Any
"""A tile's id, or the wildcards ALL and MATCH."""


def part(role: Role, tile: Tile) -> dict[str, Any]:
    """The part of a tile that plays this role."""
    return {"role": role, "tile": tile}


def field(name: Tile) -> dict[str, Any]:
    """The control of the form that edits this property of a tile."""
    return {"role": "field", "name": name}


def switch(name: Tile) -> dict[str, Any]:
    """A field that is on or off."""
    return {"role": "switch", "name": name}


def offer(name: Tile, chosen: Tile) -> dict[str, Any]:
    """The suggestion of this kind for what was chosen in the gallery, in JSON, when it was made."""
    return {"role": "offer", "name": name, "chosen": chosen}


def change(name: Tile) -> dict[str, Any]:
    """The button that makes something else of a tile of this kind."""
    return {"role": "change", "name": name}


def retry(name: Tile) -> dict[str, Any]:
    """The button that asks again for what could not be shown in the preview of that name."""
    return {"role": "retry", "name": name}


def spread(column: Tile, collection: Tile) -> dict[str, Any]:
    """Where it is drawn how the values of a column are spread."""
    return {"role": "spread", "column": column, "collection": collection}


def choice(name: Tile) -> dict[str, Any]:
    """The entry of the gallery that starts a tile of this kind."""
    return {"role": "choice", "name": name}


__all__ = ["ALL", "MATCH", "change", "choice", "field", "offer", "part", "retry", "spread", "switch"]
