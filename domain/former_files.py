"""Project files of Depictio 1.5 in today's words: what it recorded in them, left out, or says at another place.

Whatever it has another word for is rewritten before the file is checked, so that such files work unchanged.
"""

from typing import Any

import msgspec

from domain.description import OWN_FORMATS
from domain.errors import Problem
from domain.wording import tr

Decoded = dict[Any, Any]
RECORDED = frozenset({"s3_location", "file_size_bytes", "processed_files", "samples", "modules", "plots"})
"""What Depictio 1.5 wrote into the properties of a report or of boundaries after reading them."""
RECORDED_OF_JOINS = frozenset(
    {"result_dc_id", "result_dc_tag", "delta_location", "executed_at", "row_count", "column_count", "size_bytes"}
)
"""What it wrote into a join after making it."""
REPORTS = {
    "mode": "recursive",
    "scan_parameters": {"regex_config": {"pattern": r"multiqc\.parquet"}},
}
"""Where a collection of the type multiqc is looked for that says nothing of it: every report below its runs."""
SYMMETRIC = ("inner", "outer", "full")
NO_JOIN = tr("must have on_columns and with_dc; better, write a join under joins: at the top of the file")
NOT_STORED = tr("every join is stored; leave the key out, or write a link, which stores nothing")


class Former(msgspec.Struct, frozen=True):
    """A file in today's words; `places` says where the parts stand that were moved, as the file has them."""

    decoded: Decoded
    problems: tuple[Problem, ...] = ()
    places: dict[str, str] = {}

    def placed(self, problem: Problem) -> Problem:
        """The problem at the place where the file has what it is about."""
        for here, there in self.places.items():
            if problem.place == here or problem.place.startswith(f"{here}."):
                return Problem(there, problem.message)
        return problem


def in_todays_words(decoded: Decoded) -> Former:
    """The file as it would be written today; what is of a wrong shape stays as it is, for the check to name."""
    joins = [_join(one) for one in _list(decoded.get("joins"))]
    problems = [Problem(f"joins[{i}].persist", NOT_STORED) for i, one in enumerate(joins) if _is_not_stored(one)]
    moved, faults, places = _joins_of_collections(decoded, len(joins))
    present = {**decoded, "workflows": _workflows(decoded.get("workflows"))}
    if joins or moved:
        present["joins"] = [*map(_without_persist, joins), *moved]
    if isinstance(decoded.get("links"), list):
        present["links"] = _links(decoded)
    if "workflows" not in decoded:
        del present["workflows"]
    return Former(present, (*problems, *faults), places)


def _workflows(workflows: Any) -> Any:
    return [_workflow(one) for one in workflows] if isinstance(workflows, list) else workflows


def _workflow(workflow: Any) -> Any:
    collections = workflow.get("data_collections") if isinstance(workflow, dict) else None
    if not isinstance(collections, list):
        return workflow
    return {**workflow, "data_collections": [_collection(one) for one in collections]}


def _collection(collection: Any) -> Any:
    config = collection.get("config") if isinstance(collection, dict) else None
    if not isinstance(config, dict):
        return collection
    left_out = {"join", *({"source"} if str(config.get("source")).lower() in {"native", "none"} else ())}
    if config.get("transform") is None:
        left_out.add("transform")
    present = {key: value for key, value in config.items() if key not in left_out}
    return {**collection, "config": _with_format(present)}


def _with_format(config: Decoded) -> Decoded:
    """The format of those types that have one only, and the place of reports; without what was recorded of them."""
    own = OWN_FORMATS.get(str(config.get("type")).lower())
    properties = config.get("dc_specific_properties") or {}
    if own is None or not isinstance(properties, dict):
        return config
    said = {key: value for key, value in properties.items() if key not in RECORDED}
    scan = {"scan": REPORTS} if own == "multiqc" and not config.get("scan") else {}
    return {**config, **scan, "dc_specific_properties": {"format": own, **said}}


def _join(join: Any) -> Any:
    if not isinstance(join, dict):
        return join
    return {key: value for key, value in join.items() if key not in RECORDED_OF_JOINS}


def _is_not_stored(join: Any) -> bool:
    return isinstance(join, dict) and join.get("persist") is False


def _without_persist(join: Any) -> Any:
    """What is neither true nor false stays, as a key that is not known."""
    if isinstance(join, dict) and isinstance(join.get("persist"), bool | None):
        return {key: value for key, value in join.items() if key != "persist"}
    return join


def _joins_of_collections(decoded: Decoded, first: int) -> tuple[list[Decoded], list[Problem], dict[str, str]]:
    """The joins that collections say of themselves, each once where both sides say it."""
    joins: list[Decoded] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    known: set[Any] = set()
    for i, workflow in enumerate(_dicts(decoded.get("workflows"))):
        for j, collection in enumerate(_dicts(workflow.get("data_collections"))):
            place = f"workflows[{i}].data_collections[{j}].config.join"
            config = collection.get("config")
            said = config.get("join") if isinstance(config, dict) else None
            if said is None:
                continue
            found = _joins_said(said, workflow.get("name"), collection.get("data_collection_tag"))
            if not found:
                problems.append(Problem(place, NO_JOIN))
            for join in found:
                if _sides(join) not in known:
                    places[f"joins[{first + len(joins)}]"] = place
                    joins.append(join)
                    known.add(_sides(join))
    return joins, problems, places


def _joins_said(said: Any, workflow: Any, tag: Any) -> list[Decoded]:
    if not isinstance(said, dict) or set(said) - {"on_columns", "with_dc", "how"}:
        return []
    with_dc, on = said.get("with_dc"), said.get("on_columns")
    if not isinstance(with_dc, list) or not with_dc or not isinstance(on, list):
        return []
    return [
        {
            "name": f"{tag}_with_{str(other).rpartition('.')[2]}",
            "left_dc": f"{workflow}.{tag}",
            "right_dc": other if "." in str(other) else f"{workflow}.{other}",
            "on_columns": on,
            "how": said.get("how") or "inner",
            "workflow_name": workflow,
        }
        for other in with_dc
    ]


def _sides(join: Decoded) -> Any:
    """What two joins have in common that make the same table."""
    sides = (join["left_dc"], join["right_dc"])
    how = str(join["how"]).lower()
    return frozenset(sides) if how in SYMMETRIC else sides, how, frozenset(map(str, join["on_columns"]))


def _links(decoded: Decoded) -> list[Any]:
    """Links by tags where the file has ids, and by the column that reports have for the name that 1.5 gave it."""
    tags, kinds = {}, {}
    for workflow in _dicts(decoded.get("workflows")):
        for one in _dicts(workflow.get("data_collections")):
            tag = f"{workflow.get('name')}.{one.get('data_collection_tag')}"
            tags[str(one.get("id"))] = tag
            config = one.get("config")
            kinds[tag] = str(config.get("type")).lower() if isinstance(config, dict) else ""
    tags |= {str(one["id"]): str(one.get("name")) for one in _dicts(decoded.get("joins")) if one.get("id")}
    return [_link(one, tags, kinds) for one in decoded["links"]]


def _link(link: Any, tags: dict[str, str], kinds: dict[str, str]) -> Any:
    if not isinstance(link, dict):
        return link
    present = dict(link)
    for end in ("source", "target"):
        said = present.get(f"{end}_dc_id")
        if f"{end}_dc_tag" not in present and said is not None:
            present[f"{end}_dc_tag"] = tags.get(str(said), said)
            del present[f"{end}_dc_id"]
    config = present.get("link_config")
    target = str(present.get("target_dc_tag"))
    is_report = any(kind == "multiqc" for tag, kind in kinds.items() if target in {tag, tag.partition(".")[2]})
    if is_report and isinstance(config, dict) and config.get("target_field") == "sample_name":
        present["link_config"] = {**config, "target_field": "sample"}
    return present


def _list(items: object) -> list[Any]:
    return items if isinstance(items, list) else []


def _dicts(items: object) -> list[Decoded]:
    return [one if isinstance(one, dict) else {} for one in _list(items)]
