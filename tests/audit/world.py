"""What the tests of the audit share: a real Superset on a real PostgreSQL, its REST interface, psql, and computers with
the real command line. `./dev test audit` starts what they need."""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SUPERSET = ROOT / "tests" / "superset" / "superset_server.py"
SQL = ROOT / "src-tauri" / "core" / "src" / "audit" / "sql"
AUDITOR, PASSWORD = "superset_key_auditor", "only-for-this-test"
VIEW = "superset_key_audit"
# Stands in the database, and must come out nowhere.
HASH = "hash-canary"


def folder(prefix: str) -> str:
    """One that goes with the tests."""
    made = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def program() -> str:
    named = os.environ.get("SUPERSET_KEYS_PROGRAM")
    return named or str(Path(os.environ["CARGO_TARGET_DIR"]) / "debug" / "superset-keys")


class Refused(AssertionError):
    """PostgreSQL did not take it; its words."""


class Server:
    """A Superset whose metadata lies in a PostgreSQL of its own."""

    def __init__(self, variant: str = "main"):
        self.folder = folder("superset-audit-")
        words = ["up", "--json", "--postgres", "--no-mcp", "--web-port", "0", "--variant", variant]
        done = self.ask(*words, "--watch-pid", str(os.getpid()), keep_errors=False)
        told = json.loads(done)
        self.url, self.postgres = told["web_url"], told["postgres"]
        atexit.register(self.ask, "down")

    def ask(self, word: str, *words: str, text: str | None = None, keep_errors: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, str(SUPERSET), word, "--run-dir", self.folder, *words],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if keep_errors else None,
            text=True,
            timeout=600,
        )
        if done.returncode != 0:
            raise Refused(done.stderr)
        return done.stdout

    def sql(self, text: str, login: str = "superset", password: str | None = None) -> str:
        """Rows as psql prints them, | between columns."""
        at = self.postgres
        env = {"PATH": os.environ["PATH"], "PGPASSWORD": password or at["passwords"][login]}
        words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", at["host"], "-p", str(at["port"])]
        words += ["-U", login, "-d", at["database"], "-f", "-"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, env=env, timeout=120)
        if done.returncode != 0:
            raise Refused(done.stderr)
        return done.stdout.strip()

    def as_auditor(self, text: str) -> str:
        return self.sql(text, AUDITOR, PASSWORD)

    def run_script(self, name: str, login: str = "postgres") -> str:
        return self.sql((SQL / name).read_text(), login)

    def let_auditor_in(self) -> None:
        """What the text leaves to the database's owner."""
        self.sql(f"ALTER ROLE {AUDITOR} PASSWORD '{PASSWORD}'", "postgres")

    def uri(self, login: str, password: str) -> str:
        at = self.postgres
        return f"postgresql+psycopg2://{login}:{password}@{at['host']}:{at['port']}/{at['database']}"


class Caller:
    """One person's calls."""

    def __init__(self, server: Server, user: str, key: str | None = None):
        self.server, self.bearer, self.csrf = server, key, None
        if key is None:
            body = {"username": user, "password": f"demo-{user}", "provider": "db"}
            self.bearer = self.call("POST", "/api/v1/security/login", body)[1]["access_token"]

    def call(self, method: str, path: str, body=None, more: dict | None = None):
        headers = {"Accept": "application/json", **(more or {})}
        if self.bearer:
            headers["Authorization"] = f"Bearer {self.bearer}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(self.server.url + path, body, headers, method=method)
        try:
            answer = opener.open(request, timeout=120)
        except urllib.error.HTTPError as error:
            answer = error
        self.headers, text = answer.headers, answer.read()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode(errors="replace")

    def write(self, method: str, path: str, body=None):
        if not self.csrf:
            status, token = self.call("GET", "/api/v1/security/csrf_token/")
            assert status == 200, token
            cookies = "; ".join(c.split(";")[0] for c in self.headers.get_all("Set-Cookie"))
            self.csrf = {"X-CSRFToken": token["result"], "Cookie": cookies, "Referer": self.server.url + "/"}
        return self.call(method, path, body, self.csrf)

    def register(self, name: str, uri: str, **more) -> int:
        body = {"database_name": name, "sqlalchemy_uri": uri, "expose_in_sqllab": True, **more}
        status, made = self.write("POST", "/api/v1/database/", body)
        assert status == 201, made
        return made["id"]

    def sql_lab(self, database: int, text: str):
        body = {"database_id": database, "sql": text, "runAsync": False, "queryLimit": 1000}
        return self.write("POST", "/api/v1/sqllab/execute/", {**body, "client_id": uuid.uuid4().hex[:11]})

    def chart_data(self, dataset: int, **query):
        query = {"columns": ["id"], "row_limit": 10, "filters": [], "orderby": [], "extras": {}, **query}
        body = {"datasource": {"id": dataset, "type": "table"}, "force": True, "queries": [query]}
        return self.call("POST", "/api/v1/chart/data", {**body, "result_format": "json", "result_type": "full"})

    def datasets(self) -> list:
        query = f"(filters:!((col:table_name,opr:eq,value:{VIEW})),columns:!(id,database.id))"
        return self.call("GET", "/api/v1/dataset/?q=" + urllib.parse.quote(query))[1]["result"]

    def role(self, name: str) -> dict | None:
        query = urllib.parse.quote(f"(filters:!((col:name,opr:eq,value:'{name}')))")
        found = self.call("GET", f"/api/v1/security/roles/?q={query}")[1]["result"]
        return found[0] if found else None

    def role_permissions(self, role: int) -> set:
        told = self.call("GET", f"/api/v1/security/roles/{role}/permissions/")[1]["result"]
        return {f"{one['permission_name']} on {one['view_menu_name']}" for one in told}


class Computer:
    """A computer of its own, with the real command line and this session's keychain."""

    def __init__(self, server: Server | None = None, user: str | None = None):
        self.home = folder("superset-audit-home-")
        if server:
            self.did("instances", "add", server.url, "--name", "Lab", "--environment", "development")
        if user:
            self.did("sign-in", "lab", "--username", user, "--password-stdin", text=f"demo-{user}\n")

    def run(self, *words: str, text: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess:
        env = {**os.environ, "SUPERSET_KEYS_HOME": self.home, "LANG": "C.UTF-8"}
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            env.pop(name, None)
        done = subprocess.run(
            [program(), *words], input=text, capture_output=True, text=True, env=env, timeout=timeout
        )
        assert HASH not in done.stdout + done.stderr, f"{words} told a hash"
        return done

    def did(self, *words: str, text: str | None = None) -> str:
        done = self.run(*words, text=text)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def data(self, *words: str):
        return json.loads(self.did("--json", *words))["data"]

    def refused(self, *words: str) -> tuple:
        """Exit code, the reason's code, and everything said about it."""
        done = self.run("--json", *words)
        assert done.returncode != 0, f"{words} was done: {done.stdout}"
        error = json.loads(done.stderr.strip().splitlines()[-1])["error"]
        return done.returncode, error["code"], f"{error['message']} {error['hint'] or ''}"

    def state(self) -> dict:
        return json.loads((Path(self.home) / "config" / "state.json").read_text())["instances"][0]


@functools.cache
def running(variant: str) -> Server:
    return Server(variant)


def server(variant: str = "main") -> Server:
    """One for all tests; each leaves it as it finds it, or cleans it first."""
    return running(variant)


@functools.cache
def signed_in(variant: str) -> Caller:
    return Caller(server(variant), "admin")


def admin(variant: str = "main") -> Caller:
    return signed_in(variant)


def clean(at: Server, by: Caller) -> None:
    for kind in ("dataset", "database"):
        for one in by.call("GET", f"/api/v1/{kind}/?q=(page_size:100)")[1]["result"]:
            status, told = by.write("DELETE", f"/api/v1/{kind}/{one['id']}")
            assert status == 200, told
    at.run_script("postgresql_drop.sql")
    at.run_script("revoke_postgresql_drop.sql")
    at.sql("DELETE FROM ab_api_key")


def set_up(at: Server, by: Caller) -> int:
    """View, login and connection; the connection's number."""
    at.run_script("postgresql.sql")
    at.let_auditor_in()
    return by.register("Key audit", at.uri(AUDITOR, PASSWORD))


def night_worker(by: Caller, role: int, computer: Computer) -> str:
    """Somebody with this role alone, and a key that they made themselves."""
    # A name of their own: whoever did something on a server cannot always be deleted there.
    name = f"night-{uuid.uuid4().hex[:8]}"
    body = {"username": name, "first_name": "Night", "last_name": "Job", "email": f"{name}@example.org"}
    status, made = by.call(
        "POST", "/api/v1/security/users/", {**body, "password": "demo-night", "active": True, "roles": [role]}
    )
    assert status == 201, made
    computer.did("sign-in", "lab", "--username", name, "--password-stdin", text="demo-night\n")
    key = computer.did("keys", "create", "lab", "--name", "Nightly", "--show").strip().splitlines()[-1]
    assert key.startswith("sst_"), "a key was made"
    return key
