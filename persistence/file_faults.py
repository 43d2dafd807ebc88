"""What readers of files raise among themselves."""


class Fault(Exception):  # noqa: N818 -- it never leaves the readers of files.
    """What is wrong with the file, as the end of a sentence."""
