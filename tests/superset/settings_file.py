"""A file of settings as a superset_config.py is one."""

import os
from pathlib import Path


def written(files: str) -> dict:
    """What is written in capitals, as Superset takes it; of several files, as a PATH names them, the last one counts."""
    found = {}
    for file in files.split(os.pathsep):
        exec(compile(Path(file).read_text(), file, "exec"), found)
    return {name: value for name, value in found.items() if name.isupper()}
