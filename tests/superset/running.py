"""Starting, stopping and resetting one Superset; the keeper (keeper.py) does the
part that lasts as long as it runs."""

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import processes
from keeper import START_LIMIT
from prepared import Prepared, locked, prepare
from progress import Problem, step, tail
from run_state import is_running, known_state, read_state, shown, write_state
from states import States
from variants import VARIANTS


def up(
    run_dir: Path,
    variant: str = "main",
    web_port: int | None = None,
    mcp_port: int | None = None,
    mcp: bool = True,
    watch_pid: int | None = None,
    keep_data: bool = False,
    session_seconds: int | None = None,
    rate_limit: str | None = None,
    mcp_mode: str | None = None,
) -> dict:
    """Starts a Superset in `run_dir` and returns what to know about it."""
    boot = processes.boot_id()
    watched = None
    if watch_pid is not None:
        watched = {"pid": watch_pid, "start": processes.start_time(watch_pid)}
        if watched["start"] is None:
            raise Problem(f"There is no process {watch_pid} to watch.")
    plan = {
        "run": secrets.token_hex(16),
        "boot": boot,
        "variant": variant,
        "run_dir": str(run_dir),
        "web_port": web_port,
        "mcp_port": mcp_port,
        "mcp": mcp,
        "mcp_mode": mcp_mode or VARIANTS[variant].mcp_mode,
        "watch": watched,
        "starter": {"pid": os.getpid(), "start": processes.start_time(os.getpid())},
        "session_seconds": session_seconds or os.environ.get("JWT_ACCESS_TOKEN_EXPIRES"),
        "rate_limit": rate_limit,
    }
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(run_dir / "up.lock", "that starts a Superset there"):
        state = read_state(run_dir)
        if state and is_running(state):
            if state["variant"] == variant:
                return shown(state)
            raise Problem(
                f"A Superset of the variant {state['variant']} is running from {run_dir}. "
                "Stop it first, or choose another folder with --run-dir."
            )
        prepared = prepare()
        lay_out(run_dir, prepared, variant, keep_data)
        plan["python"] = str(prepared.python)
        with step(f"Starting Apache Superset ({variant})"):
            return shown(start_keeper(plan))


def down(run_dir: Path) -> bool:
    """Stops what `up` started there, and nothing else. False if nothing ran."""
    state = read_state(run_dir)
    if state is None or state["boot"] != processes.boot_id():
        return False
    ran = bool(processes.marked(state["run"]))
    keeper = state["processes"]["keeper"]
    processes.send(keeper, signal.SIGTERM)
    end = time.monotonic() + 10
    while processes.alive(keeper) and time.monotonic() < end:
        time.sleep(0.05)
    processes.end_all(state["run"])
    write_state({**state, "phase": "stopped"})
    return ran


def reset(run_dir: Path) -> None:
    """The database as it was prepared, under the running servers."""
    variant = VARIANTS[known_state(run_dir)["variant"]]
    states = states_of(run_dir)
    states.reset()
    if not variant.permissions:
        states.drop_permissions()
    if not variant.table:
        states.drop_table()


def status(run_dir: Path) -> dict | None:
    state = read_state(run_dir)
    if state is None:
        return None
    running = {
        name: state["boot"] == processes.boot_id() and processes.alive(process)
        for name, process in state["processes"].items()
    }
    return {**shown(state), "running": running}


def states_of(run_dir: Path) -> States:
    state = known_state(run_dir)
    return States(Path(state["db_path"]), state["timezone"], run_dir / "prepared.db")


def lay_out(run_dir: Path, prepared: Prepared, variant: str, keep_data: bool) -> None:
    """A folder with a database of its own. Servers that died there without
    `down` (a killed keeper, a restarted machine) are cleared away first."""
    if (run_dir / "state.json").exists():
        down(run_dir)
    database = run_dir / "superset.db"
    origin = run_dir / "origin"
    kept = keep_data and database.exists() and origin.exists()
    # Another prepared database has another secret: its keys would all be dead.
    if kept and origin.read_text() == prepared.key:
        return
    for name in ("superset.db-journal", "superset.db-wal", "superset.db-shm"):
        (run_dir / name).unlink(missing_ok=True)
    shutil.copy2(prepared.database, run_dir / "prepared.db")
    shutil.copy2(prepared.database, database)
    shutil.copy2(prepared.secret, run_dir / "secret")
    origin.write_text(prepared.key)
    if not VARIANTS[variant].permissions:
        States(database, "UTC", run_dir / "prepared.db").drop_permissions()


def start_keeper(plan: dict) -> dict:
    """Starts the keeper and waits for its one line: ready, or why not."""
    log = Path(plan["run_dir"]) / "keeper.log"
    entry = Path(__file__).with_name("superset_server.py")
    with open(log, "w") as out:
        keeper = subprocess.Popen(
            [sys.executable, str(entry), "_keep"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            cwd=plan["run_dir"],
            env={**os.environ, processes.MARK: plan["run"], "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
    try:
        keeper.stdin.write(json.dumps(plan).encode())
        keeper.stdin.close()
        ready, _, _ = select.select([keeper.stdout], [], [], START_LIMIT + 30)
        line = keeper.stdout.readline() if ready else b""
        if not line:
            raise Problem(f"The test Superset did not start.\n{tail(log)}")
        report = json.loads(line)
        if "problem" in report:
            raise Problem(report["problem"])
        return report
    except BaseException:
        processes.end_all(plan["run"])
        raise
