"""The keeper: a small process that starts both servers of a run, tells when they
answer, and ends them: when asked to, or when the process it watches is gone."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import processes
from prepared import cache_dir, environment
from progress import Problem, tail
from run_state import write_state
from states import States
from users import USERS
from variants import VARIANTS

WEB_PORT, MCP_PORT = 8088, 5008
# About 5 s on two idle cores; a busy machine may take many times that.
START_LIMIT = 180


def keep() -> int:
    plan = json.load(sys.stdin)
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    stop = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.append(True))
    servers: dict = {}
    try:
        with PortClaims() as claims:
            try:
                state = begin(plan, claims, servers)
                wait_ready(plan, state, servers, stop)
                finish_database(state)
                state["phase"] = "ready"
                write_state(state)
                message = state
            except Problem as problem:
                message = {"problem": str(problem)}
            try:
                report.write(json.dumps(message) + "\n")
                report.close()
            except BrokenPipeError:
                stop.append(True)
            while "problem" not in message and not stop and not is_gone(plan["watch"]):
                for server in servers.values():
                    server.poll()  # takes leave of one that ended
                time.sleep(0.2)
    finally:
        for server in servers.values():
            server.terminate()
        end = time.monotonic() + 3
        while any(server.poll() is None for server in servers.values()):
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        for server in servers.values():
            if server.poll() is None:
                server.kill()
            server.wait()
    return 0


def is_gone(process: dict | None) -> bool:
    return process is not None and not processes.alive(process)


def begin(plan: dict, claims: "PortClaims", servers: dict) -> dict:
    """Starts the servers side by side and writes down what was started."""
    run_dir = Path(plan["run_dir"])
    variant = VARIANTS[plan["variant"]]
    web_port = claims.take(plan["web_port"], WEB_PORT)
    mcp_port = claims.take(plan["mcp_port"], MCP_PORT) if plan["mcp"] else None
    web_url = f"http://127.0.0.1:{web_port}{variant.path}"
    more = {
        **variant.environment,
        "SUPERSET_TEST_MCP_MODE": plan["mcp_mode"],
        "SUPERSET_TEST_WEB_URL": web_url,
        processes.MARK: plan["run"],
    }
    if plan["session_seconds"]:
        more["JWT_ACCESS_TOKEN_EXPIRES"] = str(plan["session_seconds"])
    if plan["rate_limit"]:
        more["SUPERSET_TEST_RATE_LIMIT"] = plan["rate_limit"]
    env = environment(run_dir, run_dir / "superset.db", run_dir / "secret", **more)
    python = plan["python"]
    commands = {"web": web_command(python, web_port, run_dir)}
    if mcp_port:
        superset = str(Path(python).with_name("superset"))
        commands["mcp"] = [
            *(python, superset, "mcp", "run"),
            *("--host", "127.0.0.1", "--port", str(mcp_port)),
        ]
    for name, command in commands.items():
        with open(run_dir / f"{name}.log", "w") as log:
            servers[name] = subprocess.Popen(
                command,
                cwd=run_dir,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=processes.end_with_parent,
            )
    pids = {"keeper": os.getpid(), **{name: s.pid for name, s in servers.items()}}
    state = {
        "phase": "starting",
        "run": plan["run"],
        "boot": plan["boot"],
        "run_dir": plan["run_dir"],
        "db_path": str(run_dir / "superset.db"),
        "variant": plan["variant"],
        "mcp_mode": plan["mcp_mode"],
        "timezone": variant.timezone,
        "web_url": web_url,
        "mcp_url": f"http://127.0.0.1:{mcp_port}/mcp" if mcp_port else None,
        "users": USERS,
        "ports": {"web": web_port, "mcp": mcp_port},
        "processes": {
            name: {"pid": pid, "start": processes.start_time(pid)} for name, pid in pids.items()
        },
    }
    write_state(state)
    return state


def web_command(python: str, port: int, run_dir: Path) -> list:
    return [
        *(python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "2", "--no-control-socket"),
        *("--worker-tmp-dir", str(run_dir / "home"), "superset.app:create_app()"),
    ]


def wait_ready(plan: dict, state: dict, servers: dict, stop: list) -> None:
    run_dir = Path(plan["run_dir"])
    end = time.monotonic() + START_LIMIT
    probes = {"web": web_answers, "mcp": mcp_answers}
    waiting = dict(servers)
    while waiting:
        for name, server in list(waiting.items()):
            log = run_dir / f"{name}.log"
            if server.poll() is not None:
                raise Problem(f"Superset's {name} server ended as it started.\n{tail(log)}")
            port = state["ports"][name]
            if processes.listens(server.pid, port) and probes[name](state):
                del waiting[name]
            elif time.monotonic() > end:
                raise Problem(
                    f"Superset's {name} server did not answer on port {port} within "
                    f"{START_LIMIT} s.\n{tail(log)}"
                )
        if stop or is_gone(plan["watch"]) or is_gone(plan["starter"]):
            raise Problem("The test Superset was stopped while it was starting.")
        time.sleep(0.1)


def web_answers(state: dict) -> bool:
    return http_status(f"{state['web_url']}/health") in (200, 429)


def mcp_answers(state: dict) -> bool:
    status = http_status(state["mcp_url"], b"{}")
    if status is None:
        return False
    # An error while the guard is set up would leave the server open to all.
    if state["mcp_mode"] == "guarded" and status != 401:
        raise Problem(
            f"The MCP server answered {status} to a caller without a key: its guard is "
            f"not in place.\n{tail(Path(state['run_dir']) / 'mcp.log')}"
        )
    return True


def http_status(url: str, body: bytes | None = None) -> int | None:
    # Loopback never goes through a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, body, headers)
        with opener.open(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return None


def finish_database(state: dict) -> None:
    """Superset makes a missing table as it starts, so it is dropped only now."""
    run_dir = Path(state["run_dir"])
    if not VARIANTS[state["variant"]].table:
        States(Path(state["db_path"]), state["timezone"], run_dir / "prepared.db").drop_table()


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
