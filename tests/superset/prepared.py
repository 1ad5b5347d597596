"""What every run starts from, made once and kept in the cache folder: a Python
environment with Superset in it, and a database with tables and users."""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import end_with_parent
from progress import Problem, step, tail

HERE = Path(__file__).resolve().parent
# Superset's numpy and pandas end at 3.12, and some of the pins begin at 3.11.
PYTHONS = ["3.11", "3.12"]
PIP_LIMIT = 30 * 60
DATABASE_LIMIT = 10 * 60
# What no run has asked for in this time is removed when something newer is made.
KEEP_DAYS = 14


@dataclass(frozen=True)
class Prepared:
    python: Path
    database: Path
    secret: Path
    key: str


def cache_dir() -> Path:
    own = os.environ.get("SUPERSET_KEYS_CACHE")
    if own:
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().resolve() / "superset-keys-dev"


def prepare() -> Prepared:
    """Makes what is missing. Says nothing and takes milliseconds if all is there."""
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    version = python_version()
    venv = cache / f"venv-{digest(version, 'requirements.txt', 'constraints.txt')}"
    home = cache / "database-{}".format(
        digest(
            version,
            "requirements.txt",
            "constraints.txt",
            "superset_config.py",
            "prepare_database.py",
            "users.py",
        )
    )
    if not (is_complete(venv) and is_complete(home)):
        with locked(cache / "prepare.lock", "that prepares Superset"):
            if not is_complete(venv):
                install(venv, version)
            if not is_complete(home):
                make_database(home, venv / "bin" / "python")
            remove_old(cache, keep={venv, home})
    for made in (venv, home):
        os.utime(made / "complete")
    return Prepared(
        venv / "bin" / "python", home / "superset.db", home / "secret", home.name
    )


def digest(version: str, *names: str) -> str:
    """Changes with what the files say, not with their comments."""
    found = hashlib.sha256(version.encode())
    for name in names:
        for line in (HERE / name).read_text().splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                found.update(line.rstrip().encode() + b"\n")
    return found.hexdigest()[:12]


def is_complete(folder: Path) -> bool:
    if not (folder / "complete").exists():
        return False
    # The Python below an environment may have been removed since.
    python = folder / "bin" / "python"
    return python.exists() if folder.name.startswith("venv-") else True


@contextmanager
def locked(path: Path, other: str):
    """One at a time; the lock goes with the process that holds it."""
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step(f"Waiting for another process {other}"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def python_version() -> str:
    """The version to use, "3.11": that of this very Python where it fits."""
    mine = "{}.{}".format(*sys.version_info)
    if mine in PYTHONS:
        return mine
    for version in PYTHONS:
        if shutil.which(f"python{version}"):
            return version
    raise Problem(
        f"The test Superset needs Python 3.11 or 3.12, and this is {mine}. "
        "Install one of them beside it (as python3.11, say) and try again."
    )


def install(venv: Path, version: str) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    log = venv.parent / "pip.log"
    mine = "{}.{}".format(*sys.version_info)
    python = sys.executable if version == mine else shutil.which(f"python{version}")
    with step("Making a Python environment"):
        run(
            [python, "-m", "venv", str(venv)],
            log,
            120,
            f"Python {version} could not make a virtual environment. On Debian and "
            f"Ubuntu the package python{version}-venv (or python3-venv) is what it needs.",
        )
    with step("Installing Apache Superset 6.1 (about 1 GB; a few minutes the first time)"):
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--no-input"]
        pip += ["--disable-pip-version-check", "--progress-bar", "off"]
        pip += ["-r", str(HERE / "requirements.txt"), "-c", str(HERE / "constraints.txt")]
        run(pip, log, PIP_LIMIT, "Apache Superset could not be installed.")
    (venv / "complete").touch()


def make_database(home: Path, python: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    secret = home / "secret"
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(42))
    database = home / "superset.db"
    log = home.parent / "database.log"
    env = environment(home, database, secret)
    sentence = "The database for the test Superset could not be made."
    with step("Preparing Superset's database (about half a minute)"):
        run([str(python), str(HERE / "prepare_database.py")], log, DATABASE_LIMIT, sentence, env)
    if not database.exists():
        raise Problem(f"{sentence}\n{tail(log)}")
    database.chmod(0o600)
    (home / "complete").touch()


def environment(home: Path, database: Path, secret: Path, **more: str) -> dict:
    """A small environment, the same everywhere, whose every folder is `home`:
    nothing of the person's own is read or written."""
    inside = home / "home"
    inside.mkdir(mode=0o700, exist_ok=True)
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(inside),
        "TMPDIR": str(inside),
        "XDG_CACHE_HOME": str(inside),
        "XDG_CONFIG_HOME": str(inside),
        "XDG_DATA_HOME": str(inside),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "FLASK_APP": "superset.app:create_app()",
        "SUPERSET_HOME": str(inside),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "SUPERSET_TEST_DB": str(database),
        "SUPERSET_TEST_SECRET_FILE": str(secret),
        **more,
    }


def run(command: list, log: Path, limit: float, sentence: str, env: dict | None = None) -> None:
    """Runs to the end with its output in the log; the log's end is shown only
    if that failed. Whoever interrupts us ends the command too."""
    with open(log, "w") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=env,
            preexec_fn=end_with_parent,
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            sentence += f" It did not end within {limit:.0f} s."
            code = None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code != 0:
        raise Problem(f"{sentence}\n{tail(log)}")


def remove_old(cache: Path, keep: set, patterns: tuple = ("venv-*", "database-*")) -> None:
    """Environments are large and a change of pins makes a new one."""
    before = time.time() - KEEP_DAYS * 24 * 3600
    for pattern in patterns:
        for folder in cache.glob(pattern):
            marker = folder / "complete"
            if folder not in keep and marker.exists() and marker.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
