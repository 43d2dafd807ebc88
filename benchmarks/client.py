"""A dashboard's page without a browser: the requests that Dash's scripts and board.js send, and what they get."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import msgspec

Id = str | dict[str, Any]
Wishes = Mapping[str, list[Any]]
GIVE_UP_AFTER = 60.0
WINDOW_ROWS = 8
"""So many rows of the grid, of 100 pixels each, are in or near a window of 900 pixels."""
PARTS = ("figure", "number", "page")
"""What an answer brings, by kind of tile."""


class Reply(NamedTuple):
    """How long an answer took, what came over the wire, and what is wrong with it (nothing: empty).

    `first_ms` is when the tiles in the window had theirs; the rest is asked for after that.
    """

    first_ms: float
    ms: float
    bytes: int
    failures: tuple[str, ...]
    tiles: frozenset[str]


class Posted(NamedTuple):
    """The answer of a callback, or why there is none."""

    answer: httpx.Response | None
    ms: float
    failure: str = ""


class Page:
    """An opened dashboard; keeps what its tiles show already, as the browser does."""

    def __init__(self, http: httpx.AsyncClient, dashboard_id: str) -> None:
        self._http = http
        self._base = f"/dashboards/{dashboard_id}/view/"
        self._dependencies: list[dict[str, Any]] = []
        self._ids: list[Id] = []
        self._near: list[str] = []
        self._known: dict[str, str] = {}
        self._marks: dict[str, str] = {}
        self._view = secrets.token_hex(12)
        self._sequence = 0
        self.tables: dict[str, Any] = {}

    @classmethod
    async def open(cls, http: httpx.AsyncClient, dashboard_id: str) -> tuple["Page", Reply]:
        """Open the page and ask for all of its tiles."""
        page = cls(http, dashboard_id)
        start = time.perf_counter()
        answers = [await http.get(f"/dashboards/{dashboard_id}", headers={"accept": "text/html"})]
        answers += [await http.get(page._base + name) for name in ("_dash-layout", "_dash-dependencies")]
        for answer in answers:
            answer.raise_for_status()
        page._dependencies = answers[2].json()
        drawn = {_key(one["props"]["id"]): one for one in _components(answers[1].json()) if "id" in one["props"]}
        page._ids = [one["props"]["id"] for one in drawn.values()]
        page._near = [item["id"] for item in drawn["grid"]["props"]["items"] if item["y"] < WINDOW_ROWS]
        loaded = (time.perf_counter() - start) * 1000
        first = await page.ask({})
        sent = first.bytes + sum(answer.num_bytes_downloaded for answer in answers)
        return page, first._replace(first_ms=loaded + first.first_ms, ms=loaded + first.ms, bytes=sent)

    async def ask(self, wishes: Wishes, *, is_moving: bool = False) -> Reply:
        """Ask for all tiles that change under these wishes, in two steps: those in the window, then the rest.

        While a slider moves there is only the first step.
        """
        self._sequence += 1
        near = await self._step(wishes, self._near)
        if near.failures or is_moving:
            return near
        rest = await self._step(wishes, None)
        return Reply(
            near.ms, near.ms + rest.ms, near.bytes + rest.bytes, near.failures + rest.failures, near.tiles | rest.tiles
        )

    async def _step(self, wishes: Wishes, tiles: list[str] | None) -> Reply:
        asked: dict[str, Any] = {
            "sequence": self._sequence, "view": self._view, "wishes": wishes, "known": self._known,
            "marks": self._marks, "tables": self.tables,
        }  # fmt: skip
        answer, ms, failure = await self._post("_answers", asked | ({} if tiles is None else {"tiles": tiles}))
        if answer is None:
            return Reply(ms, ms, 0, (failure,), frozenset())
        found = header(answer.content)
        if found["failure"]:
            return Reply(ms, ms, answer.num_bytes_downloaded, (found["failure"],), frozenset())
        entries: dict[str, dict[str, Any]] = found["tiles"]
        failures = [one["notice"]["text"] for one in entries.values() if one["notice"] and one["notice"]["failed"]]
        failures += [f"The tile {tile} has no answer." for tile, one in entries.items() if not any(map(one.get, PARTS))]
        self._known |= {tile: found["signatures"][tile] for tile in entries}
        self._marks |= {tile: one["figure"]["mark"] for tile, one in entries.items() if "figure" in one}
        if tiles is None:
            late = [tile for tile, signature in found["signatures"].items() if self._known.get(tile) != signature]
            failures += [f"The tile {tile} was left out." for tile in late]
        return Reply(ms, ms, answer.num_bytes_downloaded, tuple(failures), frozenset(entries))

    async def rows(self, tile: str, first: int, count: int, sort: str, wishes: Wishes | None = None) -> Reply:
        """Ask for a block of a table's rows, sorted by a column."""
        request = {"startRow": first, "endRow": first + count, "sortModel": [{"colId": sort, "sort": "asc"}]}
        changed = {
            f"{_key({'role': 'rows-ask', 'tile': tile})}.data": {
                "ticket": 1, "request": request, "wishes": wishes or {},
            }
        }  # fmt: skip
        answer, ms, failure = await self._post("_dash-update-component", self._body("rows-got", changed, match=tile))
        if answer is None:
            return Reply(ms, ms, 0, (failure,), frozenset())
        (got,) = msgspec.json.decode(answer.content)["response"].values()
        failure = got["data"].get("failure") or ("" if got["data"]["page"]["rowData"] else "No rows came.")
        return Reply(ms, ms, answer.num_bytes_downloaded, (failure,) if failure else (), frozenset([tile]))

    async def _post(self, name: str, body: dict[str, Any]) -> Posted:
        start = time.perf_counter()
        try:
            answer = await self._http.post(self._base + name, json=body, timeout=GIVE_UP_AFTER)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            return Posted(None, (time.perf_counter() - start) * 1000, f"{type(error).__name__}: {error}")
        return Posted(answer, (time.perf_counter() - start) * 1000)

    def _body(self, output: str, changed: dict[str, Any], match: str) -> dict[str, Any]:
        (known,) = [one for one in self._dependencies if output in one["output"] and not one["clientside_function"]]
        outputs = [self._resolved(*_split(one), match) for one in _outputs(known["output"])]
        filled = {part: [self._filled(one, match, changed) for one in known[part]] for part in ("inputs", "state")}
        return {
            "output": known["output"],
            "outputs": outputs if known["output"].startswith("..") else outputs[0],
            **filled,
            "changedPropIds": list(changed),
        }

    def _filled(self, known: dict[str, str], match: str, changed: dict[str, Any]) -> Any:
        given = self._resolved(_id(known["id"]), known["property"], match)
        return given | {"value": changed.get(f"{_key(given['id'])}.{given['property']}")}

    def _resolved(self, component_id: Id, prop: str, match: str) -> Any:
        if isinstance(component_id, str):
            return {"id": component_id, "property": prop}
        wanted = {name: match if value == ["MATCH"] else value for name, value in component_id.items()}
        if ["ALL"] not in wanted.values():
            return {"id": wanted, "property": prop}
        return [{"id": one, "property": prop} for one in self._ids if _fits(one, wanted)]


def _fits(component_id: Id, wanted: dict[str, Any]) -> bool:
    if not isinstance(component_id, dict) or component_id.keys() != wanted.keys():
        return False
    return all(value in (["ALL"], component_id[name]) for name, value in wanted.items())


def header(content: bytes) -> dict[str, Any]:
    """What stands before the arrays of an answer (see dash_views/wire.py)."""
    length = int.from_bytes(content[:4], "little")
    found: dict[str, Any] = msgspec.json.decode(content[4 : 4 + length])
    return found


def _components(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for one in node:
            yield from _components(one)
    elif isinstance(node, dict) and "props" in node:
        yield node
        yield from _components(node["props"].get("children"))


def _outputs(text: str) -> list[str]:
    return text[2:-2].split("...") if text.startswith("..") else [text]


def _split(text: str) -> tuple[Id, str]:
    component_id, prop = text.rsplit(".", 1)
    return _id(component_id), prop


def _id(text: str) -> Id:
    found: Id = json.loads(text) if text.startswith("{") else text
    return found


def _key(component_id: Id) -> str:
    """The id as Dash writes it: JSON with sorted keys and no blanks."""
    if isinstance(component_id, str):
        return component_id
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))
