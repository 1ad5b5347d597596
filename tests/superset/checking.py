"""What the checks of the test Superset share: its command line, plain HTTP, servers."""

import json
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import processes
from users import USERS

HERE = Path(__file__).resolve().parent
KEYS = "/api/v1/security/api_keys/"
BOGUS = "sst_" + "x" * 43


def command(*words, limit: float = 240, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, str(HERE / "superset_server.py"), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=limit,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stderr}")
    return done


def eventually(true, limit: float, text: str) -> None:
    end = time.monotonic() + limit
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"Not within {limit} s: {text}")
        time.sleep(0.05)


class Answer:
    def __init__(self, status: int, headers, body: bytes):
        self.status, self.headers, self.text = status, headers, body.decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def result(self) -> dict:
        """What an MCP server answered, which it sends as an event."""
        data = [x[5:] for x in self.text.splitlines() if x.startswith("data:")]
        return json.loads(data[0])["result"]


def http(method: str, url: str, body=None, bearer: str | None = None, tls=None) -> Answer:
    headers = {"Accept": "application/json, text/event-stream"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    # A server's own certificate is all that is trusted.
    trusted = ssl.create_default_context(cafile=tls["certificate"]) if tls else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted)
    )
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with opener.open(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


class Running:
    """What was started, and its MCP server as any program would call it."""

    def know(self, told: str) -> None:
        self.info = json.loads(told)
        self.run = json.loads(Path(self.info["run_dir"], "state.json").read_text())["run"]

    def mcp(self, method: str, params: dict, bearer: str | None = None) -> Answer:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return http("POST", self.info["mcp_url"], body, bearer, self.info["tls"])

    def mcp_result(self, method: str, params: dict, bearer: str) -> dict:
        answer = self.mcp(method, params, bearer)
        assert answer.status == 200, answer.text
        return answer.result

    def initialize(self, bearer: str | None) -> int:
        params = {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "check", "version": "1"},
        }
        return self.mcp("initialize", params, bearer).status

    def left(self) -> list:
        return processes.marked(self.run)

    def tool(self, bearer: str | None) -> int | str:
        """What get_instance_info answers: the HTTP status if it is no success, an
        error's text, or the name of the user as whom it ran."""
        call = {"name": "get_instance_info", "arguments": {"request": {}}}
        answer = self.mcp("tools/call", call, bearer)
        if answer.status != 200:
            return answer.status
        text = answer.result["content"][0]["text"]
        return text if text.startswith("Error") else json.loads(text)["current_user"]["username"]


class Server(Running):
    """A Superset in a folder of its own, on any free ports unless told."""

    def __init__(self, variant: str, *words, ports=("--web-port", 0, "--mcp-port", 0)):
        self.folder = tempfile.TemporaryDirectory(prefix="superset-check-")
        self.dir = self.folder.name
        try:
            done = command(
                *("up", "--json", "--run-dir", self.dir, "--variant", variant), *ports, *words
            )
            self.know(done.stdout)
        except BaseException:
            self.folder.cleanup()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        command("down", "--run-dir", self.dir)
        self.folder.cleanup()

    def call(self, method: str, path: str, body=None, bearer: str | None = None) -> Answer:
        return http(method, self.info["web_url"] + path, body, bearer, self.info["tls"])

    def sign_in(self, user: str) -> str:
        body = {"username": user, "password": USERS[user]["password"], "provider": "db"}
        return self.call("POST", "/api/v1/security/login", body).json["access_token"]

    def create(self, user: str, **more) -> tuple:
        session = self.sign_in(user)
        made = self.call("POST", KEYS, {"name": "check", **more}, session)
        assert made.status == 201, made.text
        return session, made.json["result"]

    def key(self, session: str, uuid: str) -> dict:
        return self.call("GET", KEYS + uuid, bearer=session).json["result"]

    def state(self, *words) -> str:
        return command("state", *words, "--run-dir", self.dir).stdout


class Beside(Running):
    """An MCP server beside a Superset. Several start side by side: `ready` waits."""

    def __init__(self, server: Server, mode: str, *words):
        asked = ("mcp", "--json", "--run-dir", server.dir, "--mode", mode, *map(str, words))
        self.starting = subprocess.Popen(
            [sys.executable, str(HERE / "superset_server.py"), *asked],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> "Beside":
        told, errors = self.starting.communicate(timeout=240)
        assert self.starting.returncode == 0, errors
        self.know(told)
        return self
