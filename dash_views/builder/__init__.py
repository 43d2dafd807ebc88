"""The builder: what to show by example, of which columns, and the real result at every step."""
