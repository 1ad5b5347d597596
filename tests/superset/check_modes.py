"""Checks that each mode of the MCP server can be told apart by plain HTTP calls."""

import socket
import ssl
import time
import unittest
from urllib.parse import urlsplit

import tokens
from checking import BOGUS, KEYS, Beside, Server, command, http
from mcp_modes import MODES

GARBAGE = "not-a-token"
NO_USER = (200, 200, "no user")
NO_SUCH_KEY = (200, 200, "no such key")
ADMIN = (200, 200, "admin")
GAMMA = (200, 200, "gamma")
REFUSED = (401, 401, 401)
FORBIDDEN = (403, 403, 403)

# What initialize, tools/list and get_instance_info answer to: nobody, a made-up
# key, a made-up bearer, gamma's key.
EXPECTED = {
    "guarded": (REFUSED, REFUSED, REFUSED, GAMMA),
    "late": (REFUSED, NO_SUCH_KEY, REFUSED, GAMMA),
    "fallthrough": (REFUSED, ADMIN, REFUSED, ADMIN),
    "stock": (NO_USER, NO_USER, NO_USER, NO_USER),
    "dev-user": (ADMIN, ADMIN, ADMIN, ADMIN),
    "jwt": (REFUSED, REFUSED, REFUSED, REFUSED),
    "jwt-shared": (REFUSED, REFUSED, REFUSED, REFUSED),
}

# In the words of Superset: 6.1.0's, and those of the generation "late" stands for.
TEXTS = {
    "No authenticated user found. Tried:": "no user",
    "Invalid or expired API key. Create a new key at /api/v1/security/api_keys/.": "no such key",
}

# Options are tried on the same servers, to start fewer. They change nothing of
# what the table above says: gamma's key has the scope.
OPTIONS = {
    "guarded": ("--mcp-scopes", "mcp:read", "--key-scopes", "own"),
    "late": ("--mcp-scopes", "mcp:read"),
    "dev-user": ("--oauth-metadata",),
    "jwt-shared": ("--mcp-scopes", "mcp:read", "--tls-days", 5, "--oauth-metadata"),
}
SCOPES = "mcp:write, mcp:read"


def setUpModule():
    command("prepare", limit=40 * 60)


class ModesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("main", "--no-mcp", "--tls-days", 30)
        cls.addClassCleanup(cls.end)
        asked = {mode: (mode, *OPTIONS.get(mode, ())) for mode in MODES}
        asked["no scopes"] = ("fallthrough", "--mcp-scopes", "mcp:read")
        cls.mcp = {name: Beside(cls.server, *words) for name, words in asked.items()}
        for mcp in cls.mcp.values():
            mcp.ready()
        cls.session, made = cls.server.create("gamma", scopes=SCOPES)
        cls.key = made["key"]

    @classmethod
    def end(cls):
        cls.server.__exit__()
        assert all(mcp.left() == [] for mcp in cls.mcp.values()), "an MCP server outlived its web"

    def answers(self, name: str, bearer: str | None) -> tuple:
        mcp = self.mcp[name]
        tool = mcp.tool(bearer)
        for text, short in TEXTS.items():
            if f"Error: Error calling tool 'get_instance_info': {text}" in str(tool):
                tool = short
        return mcp.initialize(bearer), mcp.mcp("tools/list", {}, bearer).status, tool

    def test_each_mode_can_be_told_apart(self):
        for mode, expected in EXPECTED.items():
            for bearer, answer in zip((None, BOGUS, GARBAGE, self.key), expected):
                with self.subTest(mode, bearer=bearer and bearer[:5]):
                    self.assertEqual(self.answers(mode, bearer), answer)

    def test_a_server_tells_its_mode(self):
        for mode in MODES:
            info = self.mcp[mode].info
            self.assertEqual((info["mcp_mode"], info["dev_user"]), (mode, MODES[mode].dev_user))
            self.assertEqual(info["web_url"], self.server.info["web_url"])
            self.assertEqual(info["jwt"] is not None, mode.startswith("jwt"))

    def test_a_refusal_says_whether_there_was_something_to_refuse(self):
        for mode in ("guarded", "jwt"):
            asked = {b: self.mcp[mode].mcp("tools/list", {}, b) for b in (None, BOGUS)}
            self.assertEqual(asked[None].headers["WWW-Authenticate"], "Bearer")
            self.assertIn('error="invalid_token"', asked[BOGUS].headers["WWW-Authenticate"])

    def test_where_a_key_is_checked_shows_in_its_last_use(self):
        session, made = self.server.create("gamma", scopes=SCOPES)
        used = []
        for mode in ("stock", "fallthrough", "late", "guarded"):
            for asked in (self.mcp[mode].initialize, self.mcp[mode].tool):
                before = self.server.key(session, made["uuid"])["last_used_on"]
                asked(made["key"])
                used.append(self.server.key(session, made["uuid"])["last_used_on"] != before)
        self.assertEqual(used, [False, False, False, False, False, True, True, True])

    def test_a_revoked_key(self):
        session, made = self.server.create("gamma")
        self.server.call("DELETE", KEYS + made["uuid"], bearer=session)
        expected = {"guarded": REFUSED, "late": NO_SUCH_KEY, "fallthrough": ADMIN}
        for mode, answer in expected.items():
            self.assertEqual(self.answers(mode, made["key"]), answer, mode)

    def test_tokens_get_in_and_say_nothing_of_who_calls(self):
        for mode, answer in (("jwt", NO_USER), ("jwt-shared", ADMIN)):
            jwt = self.mcp[mode].info["jwt"]
            for user in ("gamma", "nobody-of-that-name"):
                fitting = tokens.token(jwt, user, SCOPES)
                self.assertEqual(self.answers(mode, fitting), answer, user)
            wrong = [{**jwt, part: "other"} for part in ("secret", "issuer", "audience")]
            made = [tokens.token(told, "gamma", SCOPES) for told in wrong]
            made.append(tokens.token(jwt, "gamma", SCOPES, hours=-1))
            for token in [*made, self.session]:
                self.assertEqual(self.answers(mode, token), REFUSED)

    def test_the_command_line_makes_tokens(self):
        def made(mode: str, *words):
            at = ("--run-dir", self.mcp[mode].info["run_dir"])
            return command("token", "--user", "gamma", *words, *at, check=False)

        plain, scoped = made("jwt-shared"), made("jwt-shared", "--scopes", "mcp:read mcp:write")
        self.assertEqual(self.answers("jwt-shared", plain.stdout.strip()), REFUSED)
        self.assertEqual(self.answers("jwt-shared", scoped.stdout.strip()), ADMIN)
        self.assertEqual(self.answers("jwt", made("jwt").stdout.strip()), NO_USER)
        refused = made("guarded")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertNotIn("Traceback", refused.stderr)

    def test_scopes_of_keys(self):
        _, without = self.server.create("gamma")
        self.assertEqual(self.answers("guarded", self.key), GAMMA)
        self.assertEqual(self.answers("guarded", without["key"]), FORBIDDEN)
        self.assertEqual(self.answers("late", without["key"]), GAMMA)
        # At first keys were given no scopes, and so none of them got in.
        self.assertEqual(self.answers("no scopes", self.key), FORBIDDEN)
        refused = self.mcp["no scopes"].mcp("tools/list", {}, self.key)
        self.assertEqual(refused.json["error"], "insufficient_scope")

    def test_scopes_need_somebody_who_checks(self):
        at = ("--run-dir", self.server.dir)
        for words in (("stock", "--mcp-scopes", "mcp:read"), ("late", "--key-scopes", "own")):
            refused = command("mcp", "--mode", *words, *at, check=False)
            self.assertEqual((refused.returncode, "Traceback" in refused.stderr), (1, False))

    def test_certificates_end_when_asked_to(self):
        for running, url, days in (
            (self.server, "web_url", 30),
            (self.mcp["jwt-shared"], "mcp_url", 5),
        ):
            where = urlsplit(running.info[url])
            self.assertEqual(where.scheme, "https")
            trusted = ssl.create_default_context(cafile=running.info["tls"]["certificate"])
            with socket.create_connection((where.hostname, where.port), 10) as plain:
                with trusted.wrap_socket(plain, server_hostname=where.hostname) as secure:
                    ends = ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"])
            self.assertAlmostEqual((ends - time.time()) / 86400, days, 1)

    def test_oauth_is_promised_only_where_asked_for(self):
        documents = ("oauth-protected-resource", "oauth-authorization-server")
        documents += ("oauth-protected-resource/mcp",)
        for name, status in (("jwt-shared", 200), ("dev-user", 200), ("guarded", 404)):
            mcp = self.mcp[name].info
            base = mcp["mcp_url"].removesuffix("/mcp")
            found = [http("GET", f"{base}/.well-known/{d}", tls=mcp["tls"]) for d in documents]
            self.assertEqual([f.status for f in found], [status] * 3, name)
            if status == 200:
                self.assertEqual(found[0].json["resource"], mcp["mcp_url"])
                self.assertTrue(found[1].json["authorization_endpoint"].startswith(base))
        refusal = self.mcp["jwt-shared"].mcp("tools/list", {}).headers["WWW-Authenticate"]
        self.assertIn("/.well-known/oauth-protected-resource/mcp", refusal)
