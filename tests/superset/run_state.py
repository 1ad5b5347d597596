"""The state file of a run: what was started, so that exactly this can be stopped."""

import json
from pathlib import Path

import processes
from progress import Problem


def read_state(run_dir: Path) -> dict | None:
    try:
        return json.loads((run_dir / "state.json").read_text())
    except (OSError, ValueError):
        return None


def known_state(run_dir: Path) -> dict:
    state = read_state(run_dir)
    if state is None:
        raise Problem(f"No Superset was started from {run_dir}.")
    return state


def write_state(state: dict) -> None:
    path = Path(state["run_dir"]) / "state.json"
    beside = path.with_suffix(".new")
    # It holds what signs the JWTs of a server that takes them.
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(state, indent=2) + "\n")
    beside.replace(path)


def is_running(state: dict) -> bool:
    return (
        state["phase"] == "ready"
        and state["boot"] == processes.boot_id()
        and all(processes.alive(process) for process in state["processes"].values())
    )


def shown(state: dict) -> dict:
    """What a caller needs to know."""
    names = ("web_url", "mcp_url", "run_dir", "db_path", "variant", "timezone", "users", "tls")
    names += ("postgres", "proxy")
    mcp_names = ("mcp_mode", "dev_user", "mcp_scopes", "key_scopes", "oauth_metadata", "jwt")
    # A folder may hold the state of an older version, which said less.
    mcp = state.get("mcp") or dict.fromkeys(mcp_names)
    pids = {name: process["pid"] for name, process in state["processes"].items()}
    return {
        **{name: state.get(name) for name in names},
        **{name: mcp[name] for name in mcp_names},
        "pids": pids,
    }
