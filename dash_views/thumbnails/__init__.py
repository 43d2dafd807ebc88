"""Thumbnails: small pictures of dashboards for their lists, drawn from what their tiles show."""

from dash_views.thumbnails.making import Thumbnailer

__all__ = ["Thumbnailer"]
