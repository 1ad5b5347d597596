"""The keeper: a small process that starts the servers of a run, tells when they
answer, and ends them: when asked to, or when a process it watches is gone."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import postgres
import processes
import proxy
from mcp_modes import MODES
from ports import PortClaims
from prepared import environment
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
            while "problem" not in message and not stop and not is_orphan(plan):
                for server in servers.values():
                    server.poll()  # takes leave of one that ended
                time.sleep(0.2)
    finally:
        database = servers.pop("postgres", None)
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
        if database:
            postgres.stop(database)
    return 0


def is_gone(process: dict | None) -> bool:
    return process is not None and not processes.alive(process)


def is_orphan(plan: dict) -> bool:
    return any(is_gone(process) for process in plan["watch"])


def begin(plan: dict, claims: PortClaims, servers: dict) -> dict:
    """Starts the servers side by side and writes down what was started."""
    run_dir = Path(plan["run_dir"])
    variant = VARIANTS[plan["variant"]]
    beside, tls, mcp = plan["beside"], plan["tls"], plan["mcp"]
    scheme = "https" if tls else "http"
    # Before a proxy's Superset the address that people know is the proxy's.
    doors = proxy_doors(plan, claims) if variant.proxy and not beside else None
    web_port = None if beside else claims.take(0 if doors else plan["web_port"], WEB_PORT)
    mcp_port = claims.take(plan["mcp_port"], MCP_PORT) if mcp else None
    first_port = doors["names"] if doors else web_port
    web_url = beside["web_url"] if beside else f"{scheme}://127.0.0.1:{first_port}{variant.path}"
    mcp_url = f"{scheme}://127.0.0.1:{mcp_port}/mcp" if mcp else None
    database = Path(beside["db_path"] if beside else run_dir / "superset.db")
    on_postgres = beside["postgres"] if beside else start_postgres(plan, claims, servers)
    env = superset_environment(plan, database, web_url, on_postgres)
    own = variant.config and str(Path(__file__).with_name(variant.config))
    if files := [file for file in (own, plan.get("config")) if file]:
        env["SUPERSET_TEST_CONFIG"] = os.pathsep.join(files)
    commands = {}
    if web_port:
        commands["web"] = web_command(plan["python"], web_port, run_dir, tls)
    if doors:
        commands["proxy"] = proxy.command(run_dir, web_port, doors)
    if mcp_port:
        file = write_mcp_plan(run_dir, {**mcp, "mcp_url": mcp_url, "tls": tls})
        env["SUPERSET_TEST_MCP_FILE"] = str(file)
        commands["mcp"] = mcp_command(plan["python"], mcp_port)
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
        "db_path": str(database),
        "variant": plan["variant"],
        "timezone": variant.timezone,
        "web_url": web_url,
        "mcp_url": mcp_url,
        "mcp": mcp,
        "tls": tls,
        "users": USERS,
        "postgres": on_postgres,
        "proxy": doors and {name: f"http://127.0.0.1:{port}" for name, port in doors.items()},
        "ports": {"web": web_port, "mcp": mcp_port, "proxy": first_port},
        "processes": {
            name: {"pid": pid, "start": processes.start_time(pid)} for name, pid in pids.items()
        },
    }
    write_state(state)
    return state


def proxy_doors(plan: dict, claims: PortClaims) -> dict:
    """A port for each."""
    if plan["tls"]:
        raise Problem("The proxy before it speaks plain http.")
    return {"names": claims.take(plan["web_port"], WEB_PORT), "asks": claims.take(0, 0)}


def start_postgres(plan: dict, claims: PortClaims, servers: dict) -> dict | None:
    """The database's server, up before Superset asks for it; None where SQLite holds it."""
    found = plan["postgres"]
    if not found:
        return None
    run_dir, programs = Path(plan["run_dir"]), Path(found["programs"])
    port, log = claims.take(0, 0), run_dir / "postgres.log"
    server = postgres.start(
        run_dir / "postgres", programs, port, log, {processes.MARK: plan["run"]}
    )
    servers["postgres"] = server
    postgres.wait_ready(server, port, log, programs)
    return {**postgres.shown(port), "packages": found["packages"]}


def superset_environment(
    plan: dict, database: Path, web_url: str, on_postgres: dict | None
) -> dict:
    more = {
        **VARIANTS[plan["variant"]].environment,
        "SUPERSET_TEST_WEB_URL": web_url,
        processes.MARK: plan["run"],
    }
    if on_postgres:
        more |= postgres.variables(on_postgres["port"], on_postgres["packages"])
    if plan["session_seconds"]:
        more["JWT_ACCESS_TOKEN_EXPIRES"] = str(plan["session_seconds"])
    if plan["rate_limit"]:
        more["SUPERSET_TEST_RATE_LIMIT"] = plan["rate_limit"]
    return environment(Path(plan["run_dir"]), database, database.with_name("secret"), **more)


def write_mcp_plan(run_dir: Path, plan: dict) -> Path:
    file = run_dir / "mcp.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(plan, indent=2) + "\n")
    return file


def mcp_command(python: str, port: int) -> list:
    superset = str(Path(python).with_name("superset"))
    return [python, superset, "mcp", "run", "--host", "127.0.0.1", "--port", str(port)]


def web_command(python: str, port: int, run_dir: Path, tls: dict | None) -> list:
    files = ["--certfile", tls["certificate"], "--keyfile", tls["key"]] if tls else []
    return [
        *(python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "2", "--no-control-socket", *files),
        *("--worker-tmp-dir", str(run_dir / "home"), "superset.app:create_app()"),
    ]


def wait_ready(plan: dict, state: dict, servers: dict, stop: list) -> None:
    run_dir = Path(plan["run_dir"])
    end = time.monotonic() + START_LIMIT
    probes = {"web": web_answers, "mcp": mcp_answers, "proxy": web_answers}
    waiting = {name: server for name, server in servers.items() if name in probes}
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
        if stop or is_orphan(plan) or is_gone(plan["starter"]):
            raise Problem("The test Superset was stopped while it was starting.")
        time.sleep(0.1)


def web_answers(state: dict) -> bool:
    return http_status(f"{state['web_url']}/health") in (200, 429)


def mcp_answers(state: dict) -> bool:
    status = http_status(state["mcp_url"], b"{}")
    if status is None:
        return False
    # An error while its guard is set up would leave the server open to all.
    if (status == 401) != MODES[state["mcp"]["mcp_mode"]].is_closed:
        raise Problem(
            f"The MCP server answered {status} to a caller without anything to show, which "
            f"its mode does not do.\n{tail(Path(state['run_dir']) / 'mcp.log')}"
        )
    return True


def http_status(url: str, body: bytes | None = None) -> int | None:
    # Our own certificate, which may have ended; whether it is ours is known by
    # the process that holds the port. And loopback never goes through a proxy.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unchecked)
    )
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
    database = Path(state["db_path"])
    if not VARIANTS[state["variant"]].table:
        States(database, state["timezone"], database.with_name("prepared.db")).drop_table()
