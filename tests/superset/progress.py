"""Plain sentences for people: what takes long, and what went wrong."""

import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path


class Problem(Exception):
    """A failure told in a sentence; the command prints it and ends with 1."""


def tail(log: Path, lines: int = 25) -> str:
    """The end of a log, to stand below the sentence that says what failed."""
    try:
        text = log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return ""
    return "\n".join([f"The end of {log}:", *("  " + line for line in text)])


@contextmanager
def step(text: str):
    """One line on stderr for a step: a sign of life each ten seconds, then how
    long it took."""
    start = time.monotonic()
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(10):
            say(f" {time.monotonic() - start:.0f} s …")

    def say(part: str) -> None:
        sys.stderr.write(part)
        sys.stderr.flush()

    say(f"{text} …")
    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        finished.set()
        beating.join()
        say(f" {outcome} ({time.monotonic() - start:.1f} s)\n")
