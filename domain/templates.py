"""Templates: project files with a `template:` block, whose variables are given when they are used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.description import Identifiable
from domain.errors import Invalid, Problem
from domain.patterns import PLACEHOLDER
from domain.shape import fitted, nearest
from domain.wording import tr

NAME = re.compile(r"[A-Za-z_]\w*")


class TemplateVariable(Identifiable, frozen=True, kw_only=True):
    """A name that stands in braces in the template, such as `{DATA_ROOT}`."""

    name: str
    description: str = ""
    required: bool = True


class TemplateRule(Identifiable, frozen=True, kw_only=True):
    """What changes when a variable is given, or when it is not; a rule has one of the two conditions."""

    if_var_absent: str | None = None
    if_var_present: str | None = None
    remove_dc_tags: tuple[str, ...] = ()
    dashboards: tuple[str, ...] | None = None


class Template(Identifiable, frozen=True, kw_only=True):
    """The block `template:` of a project file."""

    template_id: str
    description: str = ""
    version: str = ""
    variables: tuple[TemplateVariable, ...] = ()
    dashboards: tuple[str, ...] = ()
    conditional: tuple[TemplateRule, ...] = ()
    reference: dict[str, Any] | None = None
    """Which of its own data Depictio 1.5 shows the template with; nothing here."""


class Applied(msgspec.Struct, frozen=True):
    """A template with its variables filled in: a project file's mapping, and the dashboard files that belong to it."""

    decoded: object
    dashboards: tuple[str, ...] = ()
    title: str = ""
    """Which template it was: id, version and description."""


def applied(decoded: object, given: Mapping[str, str]) -> Applied:
    """The project file that the decoded YAML stands for with these variables; without a template it is that itself.

    `{NAME}` is replaced in every text where the variable is given. Wildcards of file patterns that are called otherwise
    stay.

    Raises:
        Invalid: for faults in the block, variables that are required and missing, and given ones that it has not.
    """
    if not isinstance(decoded, dict):
        return Applied(decoded)
    rest = {key: value for key, value in decoded.items() if key != "template"}
    if "template" not in decoded:
        _check_known(given, _names(rest))
        return Applied(_filled(rest, given))
    template = _template(decoded["template"])
    _check_known(given, {variable.name for variable in template.variables})
    values = {name: text for name, text in given.items() if text}
    missing = [one for one in template.variables if one.required and one.name not in values]
    if missing:
        raise Invalid(
            tr("The template {template_id!r} needs more variables.", template_id=template.template_id),
            tuple(
                Problem(one.name, f"give it with --var {one.name}=…{f': {one.description}' * bool(one.description)}")
                for one in missing
            ),
        )
    rules = [rule for rule in template.conditional if _holds(rule, values)]
    dashboards = template.dashboards
    for rule in rules:
        dashboards = dashboards if rule.dashboards is None else rule.dashboards
    removed = {tag for rule in rules for tag in rule.remove_dc_tags}
    return Applied(_filled(_without(rest, removed), values), dashboards, _title(template))


def _title(template: Template) -> str:
    version = f" {template.version}" if template.version else ""
    return f"{template.template_id}{version}{f': {template.description}' * bool(template.description)}"


def _template(block: object) -> Template:
    fit, problems = fitted(block, Template, {TemplateVariable: _variable, TemplateRule: _rule, Template: _block})
    if problems:
        placed = (Problem(f"template.{one.place}".rstrip("."), one.message) for one in problems)
        raise Invalid(tr("The template has faults."), tuple(placed))
    template: Template = msgspec.convert(fit, Template)
    return template


def _variable(variable: TemplateVariable, place: str) -> Iterator[Problem]:
    if not NAME.fullmatch(variable.name):
        yield Problem(f"{place}.name", tr("must be a word of letters, digits and underscores"))


def _rule(rule: TemplateRule, place: str) -> Iterator[Problem]:
    if (rule.if_var_absent is None) == (rule.if_var_present is None):
        yield Problem(place, tr("must have one of if_var_absent and if_var_present"))


def _block(template: Template, _: str) -> Iterator[Problem]:
    known = {variable.name for variable in template.variables}
    for index, rule in enumerate(template.conditional):
        for key in ("if_var_absent", "if_var_present"):
            name = getattr(rule, key)
            if name is not None and name not in known:
                yield Problem(
                    f"conditional[{index}].{key}",
                    tr("{name!r} is not a variable; {nearest}", name=name, nearest=nearest(name, known)),
                )


def _holds(rule: TemplateRule, values: Mapping[str, str]) -> bool:
    return rule.if_var_present in values if rule.if_var_present is not None else rule.if_var_absent not in values


def _check_known(given: Mapping[str, str], known: set[str]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        problems = tuple(
            Problem(name, tr("is no variable of it; {nearest}", nearest=nearest(name, known))) for name in unknown
        )
        raise Invalid(tr("The project file does not have every variable that was given."), problems)


def _names(value: object) -> set[str]:
    match value:
        case str():
            return set(PLACEHOLDER.findall(value))
        case dict():
            return {name for one in value.values() for name in _names(one)}
        case list():
            return {name for one in value for name in _names(one)}
    return set()


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    match value:
        case str():
            return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), value)
        case dict():
            return {key: _filled(one, values) for key, one in value.items()}
        case list():
            return [_filled(one, values) for one in value]
    return value


def _without(decoded: dict[Any, Any], tags: set[str]) -> dict[Any, Any]:
    """The file without these collections and whatever refers to them: joins, joins of these, links."""
    removed = set(tags)
    fit = dict(decoded)
    if isinstance(fit.get("workflows"), list):
        fit["workflows"] = [_workflow_without(one, tags) for one in fit["workflows"]]
    if isinstance(fit.get("joins"), list):
        kept = []
        for join in fit["joins"]:
            if _refers(join, ("left_dc", "right_dc"), removed):
                removed.add(str(join.get("name")))
            else:
                kept.append(join)
        fit["joins"] = kept
    if isinstance(fit.get("links"), list):
        fit["links"] = [one for one in fit["links"] if not _refers(one, ("source_dc_tag", "target_dc_tag"), removed)]
    return fit


def _workflow_without(workflow: Any, tags: set[str]) -> Any:
    if not isinstance(workflow, dict) or not isinstance(workflow.get("data_collections"), list):
        return workflow
    kept = [
        one
        for one in workflow["data_collections"]
        if not (isinstance(one, dict) and one.get("data_collection_tag") in tags)
    ]
    return {**workflow, "data_collections": kept}


def _refers(part: Any, keys: tuple[str, ...], tags: set[str]) -> bool:
    """Whether one of these keys names one of the tags, as `tag` or `workflow.tag`."""
    return isinstance(part, dict) and any(str(part.get(key)).rpartition(".")[2] in tags for key in keys)
