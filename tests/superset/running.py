"""Starting, stopping and resetting one Superset, and MCP servers beside it; the
keeper (keeper.py) does the part that lasts as long as they run."""

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mcp_modes
import postgres
import processes
import tokens
from keeper import START_LIMIT
from prepared import Prepared, locked, prepare
from progress import Problem, step, tail
from run_state import is_running, known_state, read_state, shown, write_state
from states import States
from users import USERS
from variants import VARIANTS

# How the folder of an MCP server beside a Superset begins.
BESIDE = "mcp-"


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
    mcp_scopes: str | None = None,
    key_scopes: str | None = None,
    oauth_metadata: bool = False,
    tls_days: float | None = None,
    on_postgres: bool = False,
    config: str | None = None,
) -> dict:
    """Starts a Superset in `run_dir` and returns what to know about it."""
    mode = mcp_mode or VARIANTS[variant].mcp_mode
    plan = {
        **new_plan(run_dir, variant, watch_pid),
        "web_port": web_port,
        "mcp_port": mcp_port,
        "mcp": mcp_modes.planned(mode, mcp_scopes, key_scopes, oauth_metadata) if mcp else None,
        "session_seconds": session_seconds or os.environ.get("JWT_ACCESS_TOKEN_EXPIRES"),
        "rate_limit": rate_limit,
        "config": str(Path(config).resolve()) if config else None,
    }
    if on_postgres and not VARIANTS[variant].is_as_prepared:
        raise Problem(f"The variant {variant} is made by changing the database, which is done in SQLite only.")
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(run_dir / "up.lock", "that starts a Superset there"):
        state = read_state(run_dir)
        if state and is_running(state):
            running_mode = shown(state)["mcp_mode"]
            same = state["variant"] == variant and bool(state.get("postgres")) == on_postgres
            if same and mcp_mode in (None, running_mode):
                return shown(state)
            raise Problem(
                f"A Superset of the variant {state['variant']}, its MCP server {running_mode}, "
                f"is running from {run_dir}. Stop it first, or choose another folder with "
                "--run-dir."
            )
        if on_postgres:
            prepared = postgres.prepare_postgres()
            clear_away(run_dir)
            postgres.lay_out(run_dir, prepared, keep_data)
            plan["postgres"] = {name: str(getattr(prepared, name)) for name in ("programs", "packages")}
        else:
            prepared = prepare()
            lay_out(run_dir, prepared, variant, keep_data)
        plan["python"] = str(prepared.python)
        with step(f"Starting Apache Superset ({variant})"):
            plan["tls"] = certificate(plan, tls_days)
            return shown(start_keeper(plan))


def add_mcp(
    run_dir: Path,
    mode: str,
    port: int,
    watch_pid: int | None = None,
    scopes: str | None = None,
    key_scopes: str | None = None,
    oauth_metadata: bool = False,
    tls_days: float | None = None,
    config: str | None = None,
) -> dict:
    """Starts one more MCP server beside the Superset that runs from `run_dir`, on
    its database, in a folder of its own in there. It ends when that one does."""
    state = known_state(run_dir)
    if not is_running(state) or not state["ports"]["web"]:
        raise Problem(f"No Superset runs from {run_dir}; start it with 'up' first.")
    mcp = mcp_modes.planned(mode, scopes, key_scopes, oauth_metadata, config)
    own = Path(tempfile.mkdtemp(prefix=f"{BESIDE}{mode}-", dir=run_dir))
    plan = new_plan(own, state["variant"], watch_pid)
    plan |= {
        "mcp_port": port,
        "mcp": mcp,
        "beside": {name: state.get(name) for name in ("web_url", "db_path", "postgres")},
        "watch": [*plan["watch"], state["processes"]["keeper"]],
        "python": str(prepare().python),
    }
    with step(f"Starting an MCP server ({mode})"):
        plan["tls"] = certificate(plan, tls_days)
        return shown(start_keeper(plan))


def new_plan(run_dir: Path, variant: str, watch_pid: int | None) -> dict:
    """What the keeper is told, as far as it is the same for each run."""
    boot = processes.boot_id()
    watched = []
    if watch_pid is not None:
        watched = [{"pid": watch_pid, "start": processes.start_time(watch_pid)}]
        if watched[0]["start"] is None:
            raise Problem(f"There is no process {watch_pid} to watch.")
    return {
        "run": secrets.token_hex(16),
        "boot": boot,
        "variant": variant,
        "run_dir": str(run_dir),
        "beside": None,
        "postgres": None,
        "watch": watched,
        "starter": {"pid": os.getpid(), "start": processes.start_time(os.getpid())},
        "session_seconds": None,
        "rate_limit": None,
    }


def certificate(plan: dict, days: float | None) -> dict | None:
    """A certificate of this run's own; None without days, for plain HTTP."""
    if days is None:
        return None
    found = {name: str(Path(plan["run_dir"], f"{name}.pem")) for name in ("certificate", "key")}
    script = Path(__file__).with_name("certificate.py")
    made = subprocess.run(
        [plan["python"], str(script), found["certificate"], found["key"], str(days)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if made.returncode != 0:
        raise Problem(f"The certificate could not be made.\n{made.stderr[-1000:]}")
    return {**found, "ends": made.stdout.strip()}


def down(run_dir: Path) -> bool:
    """Stops what `up` or `mcp` started there, and nothing else. False if nothing ran."""
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
    if (run_dir / "postgres").is_symlink():
        postgres.bring_home(run_dir)
    # They end by themselves with it; here they are waited for.
    for file in run_dir.glob(f"{BESIDE}*/state.json"):
        down(file.parent)
    return ran


def token(run_dir: Path, user: str, scopes: str | None, hours: float) -> str:
    """A JWT that the MCP server running from there takes."""
    state = known_state(run_dir)
    if not state["mcp"] or not state["mcp"]["jwt"]:
        raise Problem(f"No MCP server that takes JWTs was started from {run_dir}.")
    return tokens.token(state["mcp"]["jwt"], user, scopes, hours)


def sign_in_at(run_dir: Path, user: str) -> tuple[str, str]:
    """Where somebody signs in, and with which password."""
    if user not in USERS:
        raise Problem(f"Nobody is called {user}.")
    return known_state(run_dir)["web_url"], USERS[user]["password"]


def reset(run_dir: Path) -> None:
    """The database as it was prepared, under the running servers."""
    variant = VARIANTS[known_state(run_dir)["variant"]]
    states = states_of(run_dir)
    states.reset()
    if not variant.permissions:
        states.drop_permissions()
    if variant.public_like:
        states.open_public(variant.public_like)
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
    if state.get("postgres"):
        raise Problem("States are written into SQLite only; write into PostgreSQL with 'sql'.")
    database = Path(state["db_path"])
    return States(database, state["timezone"], database.with_name("prepared.db"))


def lay_out(run_dir: Path, prepared: Prepared, variant: str, keep_data: bool) -> None:
    """A folder with a database of its own. Servers that died there without
    `down` (a killed keeper, a restarted machine) are cleared away first."""
    clear_away(run_dir)
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
    states = States(database, "UTC", run_dir / "prepared.db")
    if not VARIANTS[variant].permissions:
        states.drop_permissions()
    if VARIANTS[variant].public_like:
        states.open_public(VARIANTS[variant].public_like)


def clear_away(run_dir: Path) -> None:
    if (run_dir / "state.json").exists():
        down(run_dir)
    for folder in run_dir.glob(f"{BESIDE}*/"):
        shutil.rmtree(folder)


def postgres_of(run_dir: Path) -> dict:
    """Where the PostgreSQL of the Superset that runs from there is."""
    state = known_state(run_dir)
    if not is_running(state) or not state.get("postgres"):
        raise Problem(f"No Superset on PostgreSQL runs from {run_dir}; start it with 'up --postgres'.")
    return state["postgres"]


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
