"""A Superset on PostgreSQL with everybody's keys and the view that shows them. Prints {"url":…} and lives as long as its
stdin is open."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "audit"))

from world import Computer, admin, clean, server, set_up  # noqa: E402


def main() -> None:
    at, by = server(), admin()
    clean(at, by)
    number = set_up(at, by)
    Computer(at, "admin").did("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
    at.ask("fill", "--keys", "2000", "--people", "120")
    print(json.dumps({"url": at.url}), flush=True)
    sys.stdin.read()


main()
