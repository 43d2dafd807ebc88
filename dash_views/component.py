"""What our own Dash components have in common: one script beside the package, and properties by their names.

Dash reads a handful of class attributes of each component, and two lists of the package that it stands in.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from dash.development.base_component import Component, ComponentRegistry

VERSION = "0.2.0"
"""Dash puts it into the addresses of the scripts, beside their fingerprint."""
CHILDREN = "children"


class OwnComponent(Component):
    """A component of `window.dash_views`, named like its class. `properties` are those that it has beside `id`."""

    properties: ClassVar[Sequence[str]] = ()
    available_properties: list[str]
    available_wildcard_properties: list[str]
    _namespace = "dash_views"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._type = cls.__name__
        cls._prop_names = cls.available_properties = ["id", *cls.properties]
        cls._base_nodes = [CHILDREN] if CHILDREN in cls.properties else []
        cls._children_props = cls._valid_wildcard_attributes = cls.available_wildcard_properties = []

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call]


def own_files(package: str, *names: str) -> list[dict[str, str]]:
    """The files of a package as Dash lists them, in this order; from now on Dash looks for its lists there.

    Dash looks in the top package of a component's module; so this one is registered as well.
    """
    ComponentRegistry.registry.add(package)  # type: ignore[no-untyped-call]
    return [{"relative_package_path": name, "namespace": package} for name in names]
