"""What must hold inside a link of a project file: each resolver has its own keys and its own kind of pattern."""

import re
from collections.abc import Iterator

from domain.description import LinkConfig, LinkDescription
from domain.errors import Problem
from domain.links import SAMPLE, sample_group, surroundings
from domain.patterns import placeholders
from domain.wording import tr

PATTERNED = ("pattern", "regex", "wildcard")
_UNSUPPORTED = re.compile(r"\\(?:[1-9]|(.))|\(\?(?:[=!>(]|<[=!]|P=)", re.DOTALL)
"""Lookaround, references and the like: the query engine matches in linear time and has none of them."""


def link_problems(link: LinkDescription, place: str) -> Iterator[Problem]:
    """The faults in the columns of a link; whether its collections have them shows when it is followed."""
    if not link.source_column.strip():
        yield Problem(f"{place}.source_column", tr("is empty; name the column whose values are looked for"))
    if link.link_config.target_field is not None and not link.link_config.target_field.strip():
        yield Problem(f"{place}.link_config.target_field", tr("is empty; leave it out when both columns have one name"))


def link_config_problems(config: LinkConfig, place: str) -> Iterator[Problem]:
    """The faults in how a link finds values."""
    if config.mappings and config.resolver != "sample_mapping":
        yield Problem(
            f"{place}.mappings",
            tr("belongs to the resolver sample_mapping, not to {resolver}", resolver=config.resolver),
        )
    if config.resolver not in PATTERNED:
        if config.pattern is not None:
            yield Problem(
                f"{place}.pattern",
                tr(
                    "belongs to the resolvers {known}, not to {resolver}",
                    known=", ".join(PATTERNED),
                    resolver=config.resolver,
                ),
            )
    elif not config.pattern:
        yield Problem(f"{place}.pattern", tr("is required for the resolver {resolver}", resolver=config.resolver))
    else:
        for message in _pattern_faults(config, config.pattern):
            yield Problem(f"{place}.pattern", message)


def _pattern_faults(config: LinkConfig, pattern: str) -> Iterator[str]:
    strange = [name for name in placeholders(pattern) if f"{{{name}}}" != SAMPLE]
    if strange:
        yield tr(
            "{{{strange}}} is not known; write {sample} where the value of the source column stands",
            strange=strange[0],
            sample=SAMPLE,
        )
    elif config.resolver == "pattern":
        if SAMPLE not in pattern:
            yield tr("has no {sample}, where the value of the source column stands", sample=SAMPLE)
    elif pattern.count(SAMPLE) > 1 or (config.resolver == "wildcard" and SAMPLE not in pattern):
        yield tr("must have {sample} once, where the value of the source column stands", sample=SAMPLE)
    else:
        yield from _expression_faults(config, pattern)


def _expression_faults(config: LinkConfig, pattern: str) -> Iterator[str]:
    around = surroundings(config)
    try:
        group = sample_group("(?:x)".join(around) if around else pattern)
    except re.error as error:
        if config.resolver == "regex":
            yield tr("is not a regular expression: {error}", error=error)
        else:
            yield tr("is not a shell pattern: {error}", error=error)
        return
    if config.resolver == "regex":
        if not around and not group:
            yield tr(
                "has neither {sample} nor a group, which must capture the value of the source column", sample=SAMPLE
            )
        for found in _UNSUPPORTED.finditer(pattern):
            if found[1] is None:
                yield tr(
                    "has {found}, which links cannot follow; neither can other lookaround and references",
                    found=found[0],
                )
                return
