"""`docs/project-file.md` against the structs that read project files."""

from typing import Any, get_args

import msgspec
import pytest
import yaml

from domain.description import (
    Catalog,
    CollectionConfig,
    CollectionDescription,
    ColumnOverride,
    DataLocation,
    Engine,
    Granularity,
    JoinDescription,
    LinkConfig,
    LinkDescription,
    ProjectDescription,
    RegexConfig,
    Resolver,
    Scan,
    ScanParameters,
    TableProperties,
    Wildcard,
    WorkflowDescription,
)
from domain.project_file import project_description
from domain.reader_options import OPTIONS, REFUSED
from tests.docs.pages import blocks, rows, section

PAGE = "docs/project-file.md"
CHAPTERS: dict[str, type[msgspec.Struct]] = {
    "Project": ProjectDescription,
    "Workflow": WorkflowDescription,
    "Engine": Engine,
    "Catalog": Catalog,
    "Data location": DataLocation,
    "Data collection": CollectionDescription,
    "Config": CollectionConfig,
    "Scan": Scan,
    "Scan parameters": ScanParameters,
    "Pattern": RegexConfig,
    "Wildcard": Wildcard,
    "Table properties": TableProperties,
    "Join": JoinDescription,
    "Granularity": Granularity,
    "Column override": ColumnOverride,
    "Link": LinkDescription,
    "Link config": LinkConfig,
}
OF_OTHER_TYPES = (
    *("image_column", "local_images_path", "supported_formats", "feature_id_key", "s3_base_folder", "thumbnail_size"),
    *("lat_column", "lon_column", "ladderize", "metadata_dc_tag", "metadata_taxon_column", "tip_label_strategy"),
)
UNUSED = {("LinkDescription", "target_type"), *(("TableProperties", name) for name in OF_OTHER_TYPES)}
"""What belongs to other types or data than those of the example, which leaves it out."""


def default_of(field: msgspec.structs.FieldInfo) -> str:
    """The default as the tables write it."""
    default = field.default
    if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    match default:
        case msgspec.NODEFAULT:
            return "required"
        case None:
            return "none"
        case bool():
            return str(default).lower()
        case msgspec.Struct():
            return "as below"
    return str(default) if default else "empty"


def example() -> dict[str, Any]:
    [text] = blocks(PAGE, "yaml")
    decoded: dict[str, Any] = yaml.safe_load(text)
    return decoded


def structs_within(value: object) -> list[msgspec.Struct]:
    """The struct with all that it holds."""
    match value:
        case msgspec.Struct():
            inner = msgspec.structs.asdict(value).values()
            return [value, *(found for one in inner for found in structs_within(one))]
        case tuple():
            return [found for one in value for found in structs_within(one)]
    return []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_key_is_described_with_its_default(chapter: str) -> None:
    said = {row[0]: row[2] for row in rows(PAGE, chapter)}
    assert said == {field.name: default_of(field) for field in msgspec.structs.fields(CHAPTERS[chapter])}


def test_every_part_of_a_project_file_has_a_chapter() -> None:
    """The example holds each kind of part."""
    found = {type(one) for one in structs_within(project_description(example()))}
    assert found == set(CHAPTERS.values())


def test_the_example_shows_every_key_that_has_an_effect() -> None:
    """Each key stands somewhere in the example, apart from `id`."""
    shown: set[tuple[str, str]] = set()
    for struct in structs_within(project_description(example())):
        for field in msgspec.structs.fields(struct):
            if getattr(struct, field.name) != field.default or f"{field.name}: " in blocks(PAGE, "yaml")[0]:
                shown.add((type(struct).__name__, field.name))
    known = {(part.__name__, field.name) for part in CHAPTERS.values() for field in msgspec.structs.fields(part)}
    assert {pair for pair in known - shown if pair[1] != "id"} == UNUSED


def test_the_words_of_a_choice_are_all_named() -> None:
    """A key that takes one of a few words lists exactly these."""
    for chapter, struct in CHAPTERS.items():
        said = {row[0]: row[1] for row in rows(PAGE, chapter)}
        for field in msgspec.inspect.type_info(struct).fields:  # type: ignore[union-attr]
            if isinstance(field.type, msgspec.inspect.LiteralType):
                words = said[field.name].replace("`", "").split(", ")
                assert sorted(words) == sorted(map(str, field.type.values)), (chapter, field.name)


def test_every_resolver_is_described() -> None:
    """What a value finds by each; one of them has two ways."""
    described = {row[0].split("`")[0] for row in rows(PAGE, "Resolvers")}
    assert described == set(get_args(Resolver))


def test_every_reader_option_is_described() -> None:
    """Those that are read, and those that are refused by name."""
    said = {row[0]: row[1] for row in rows(PAGE, "Reader options")}
    known = {name: [one for one in OPTIONS if name in OPTIONS[one]] for options in OPTIONS.values() for name in options}
    assert said == {name: ", ".join(formats) for name, formats in known.items()} | {"schema_overrides": "all"}
    assert all(f"`{name}`" in section(PAGE, "Reader options") for name in REFUSED)
