"""Plotly figures as plain dictionaries: pure functions of a tile and the frame that answers it.

`go.Figure` and `plotly.express` cost 2 to 50 ms a figure in validation and templates; a dictionary costs none.
"""

from dash_views.figures.build import figure

__all__ = ["figure"]
