"""Processes that belong to the server: what `persistence.child` knows of starting and ending them."""

from persistence.child import Child, start_child, stop_child

__all__ = ["Child", "start_child", "stop_child"]
