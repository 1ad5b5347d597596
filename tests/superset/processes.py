"""Telling our own processes from all others, by what Linux says in /proc."""

import ctypes
import os
import signal
import time
from pathlib import Path

from progress import Problem

# Every process of a run carries the run's random name in its environment.
MARK = "SUPERSET_TEST_RUN"


def boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        raise Problem("The test Superset runs on Linux only: it needs /proc.") from None


def start_time(pid: int) -> int | None:
    """When a living process began, in ticks since boot. A pid is used again
    after its process ended; a pid with its start time is not."""
    stat = _stat(pid)
    return None if stat is None or stat[0] in "ZX" else int(stat[19])


def _stat(pid: int) -> list | None:
    try:
        # The name, in brackets, may hold anything: count behind the last one.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def alive(process: dict) -> bool:
    """`process` is {"pid", "start"} as written into the state file."""
    return process["start"] is not None and start_time(process["pid"]) == process["start"]


def marked(run: str) -> list:
    """The living processes of one run, whoever their parent is by now."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                environ = Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
            except OSError:
                continue
            start = start_time(int(entry))
            if f"{MARK}={run}".encode() in environ and start is not None:
                found.append({"pid": int(entry), "start": start})
    return found


def end_with_parent() -> None:
    """For a new process: even a parent that is killed takes it along."""
    death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(death_signal, signal.SIGTERM)


def send(process: dict, number: int) -> None:
    if alive(process):
        try:
            os.kill(process["pid"], number)
        except ProcessLookupError:
            pass


def wait_gone(run: str, limit: float) -> bool:
    end = time.monotonic() + limit
    while marked(run):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def end_all(run: str, gently: float = 3) -> None:
    """Ends what is left of a run: asked first, then made to."""
    for number, limit in ((signal.SIGTERM, gently), (signal.SIGKILL, 5)):
        for process in marked(run):
            send(process, number)
        if wait_gone(run, limit):
            return
    left = ", ".join(str(process["pid"]) for process in marked(run))
    raise Problem(f"These processes of the test Superset do not end: {left}.")


def listens(pid: int, port: int) -> bool:
    """Whether this very process holds the port, and not somebody else."""
    inodes = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
            inodes.add(f"socket:[{fields[9]}]")
    try:
        for entry in os.listdir(f"/proc/{pid}/fd"):
            try:
                if os.readlink(f"/proc/{pid}/fd/{entry}") in inodes:
                    return True
            except OSError:
                continue
    except OSError:
        pass
    return False
