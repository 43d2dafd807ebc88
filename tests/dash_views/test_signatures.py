"""`domain/express.py` against Plotly Express itself."""

from dash_views.figures import signatures
from domain import express


def test_the_stored_signatures_are_those_of_plotly_express() -> None:
    """When Plotly changes, the module is written again: see `signatures`."""
    stored = {name: getattr(express, name) for name in signatures.tables()}
    assert stored == signatures.tables()
    assert express.TEMPLATES.split() == list(signatures.templates())
