"""A page of a dashboard as Dash's own scripts use it: its layout, and callbacks posted in their encoding."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import numpy as np

from tests.web.world import Browser

Id = str | dict[str, Any]


def key(component_id: Id) -> str:
    """The id as Dash writes it in answers: JSON with sorted keys and no blanks."""
    if isinstance(component_id, str):
        return component_id
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))


def components(node: Any) -> Iterator[dict[str, Any]]:
    """Every component of a layout, in document order."""
    if isinstance(node, list):
        for one in node:
            yield from components(one)
    elif isinstance(node, dict) and "props" in node:
        yield node
        yield from components(held(node))


def held(component: Mapping[str, Any]) -> Any:
    """What a component holds; of those that stay as they are, with the holes among them filled."""
    children = component["props"].get("children")
    return _filled(component["props"]["parts"], children) if component["type"] == "Still" else children


def _filled(node: Any, children: list[Any]) -> Any:
    match node:
        case {"hole": number}:
            return children[number]
        case {"props": {"children": inside}}:
            return node | {"props": node["props"] | {"children": _filled(inside, children)}}
        case list():
            return [_filled(one, children) for one in node]
    return node


def answered(content: bytes) -> dict[str, Any]:
    """An answer's bytes as wire.js reads them: arrays as numpy's, figures put together from mould and arrays."""
    length = int.from_bytes(content[:4], "little")
    start = -(-(4 + length) // 8) * 8
    found: dict[str, Any] = _revived(json.loads(content[4 : 4 + length]), content[start:])
    for entry in found["tiles"].values():
        if "mould" in entry.get("figure", {}):
            entry["figure"] |= _cast(entry["figure"]["mould"], entry["figure"]["arrays"])
    return found


def _revived(node: Any, content: bytes) -> Any:
    match node:
        case {"$": "words", "codes": codes, "words": words}:
            return [words[code] for code in _revived(codes, content)]
        case {"$": "rows", "columns": columns}:
            return [list(row) for row in zip(*(_revived(column, content) for column in columns), strict=True)]
        case {"$": "grid", "cells": cells, "width": width}:
            return _revived(cells, content).reshape(-1, width)
        case {"$": dtype, "at": at, "n": length}:
            return np.frombuffer(content, dtype, length, at)
        case dict():
            return {name: _revived(value, content) for name, value in node.items()}
        case list():
            return [_revived(one, content) for one in node]
    return node


def _cast(node: Any, arrays: list[Any]) -> Any:
    match node:
        case {"#": number}:
            return arrays[number]
        case dict():
            return {name: _cast(value, arrays) for name, value in node.items()}
        case list():
            return [_cast(one, arrays) for one in node]
    return node


class DashPage:
    """One opened page; `view` or `edit`."""

    def __init__(self, browser: Browser, dashboard_id: str, app: str = "view") -> None:
        self.browser = browser
        self.base = f"/dashboards/{dashboard_id}/{app}/"
        self.token = ""
        self.presses = 0
        self.layout: Any = None
        self.dependencies: list[dict[str, Any]] = []
        self.found: dict[str, dict[str, Any]] = {}

    async def load(self) -> "DashPage":
        layout, dependencies = [await self.read(name) for name in ("_dash-layout", "_dash-dependencies")]
        assert (layout.status_code, dependencies.status_code) == (200, 200), layout.text
        self.layout, self.dependencies = layout.json(), dependencies.json()
        self.show(self.layout)
        return self

    async def read(self, name: str) -> httpx.Response:
        """Fetch as Dash's scripts do."""
        return await self.browser.get(self.base + name, accept="application/json")

    def show(self, drawn: Any) -> None:
        """Take over components that a callback has drawn."""
        self.found |= {key(one["props"]["id"]): one for one in components(drawn) if "id" in one["props"]}

    def props(self, component_id: Id) -> dict[str, Any]:
        found: dict[str, Any] = self.found[key(component_id)]["props"]
        return found

    def dependency(self, text: str) -> dict[str, Any]:
        """The one callback on the server with this text among its outputs or inputs."""
        served = [one for one in self.dependencies if not one["clientside_function"]]
        (found,) = [one for one in served if text in one["output"] or text in _written(one["inputs"])]
        return found

    def body(self, output: str, changed: dict[str, Any], match: str = "") -> dict[str, Any]:
        """What the browser posts when these properties (`id.property`) have changed."""
        known = self.dependency(output)
        outputs = [self._resolved(*_split(one), match) for one in _outputs(known["output"])]
        filled = {
            part: [
                self._with_values(self._resolved(_id(one["id"]), one["property"], match), changed)
                for one in known[part]
            ]
            for part in ("inputs", "state")
        }
        return {
            "output": known["output"],
            "outputs": outputs if known["output"].startswith("..") else outputs[0],
            **filled,
            "changedPropIds": [name for name in changed if name in _names(filled["inputs"])],
        }

    async def post(self, body: Any, *, name: str = "_dash-update-component", **headers: str) -> httpx.Response:
        self.token = self.token or await self.browser.token()
        token = {"x-csrftoken": self.token}
        return await self.browser.http.post(self.base + name, json=body, headers=token | headers)

    async def post_ask(self, asked: Any, **headers: str) -> httpx.Response:
        """Ask for tiles as asking.js does."""
        return await self.post(asked, name="_answers", **headers)

    async def call(self, output: str, changed: dict[str, Any], match: str = "") -> dict[str, dict[str, Any]]:
        """The answer of a callback: new properties by component."""
        answer = await self.post(self.body(output, changed, match))
        assert answer.status_code == 200, answer.text
        found: dict[str, dict[str, Any]] = answer.json()["response"]
        return found

    async def act(self, output: str, changed: dict[str, Any], match: str = "") -> dict[str, dict[str, Any]]:
        """Call, and take over what the answer draws, as the browser does."""
        answer = await self.call(output, changed, match)
        for name, props in answer.items():
            if name == "aside" and "children" in props:
                drawn = ('{"name":', '"preview"', '"form-error"')
                self.found = {one: found for one, found in self.found.items() if not one.startswith(drawn)}
            if name in self.found:
                self.found[name]["props"] |= props
            self.show(list(props.values()))
        return answer

    async def press(self, button: Id) -> dict[str, dict[str, Any]]:
        """Press a button that is there."""
        assert key(button) in self.found, button
        store = self.found[key(button)]["props"].get("data-tells")
        if store:
            self.presses += 1
            told = {"id": button, "at": self.presses}
            return await self.act(f"{store}.data", {f"{store}.data": told})
        (known,) = [one for one in self.dependencies if _is_input(one, button)]
        prop = next(one["property"] for one in known["inputs"] if _matches(_id(one["id"]), button))
        self.presses += 1
        return await self.act(known["output"], {f"{key(button)}.{prop}": self.presses})

    async def ask(self, wishes: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """What the tiles show under these wishes, all in one step unless `tiles` are named."""
        answer = await self.post_ask({"sequence": 1, "wishes": wishes or {}, **more})
        assert answer.status_code == 200, answer.text
        return answered(answer.content)

    async def rows(self, tile: str, wishes: dict[str, Any] | None = None, **request: Any) -> dict[str, Any]:
        """Ask for a block of a table's rows."""
        asked = {"ticket": 1, "request": {"startRow": 0, "endRow": 100, **request}, "wishes": wishes or {}}
        changed = {f"{key({'role': 'rows-ask', 'tile': tile})}.data": asked}
        answer = await self.call("rows-got", changed, match=tile)
        found: dict[str, Any] = answer[key({"role": "rows-got", "tile": tile})]["data"]
        return found

    def _resolved(self, component_id: Id, prop: str, match: str) -> Any:
        if isinstance(component_id, str):
            return {"id": component_id, "property": prop}
        wild = {name for name, value in component_id.items() if value == ["ALL"]}
        wanted = {name: match if value == ["MATCH"] else value for name, value in component_id.items()}
        if not wild:
            return {"id": wanted, "property": prop}
        ids = [one["props"]["id"] for one in self.found.values() if isinstance(one["props"]["id"], dict)]
        fits = [
            one
            for one in ids
            if one.keys() == wanted.keys() and all(one[n] == wanted[n] for n in wanted if n not in wild)
        ]
        return [{"id": one, "property": prop} for one in fits]

    def _filled(self, known: dict[str, str], match: str, changed: dict[str, Any]) -> Any:
        return self._with_values(self._resolved(_id(known["id"]), known["property"], match), changed)

    def _with_values(self, given: Any, changed: dict[str, Any]) -> Any:
        if isinstance(given, list):
            return [self._with_values(one, changed) for one in given]
        name = f"{key(given['id'])}.{given['property']}"
        stored = self.found.get(key(given["id"]), {"props": {}})["props"].get(given["property"])
        return given | {"value": changed.get(name, stored)}


def _is_input(dependency: dict[str, Any], button: Id) -> bool:
    """Whether the server's callback listens to clicks on this button."""
    clicked = [_id(one["id"]) for one in dependency["inputs"] if one["property"] == "n_clicks"]
    return not dependency["clientside_function"] and any(_matches(known, button) for known in clicked)


def _matches(known: Id, button: Id) -> bool:
    if not isinstance(known, dict) or not isinstance(button, dict):
        return known == button
    return known.keys() == button.keys() and all(known[name] in (["ALL"], button[name]) for name in known)


def _written(parts: list[dict[str, str]]) -> str:
    return "...".join(f"{one['id']}.{one['property']}" for one in parts)


def _outputs(text: str) -> list[str]:
    return text[2:-2].split("...") if text.startswith("..") else [text]


def _split(text: str) -> tuple[Id, str]:
    component_id, prop = text.rsplit(".", 1)
    return _id(component_id), prop


def _id(text: str) -> Id:
    found: Id = json.loads(text) if text.startswith("{") else text
    return found


def _names(inputs: list[Any]) -> list[str]:
    flat = [one for given in inputs for one in (given if isinstance(given, list) else [given])]
    return [f"{key(one['id'])}.{one['property']}" for one in flat]
