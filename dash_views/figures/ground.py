"""What lies below the data of a map: boundaries from this server, or the tiles of a server that the settings name.

Colours are half transparent greys, so that they suit light and dark pages.
"""

from typing import Any

import msgspec

from domain.map_tile import Boundaries, MapStyle, MapTile

BOUNDARIES_AT = {
    Boundaries.COUNTRIES: "/static/vendor/maps/countries.geojson",
    Boundaries.US_STATES: "/static/vendor/maps/us-states.geojson",
}
"""What `web.vendor` has made of the boundaries; each region by its id in `domain.regions`."""
SEA, LAND, BORDER = "rgba(95, 145, 190, 0.13)", "rgba(128, 138, 150, 0.22)", "rgba(120, 130, 142, 0.6)"


class Ground(msgspec.Struct, frozen=True):
    """A tile server: the address of its pictures with {z}, {x} and {y}, and whom to thank; empty: none."""

    tiles: str = ""
    attribution: str = ""


def style(tile: MapTile, ground: Ground) -> dict[str, Any]:
    """The style in MapLibre's words; nothing in it is fetched from elsewhere unless the settings say so."""
    if ground.tiles and tile.map_style is not MapStyle.BOUNDARIES:
        source = {"type": "raster", "tiles": (ground.tiles,), "tileSize": 256, "attribution": ground.attribution}
        return {
            "version": 8,
            "sources": {"tiles": source},
            "layers": ({"id": "tiles", "type": "raster", "source": "tiles"},),
        }
    return {
        "version": 8,
        "sources": {"land": {"type": "geojson", "data": BOUNDARIES_AT[Boundaries.COUNTRIES]}},
        "layers": (
            {"id": "sea", "type": "background", "paint": {"background-color": SEA}},
            {"id": "land", "type": "fill", "source": "land", "paint": {"fill-color": LAND}},
            {
                "id": "borders",
                "type": "line",
                "source": "land",
                "paint": {"line-color": BORDER, "line-width": 0.7},
            },
        ),
    }
