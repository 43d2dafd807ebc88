"""The application with the example projects, as attackers meet it."""

from tests.dash_views.conftest import town

__all__ = ["town"]
