#!/usr/bin/env python3
"""Checks the test Superset itself, on real servers: python3 tests/superset/check.py

Takes three to four minutes, more where Superset must be installed first.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import processes  # noqa: E402
from check_modes import ModesTest  # noqa: E402, F401  (unittest finds it by its name here)
from checking import BOGUS, HERE, KEYS, Beside, Server, command, eventually, http  # noqa: E402
from users import USERS  # noqa: E402

ME = "/api/v1/me/"


def setUpModule():
    command("prepare", limit=40 * 60)


class MainTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("main")
        cls.addClassCleanup(cls.server.__exit__)

    def tearDown(self):
        command("reset", "--run-dir", self.server.dir)

    def test_users_have_their_roles(self):
        for name, user in USERS.items():
            session = self.server.sign_in(name)
            roles = self.server.call("GET", "/api/v1/me/roles/", bearer=session).json["result"]
            self.assertEqual(list(roles["roles"]), [user["role"]])
            wanted = 403 if name == "nokeys" else 200
            self.assertEqual(self.server.call("GET", KEYS, bearer=session).status, wanted, name)

    def test_the_life_of_a_key(self):
        session, made = self.server.create("admin")
        self.assertRegex(made["key"], r"^sst_[\w-]{43}$")
        listed = self.server.call("GET", KEYS, bearer=session).json["result"]
        self.assertEqual([key["uuid"] for key in listed], [made["uuid"]])
        me = self.server.call("GET", "/api/v1/me/", bearer=made["key"])
        self.assertEqual(me.json["result"]["username"], "admin")
        revoked = self.server.call("DELETE", KEYS + made["uuid"], bearer=session)
        self.assertEqual(revoked.status, 200)
        self.assertIsNotNone(self.server.key(session, made["uuid"])["revoked_on"])
        self.assertEqual(self.server.call("GET", "/api/v1/me/", bearer=made["key"]).status, 401)

    def test_the_mcp_server_acts_as_the_owner_of_the_key(self):
        session, made = self.server.create("gamma")
        self.assertIsNone(self.server.key(session, made["uuid"])["last_used_on"])
        self.assertEqual(self.server.initialize(made["key"]), 200)
        first = self.server.key(session, made["uuid"])["last_used_on"]
        self.assertIsNotNone(first)
        tools = self.server.mcp_result("tools/list", {}, made["key"])["tools"]
        self.assertIn("get_instance_info", [tool["name"] for tool in tools])
        self.assertEqual(self.server.tool(made["key"]), "gamma")
        self.assertGreater(self.server.key(session, made["uuid"])["last_used_on"], first)

    def test_the_mcp_server_refuses_what_is_no_working_key(self):
        session, made = self.server.create("gamma")
        for bearer in (None, BOGUS, "garbage", session):
            self.assertEqual(self.server.initialize(bearer), 401)
        self.server.state("deactivate", "--user", "gamma")
        self.assertEqual(self.server.initialize(made["key"]), 401)
        self.server.state("activate", "--user", "gamma")
        self.assertEqual(self.server.initialize(made["key"]), 200)
        self.server.call("DELETE", KEYS + made["uuid"], bearer=session)
        for method in ("tools/list", "tools/call"):
            self.assertEqual(self.server.mcp(method, {}, made["key"]).status, 401)

    def test_key_states(self):
        session, made = self.server.create("admin")
        uuid = made["uuid"]
        self.server.state("last-used", "--uuid", uuid)
        key = self.server.key(session, uuid)
        self.assertAlmostEqual(self.days_since(key["last_used_on"]), 90, 1)
        self.server.state("expire", "--uuid", uuid)
        key = self.server.key(session, uuid)
        self.assertAlmostEqual(self.days_since(key["expires_on"]), 1, 1)
        self.assertLess(key["created_on"], key["expires_on"])
        self.assertEqual(self.server.call("GET", "/api/v1/me/", bearer=made["key"]).status, 401)
        self.assertEqual(self.server.initialize(made["key"]), 401)
        self.server.state("revoke", "--uuid", uuid)
        self.assertIsNotNone(self.server.key(session, uuid)["revoked_on"])
        self.assertEqual(json.loads(self.server.state("list"))[0]["uuid"], uuid)
        wrong = command(
            *("state", "expire", "--uuid", "none", "--run-dir", self.server.dir), check=False
        )
        self.assertEqual((wrong.returncode, "Traceback" in wrong.stderr), (1, False))

    @staticmethod
    def days_since(text: str) -> float:
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        return (now - datetime.fromisoformat(text)).total_seconds() / 86400

    def test_many_keys_and_reset(self):
        started = time.monotonic()
        made = self.server.state("add-keys", "--user", "alpha", "--count", 10_000).split()
        self.assertLess(time.monotonic() - started, 10)
        session = self.server.sign_in("alpha")
        listed = self.server.call("GET", KEYS, bearer=session).json["result"]
        self.assertEqual((len(listed), listed[0]["uuid"]), (10_000, made[0]))
        started = time.monotonic()
        command("reset", "--run-dir", self.server.dir)
        self.assertLess(time.monotonic() - started, 2)
        self.assertEqual(self.server.call("GET", KEYS, bearer=session).json, {"result": []})

    def test_the_table_can_go_and_come_back(self):
        session, _ = self.server.create("admin")
        self.server.state("drop-table")
        self.assertEqual(self.server.call("GET", KEYS, bearer=session).status, 500)
        self.server.state("restore-table")
        self.assertEqual(self.server.call("GET", KEYS, bearer=session).json, {"result": []})
        self.server.create("admin")

    def test_a_second_start_finds_the_first(self):
        again = command("up", "--json", "--run-dir", self.server.dir)
        self.assertEqual(json.loads(again.stdout), self.server.info)
        for words in (("--variant", "bi"), ("--mcp-mode", "late")):
            other = command("up", "--run-dir", self.server.dir, *words, check=False)
            self.assertEqual(other.returncode, 1, words)

    def test_nothing_is_open_to_others(self):
        for name in ("secret", "superset.db", "prepared.db", "state.json", "mcp.json"):
            self.assertEqual(Path(self.server.dir, name).stat().st_mode & 0o077, 0, name)


class VariantTest(unittest.TestCase):
    def test_under_a_path(self):
        with Server("bi") as server:
            self.assertTrue(server.info["web_url"].endswith("/bi"))
            _, made = server.create("alpha")
            self.assertEqual(server.call("GET", "/api/v1/me/", bearer=made["key"]).status, 200)
            self.assertEqual(server.initialize(made["key"]), 200)
            root = server.info["web_url"].removesuffix("/bi")
            self.assertEqual(http("GET", root + "/health").status, 404)

    def test_new_york(self):
        with Server("newyork", "--no-mcp") as server:
            self.assertIsNone(server.info["mcp_url"])
            session = server.sign_in("admin")
            made = server.call("POST", KEYS, {"name": "clock"}, session)
            sent = parsedate_to_datetime(made.headers["Date"]).replace(tzinfo=None)
            shown = datetime.fromisoformat(made.json["result"]["created_on"])
            self.assertIn(round((sent - shown).total_seconds() / 900), (16, 20))
            uuid = made.json["result"]["uuid"]
            # An hour ago there, which is a later time of day in UTC.
            server.state("expire", "--uuid", uuid, "--days-ago", 1 / 24)
            ended = datetime.fromisoformat(server.key(session, uuid)["expires_on"])
            self.assertAlmostEqual((shown - ended).total_seconds(), 3600, delta=60)
            dead = made.json["result"]["key"]
            self.assertEqual(server.call("GET", "/api/v1/me/", bearer=dead).status, 401)

    def test_keys_off(self):
        with Server("keys-off") as server:
            session = server.sign_in("admin")
            self.assertEqual(server.call("GET", KEYS, bearer=session).status, 404)
            self.assertEqual(server.call("GET", "/api/v1/me/", bearer=BOGUS).status, 422)
            self.assertIn("No authenticated user found", server.tool(BOGUS))

    def test_public_roles(self):
        for variant, keys in (("public", 200), ("public-gamma", 500)):
            with Server(variant, "--no-mcp") as server:
                session = server.sign_in("admin")
                for bearer in (None, BOGUS, session):
                    me = server.call("GET", "/api/v1/me/", bearer=bearer)
                    self.assertEqual((me.status, me.json["result"]["is_anonymous"]), (200, True))
                self.assertEqual(server.call("GET", KEYS, bearer=session).status, keys)
                server.state("close-public")
                me = server.call("GET", "/api/v1/me/", bearer=session)
                self.assertEqual(me.json["result"]["username"], "admin")

    def test_whom_a_proxy_names(self):
        for variant, ends in (("remote-user", "/login/"), ("remote-user-mended", ME)):
            with Server(variant, "--no-mcp") as server:
                doors = server.info["proxy"]
                self.assertEqual(doors["names"], server.info["web_url"])
                at, answer = self.browse(doors["names"])
                self.assertEqual(at, ends)
                if ends == ME:
                    self.assertEqual(json.loads(answer)["result"]["username"], "gamma")
                # Past the sign-in page nobody is asked, and nobody can name themselves.
                self.assertEqual(http("GET", doors["asks"] + ME).status, 401)
                self.assertEqual(http("GET", doors["asks"] + "/login/").status, 401)
                for who, knows in (("alpha", True), ("stranger", False)):
                    at, answer = self.browse(doors["asks"], who)
                    self.assertEqual(at, ends)
                    self.assertEqual(f'"username":"{who}"' in answer, knows and ends == ME, who)

    @staticmethod
    def browse(door: str, who: str | None = None) -> tuple:
        """Where somebody's browser ends that begins at the sign-in page, and what is there."""
        jar = urllib.request.HTTPCookieProcessor()
        opener = urllib.request.build_opener(jar, urllib.request.ProxyHandler({}))
        if who:
            basic = base64.b64encode(f"{who}:demo-{who}".encode()).decode()
            opener.addheaders = [("Authorization", f"Basic {basic}")]
        try:
            answer = opener.open(f"{door}/login/?next={ME}", timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return urllib.parse.urlsplit(answer.url).path, answer.read().decode()

    def test_no_init(self):
        with Server("no-init", "--no-mcp") as server:
            for _ in range(2):
                for user in USERS:
                    session = server.sign_in(user)
                    self.assertEqual(server.call("GET", KEYS, bearer=session).status, 403)
                command("reset", "--run-dir", server.dir)

    def test_no_key_table(self):
        with Server("no-key-table") as server:
            for _ in range(2):
                session = server.sign_in("admin")
                made = server.call("POST", KEYS, {"name": "lost"}, session)
                self.assertEqual((made.status, made.json), (201, {"result": {}}))
                self.assertEqual(server.call("GET", KEYS, bearer=session).status, 500)
                self.assertEqual(server.initialize(BOGUS), 401)
                command("reset", "--run-dir", server.dir)

    def test_rate_limited(self):
        with Server("rate-limited", "--no-mcp") as server:
            session = server.sign_in("admin")
            asked = lambda: server.call("GET", KEYS, bearer=session).status  # noqa: E731
            self.assertIn(429, [asked() for _ in range(25)])
            eventually(lambda: asked() == 200, 20, "the limit passes")

    def test_short_sessions(self):
        with Server("main", "--no-mcp", "--session-seconds", 2) as server:
            session = server.sign_in("admin")
            asked = lambda: server.call("GET", KEYS, bearer=session).status  # noqa: E731
            self.assertEqual(asked(), 200)
            eventually(lambda: asked() == 401, 10, "the session ends")


class ProcessTest(unittest.TestCase):
    def test_down_leaves_nothing(self):
        with Server("main") as server:
            # The keeper, two servers and gunicorn's worker.
            self.assertGreaterEqual(len(server.left()), 4)
            command("down", "--run-dir", server.dir)
            self.assertEqual(server.left(), [])
            self.assertEqual(command("down", "--run-dir", server.dir).returncode, 0)
            self.assertEqual(command("status", "--run-dir", server.dir, check=False).returncode, 3)

    def test_data_can_be_kept(self):
        with Server("main", "--no-mcp") as server:
            server.state("add-keys", "--user", "admin", "--name", "Kept")
            for words, names in ((["--keep-data"], ["Kept"]), ([], [])):
                command("down", "--run-dir", server.dir)
                command("up", "--no-mcp", "--web-port", 0, "--run-dir", server.dir, *words)
                kept = json.loads(server.state("list"))
                self.assertEqual([key["name"] for key in kept], names)

    def test_the_servers_end_with_the_process_they_watch(self):
        watched, other = (subprocess.Popen(["sleep", "1000"]) for _ in range(2))
        try:
            with Server("main", "--no-mcp", "--watch-pid", watched.pid) as server:
                besides = [Beside(server, "stock"), Beside(server, "jwt", "--watch-pid", other.pid)]
                stays, goes = (beside.ready() for beside in besides)
                other.kill()
                other.wait()
                eventually(lambda: not goes.left(), 15, "what watched that one ends")
                self.assertGreaterEqual(len(server.left()), 3)
                self.assertGreaterEqual(len(stays.left()), 2)
                watched.kill()
                watched.wait()
                eventually(lambda: not server.left(), 15, "all processes end")
                eventually(lambda: not stays.left(), 15, "also those beside it")
        finally:
            for process in (watched, other):
                process.kill()
                process.wait()
        gone = command("up", "--watch-pid", watched.pid, "--run-dir", server.dir, check=False)
        self.assertEqual((gone.returncode, "Traceback" in gone.stderr), (1, False))

    def test_a_killed_keeper_leaves_no_server(self):
        with Server("main") as server:
            os.kill(server.info["pids"]["keeper"], signal.SIGKILL)
            eventually(lambda: not server.left(), 15, "the servers end")

    def test_an_interrupted_start_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number), tempfile.TemporaryDirectory() as folder:
                words = ("up", "--run-dir", folder, "--web-port", "0", "--mcp-port", "0")
                starting = subprocess.Popen(
                    [sys.executable, str(HERE / "superset_server.py"), *words],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                state = Path(folder, "state.json")
                eventually(state.exists, 30, "the servers are being started")
                run = json.loads(state.read_text())["run"]
                starting.send_signal(number)
                starting.wait(20)
                eventually(lambda: not processes.marked(run), 20, "all processes end")

    def test_two_at_once_take_different_ports(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            try:
                starting = [
                    subprocess.Popen(
                        [
                            *(sys.executable, str(HERE / "superset_server.py"), "up"),
                            *("--no-mcp", "--json", "--run-dir", folder),
                        ],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                    )
                    for folder in (one, two)
                ]
                urls = [json.loads(s.communicate(timeout=240)[0])["web_url"] for s in starting]
                self.assertEqual(len(set(urls)), 2)
                for url in urls:
                    self.assertEqual(http("GET", url + "/health").status, 200)
            finally:
                command("down", "--run-dir", one)
                command("down", "--run-dir", two)

    def test_two_starts_in_one_folder_are_one(self):
        with tempfile.TemporaryDirectory() as folder:
            words = ("up", "--no-mcp", "--json", "--web-port", "0", "--run-dir", folder)
            try:
                starting = [
                    subprocess.Popen(
                        [sys.executable, str(HERE / "superset_server.py"), *words],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                    )
                    for _ in range(2)
                ]
                told = [s.communicate(timeout=240)[0] for s in starting]
                self.assertEqual(told[0], told[1])
                self.assertIn("web_url", json.loads(told[0]))
            finally:
                command("down", "--run-dir", folder)

    def test_a_taken_port_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as other, tempfile.TemporaryDirectory() as at:
            port = other.getsockname()[1]
            refused = command("up", "--web-port", port, "--run-dir", at, check=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(f"Port {port} is taken", refused.stderr)
            self.assertNotIn("Traceback", refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
