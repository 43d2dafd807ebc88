"""The clock, passed to whatever needs it, so that a test can say what time it is."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the time in UTC, to the millisecond (see `persistence.mongo.now`)."""
