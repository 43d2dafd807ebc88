"""What dashboards show: the one service that turns tiles and filter state into frames."""

from persistence.frames.shapes import Answer, ColumnProfile, Failure, Frame

__all__ = ["Answer", "ColumnProfile", "Failure", "Frame"]
