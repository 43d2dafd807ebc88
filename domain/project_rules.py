"""What must hold inside the parts of a project file, beyond their shape: patterns, scans, joins."""

import re
from collections.abc import Iterator

from domain.collections import TECHNICAL_PREFIX
from domain.description import (
    OWN_FORMATS,
    CollectionConfig,
    DataLocation,
    JoinDescription,
    LinkConfig,
    LinkDescription,
    ProjectDescription,
    RegexConfig,
    Scan,
    TableProperties,
    WorkflowDescription,
)
from domain.errors import DomainError, Problem
from domain.link_rules import link_config_problems, link_problems
from domain.patterns import file_pattern, placeholders
from domain.projects import checked_name
from domain.reader_options import option_problems, override_problems
from domain.shape import Rules
from domain.wording import tr

REGEX_MAX_LENGTH = 2_000
"""A server compiles the patterns of its users' files too, and a long one takes it seconds."""
_NOT_COMPILED = (re.error, OverflowError, RecursionError)


def _project(project: ProjectDescription, _: str) -> Iterator[Problem]:
    try:
        checked_name(project.name)
    except DomainError:
        yield Problem("name", tr("must have 1 to 120 characters"))


def _workflow(workflow: WorkflowDescription, place: str) -> Iterator[Problem]:
    if not workflow.name.strip() or "." in workflow.name:
        yield Problem(f"{place}.name", tr("must not be empty and have no dot, which parts a workflow from a tag"))


def _location(location: DataLocation, place: str) -> Iterator[Problem]:
    if not location.locations:
        yield Problem(f"{place}.locations", tr("is empty; name at least one folder"))
    if location.runs_regex is not None:
        yield from _regex_problems(location.runs_regex, f"{place}.runs_regex")
    elif location.structure == "sequencing-runs":
        yield Problem(
            f"{place}.runs_regex", tr("is required for the structure sequencing-runs: it names the run folders")
        )


def _scan(scan: Scan, place: str) -> Iterator[Problem]:
    parameters = scan.scan_parameters
    place = f"{place}.scan_parameters"
    if scan.mode == "single" and not parameters.filename:
        yield Problem(f"{place}.filename", tr("is required for the mode single"))
    if scan.mode == "single" and parameters.regex_config is not None:
        yield Problem(f"{place}.regex_config", tr("belongs to the mode recursive"))
    if scan.mode == "recursive" and parameters.regex_config is None:
        yield Problem(f"{place}.regex_config", tr("is required for the mode recursive"))
    if scan.mode == "recursive" and parameters.filename is not None:
        yield Problem(f"{place}.filename", tr("belongs to the mode single"))
    if parameters.max_depth is not None and parameters.max_depth < 1:
        yield Problem(f"{place}.max_depth", tr("must be at least 1: files in the run's own folder"))


def _pattern(config: RegexConfig, place: str) -> Iterator[Problem]:
    sound = len(config.pattern) <= REGEX_MAX_LENGTH
    if not sound:
        yield Problem(
            f"{place}.pattern",
            tr("has {count} characters; at most {most} are read", count=len(config.pattern), most=REGEX_MAX_LENGTH),
        )
    declared = [wildcard.name for wildcard in config.wildcards]
    for index, wildcard in enumerate(config.wildcards):
        spot = f"{place}.wildcards[{index}]"
        faults = list(_regex_problems(wildcard.wildcard_regex, f"{spot}.wildcard_regex"))
        if not wildcard.name.isidentifier() or wildcard.name.startswith(TECHNICAL_PREFIX):
            faults.append(
                Problem(f"{spot}.name", tr("must be a word, and must not start with {prefix}", prefix=TECHNICAL_PREFIX))
            )
        if declared.index(wildcard.name) != index:
            faults.append(Problem(f"{spot}.name", tr("{name!r} is declared twice", name=wildcard.name)))
        if wildcard.name not in placeholders(config.pattern):
            faults.append(
                Problem(f"{spot}.name", tr("does not occur in the pattern as {{{name}}}", name=wildcard.name))
            )
        sound = sound and not faults
        yield from faults
    for name in placeholders(config.pattern):
        if name not in declared:
            yield Problem(f"{place}.pattern", tr("{{{name}}} is not declared in wildcards", name=name))
            sound = False
    if sound:
        try:
            file_pattern(config)
        except _NOT_COMPILED as error:
            yield Problem(f"{place}.pattern", tr("is not a regular expression: {error}", error=error))


def _properties(properties: TableProperties, place: str) -> Iterator[Problem]:
    yield from option_problems(properties.format, properties.polars_kwargs, f"{place}.polars_kwargs")
    yield from override_problems(properties.schema_overrides, f"{place}.schema_overrides")
    if (properties.lat_column is None) != (properties.lon_column is None):
        missing = "lat_column" if properties.lat_column is None else "lon_column"
        yield Problem(f"{place}.{missing}", tr("is missing; latitude and longitude come as a pair"))
    if properties.s3_base_folder and not properties.local_images_path:
        message = tr(
            "images are read from a folder only, and kept beside the table; name the folder in local_images_path"
        )
        yield Problem(f"{place}.s3_base_folder", message)


def _config(config: CollectionConfig, place: str) -> Iterator[Problem]:
    properties = config.dc_specific_properties
    place = f"{place}.dc_specific_properties"
    own = OWN_FORMATS.get(config.type)
    if own and properties.format != own:
        yield Problem(
            f"{place}.format", tr("must be {own} for the type {kind}, or be left out", own=own, kind=config.type)
        )
    if not own and properties.format in OWN_FORMATS.values():
        kind = next(kind for kind, one in OWN_FORMATS.items() if one == properties.format)
        yield Problem(f"{place}.format", tr("is that of the type {kind}", kind=kind))
    if config.type == "image" and not properties.image_column:
        yield Problem(f"{place}.image_column", tr("is required for the type image: the column that names the files"))
    if properties.image_column and properties.keep_columns and properties.image_column not in properties.keep_columns:
        yield Problem(
            f"{place}.keep_columns",
            tr("must have the image_column {image_column!r}", image_column=properties.image_column),
        )


def _join(join: JoinDescription, place: str) -> Iterator[Problem]:
    if not join.on_columns:
        yield Problem(f"{place}.on_columns", tr("is empty; name at least one column that both sides have"))
    if not join.name.strip() or "." in join.name:
        yield Problem(f"{place}.name", tr("must not be empty and have no dot, which parts a workflow from a tag"))


def _regex_problems(pattern: str, place: str) -> Iterator[Problem]:
    if len(pattern) > REGEX_MAX_LENGTH:
        yield Problem(
            place, tr("has {count} characters; a pattern has at most {most}", count=len(pattern), most=REGEX_MAX_LENGTH)
        )
        return
    try:
        re.compile(pattern)
    except _NOT_COMPILED as error:
        yield Problem(place, tr("is not a regular expression: {error}", error=error))


RULES: Rules = {
    ProjectDescription: _project,
    WorkflowDescription: _workflow,
    DataLocation: _location,
    Scan: _scan,
    RegexConfig: _pattern,
    TableProperties: _properties,
    CollectionConfig: _config,
    JoinDescription: _join,
    LinkDescription: link_problems,
    LinkConfig: link_config_problems,
}
"""By type of struct, for `domain.shape.fitted`."""
