"""Ports of our own on loopback."""

import fcntl
import socket

from prepared import cache_dir
from progress import Problem


class PortClaims:
    """Ports nobody listens on. A lock file for each keeps two Supersets that
    start at once from choosing the same one; it lasts as long as the keeper."""

    def __init__(self):
        self.locks = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for lock in self.locks:
            lock.close()

    def take(self, wanted: int | None, usual: int) -> int:
        """`wanted`: None for the usual port or another, 0 for any, else that one."""
        first = usual if wanted is None else wanted
        if first and self._claim(first):
            return first
        if wanted:
            raise Problem(f"Port {wanted} is taken; choose another, or 0 for any free one.")
        for _ in range(50):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                free = probe.getsockname()[1]
            if self._claim(free):
                return free
        raise Problem("No free port was found on 127.0.0.1.")

    def _claim(self, port: int) -> bool:
        folder = cache_dir() / "ports"
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / str(port), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            return False
        self.locks.append(lock)
        return True
