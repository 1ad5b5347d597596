"""The command line as Windows runs it: a key's life, AI clients' files, the bridge, a scan, the vault and its agent."""

import hashlib
import json
import re
import shutil
import subprocess
import threading
import unittest

from wine import PATIENCE, WINE, Person, superset, until, windows

PASSPHRASE = "correct horse"
HELLO = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
WHO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "get_instance_info", "arguments": {"request": {}}},
}


def contains(folder, text: str) -> list:
    """Files in which it can be read, in either way Windows writes text."""
    needles = (text.encode(), text.encode("utf-16-le"))
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]


class AKey(unittest.TestCase):
    def test_is_made_kept_printed_listed_and_revoked(self):
        person = Person("key").signed_in()
        key = person.key()
        self.assertTrue(key.startswith("sst_"), "no key was printed")
        listed = person.data("keys", "list", "test")["keys"]
        self.assertEqual([(one["alias"], one["status"], one["presence"]) for one in listed], [("laptop", "active", "keychain")])
        self.assertEqual(contains(person.home, key), [], "the key can be read in a file")
        headers = json.loads(person.did("headers", "test"))
        self.assertEqual(headers, {"Authorization": f"Bearer {key}"})
        person.did("keys", "revoke", "test", "laptop", "--yes")
        self.assertEqual(person.refused("headers", "test", "--key", "laptop")[0], 66)

    def test_two_programs_at_once_lose_nothing(self):
        person = Person("crowd").signed_in()
        names = [f"key-{number}" for number in range(4)]
        making = [person.start("keys", "create", "test", "--name", name, "--alias", name) for name in names]
        for program in making:
            out, error = program.communicate(timeout=PATIENCE)
            self.assertEqual(program.returncode, 0, (out + error).decode())
        listed = person.data("keys", "list", "test")["keys"]
        self.assertLessEqual(set(names), {one["alias"] for one in listed})
        for name in names:
            self.assertTrue(person.did("keys", "print", "test", name).startswith("sst_"))


class Files(unittest.TestCase):
    def test_our_folders_do_not_roam_and_bear_our_name_once(self):
        person = Person(None)
        local = person.windows.person / "AppData" / "Local" / "superset-keys"
        roaming = person.windows.person / "AppData" / "Roaming" / "superset-keys"
        person.did("instances", "add", superset().url, "--name", "Usual", "--environment", "development")
        self.assertTrue((local / "config" / "state.json").is_file())
        self.assertFalse(roaming.exists())
        self.assertFalse((local / "superset-keys").exists())

        # As an earlier version left them.
        former = roaming / "superset-keys" / "config"
        former.parent.mkdir(parents=True)
        shutil.move(local / "config", former)
        known = person.data("instances", "list")
        self.assertEqual([one["short_name"] for one in known], ["usual"])
        self.assertTrue((local / "config" / "state.json").is_file())
        self.assertFalse(roaming.exists())
        person.did("instances", "remove", "usual", "--forget-keys")

    def test_a_file_that_another_program_has_open_is_waited_for_or_told_of(self):
        person = Person("held")
        person.did("instances", "add", superset().url, "--name", "First", "--environment", "development")
        state = person.home / "config" / "state.json"
        before = state.read_bytes()
        holder = person.windows.hold(person.windows.path(state))
        self.addCleanup(holder.release)
        _, _, words = person.refused("instances", "rename", "first", "Second")
        self.assertIn("another program has it open", words)
        self.assertIn(person.windows.path(state), words)
        self.assertEqual(state.read_bytes(), before)
        # One that lets go soon is waited for.
        renaming = person.start("instances", "rename", "first", "Second")
        until(lambda: list(state.parent.glob(".writing-*")), "it is about to replace the file")
        holder.release()
        out, error = renaming.communicate(timeout=PATIENCE)
        self.assertEqual(renaming.returncode, 0, (out + error).decode())
        self.assertIn("Second", state.read_text())
        self.assertEqual([path.name for path in state.parent.glob(".writing-*")], [])


class Clients(unittest.TestCase):
    def test_a_file_keeps_its_line_ends_and_comes_back_byte_for_byte(self):
        person = Person("clients").signed_in()
        person.key()
        config = person.windows.person / ".cursor" / "mcp.json"
        config.parent.mkdir(exist_ok=True)
        before = b'{\r\n  "mcpServers": {\r\n    "other": { "command": "other.exe" }\r\n  }\r\n}\r\n'
        config.write_bytes(before)
        person.did("connect", "cursor", "test")
        after = config.read_bytes()
        self.assertEqual(after.count(b"\n"), after.count(b"\r\n"), after)
        entries = json.loads(after)["mcpServers"]
        self.assertEqual(entries.pop("other"), {"command": "other.exe"})
        [entry] = entries.values()
        self.assertIn("superset-keys.exe", json.dumps(entry))

        # Whatever starts it as it stands there reaches Superset.
        env = {**person.windows.env, **entry.get("env", {})}
        bridge = subprocess.run(
            [WINE, entry["command"], *entry["args"]],
            input="".join(json.dumps(line) + "\n" for line in (HELLO,)).encode(),
            env=env,
            capture_output=True,
            timeout=PATIENCE,
        )
        self.assertIn("serverInfo", bridge.stdout.decode(), bridge.stderr.decode())

        person.did("restore", "cursor")
        self.assertEqual(config.read_bytes(), before)

    def test_the_bridge_carries_a_call_as_the_key_s_owner(self):
        person = Person("bridge").signed_in()
        person.key()
        bridge = person.start("bridge", "test")
        limit = threading.Timer(PATIENCE, bridge.kill)
        limit.start()
        self.addCleanup(limit.cancel)

        def say(message):
            bridge.stdin.write(json.dumps(message).encode() + b"\n")
            bridge.stdin.flush()

        say(HELLO)
        self.assertIn("serverInfo", json.loads(bridge.stdout.readline())["result"])
        say(INITIALIZED)
        say(WHO)
        told = json.loads(bridge.stdout.readline())["result"]["content"][0]["text"]
        self.assertEqual(json.loads(told)["current_user"]["username"], "gamma")
        bridge.stdin.close()
        self.assertEqual(bridge.wait(timeout=60), 0)
        bridge.stdout.close()
        bridge.stderr.close()

    def test_a_key_is_found_where_it_lies(self):
        person = Person("scan").signed_in()
        key = person.key()
        work = person.windows.drive / "work"
        work.mkdir()
        (work / ".env").write_bytes(f"SUPERSET={key}\r\n".encode("utf-16"))
        done = person.run("--json", "scan", person.windows.path(work))
        self.assertIn(done.returncode, (1, 2), done.stderr.decode())
        self.assertIn("C:\\\\work\\\\.env", done.stdout.decode())
        self.assertNotIn(key, done.stdout.decode())

        # Documents lie where Windows says, and PowerShell reads its start files there.
        moved = person.windows.drive / "Cloud" / "Dokumente"
        (moved / "PowerShell").mkdir(parents=True)
        (moved / "PowerShell" / "profile.ps1").write_text(f'$env:SUPERSET = "{key}"\r\n')
        for name in ("Shell Folders", "User Shell Folders"):
            folders = f"HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\{name}"
            words = ("reg.exe", "add", folders, "/v", "Personal", "/t", "REG_SZ", "/d", person.windows.path(moved), "/f")
            self.assertEqual(person.windows.wine(*words).returncode, 0)
        found = json.loads(person.run("--json", "scan").stdout)
        self.assertIn("profile.ps1", json.dumps(found))


class Vault(unittest.TestCase):
    def test_everything_can_be_kept_in_it_and_taken_out_again(self):
        person = Person("vault").signed_in()
        key = person.key()
        self.addCleanup(person.run, "vault", "lock")
        self.assertEqual(person.data("vault", "status")["state"], "missing")
        person.typed("vault", "create", passphrase=PASSPHRASE)
        self.assertEqual(person.data("vault", "status")["state"], "open")
        moved = person.data("vault", "move-in")
        self.assertEqual((moved["left"], moved["stopped"]), (0, False))
        [listed] = [one for one in person.data("keys", "list", "test")["keys"] if one["alias"] == "laptop"]
        self.assertEqual(listed["presence"], "vault")
        self.assertEqual(person.did("keys", "print", "test", "laptop").strip(), key)
        self.assertEqual(contains(person.home, key), [], "the key can be read in a file")

        person.did("vault", "lock")
        self.assertEqual(person.data("vault", "status")["state"], "locked")
        self.assertEqual(person.refused("headers", "test")[:2], (75, "vault_locked"))
        wrong = person.refused("vault", "unlock", "--passphrase-stdin", text="wrong\n")
        self.assertEqual(wrong[1], "wrong_passphrase")
        person.typed("vault", "unlock", passphrase=PASSPHRASE)
        self.assertEqual(json.loads(person.did("headers", "test")), {"Authorization": f"Bearer {key}"})

        both = f"{PASSPHRASE}\nbattery staple\n"
        person.data("vault", "passphrase", "--passphrase-stdin", text=both)
        self.assertEqual(person.did("keys", "print", "test", "laptop").strip(), key, "the agent follows")
        person.did("vault", "lock")
        old = person.refused("vault", "unlock", "--passphrase-stdin", text=f"{PASSPHRASE}\n")
        self.assertEqual(old[1], "wrong_passphrase")
        person.typed("vault", "unlock", passphrase="battery staple")

        exported = person.windows.drive / "for the laptop.vault"
        person.typed("vault", "export", person.windows.path(exported), passphrase="of the export")
        self.assertNotIn(key.encode(), exported.read_bytes())
        laptop = Person("laptop")
        self.addCleanup(laptop.run, "vault", "lock")
        came = laptop.typed("vault", "import", person.windows.path(exported), passphrase="of the export")
        self.assertEqual((came["instances_added"], came["keys_added"]), (1, 1))
        self.assertEqual(laptop.did("keys", "print", "test", "laptop").strip(), key)

        out = person.data("vault", "move-out")
        self.assertEqual((out["left"], out["stopped"]), (0, False))
        person.did("vault", "lock")
        self.assertEqual(person.did("keys", "print", "test", "laptop").strip(), key)

    def test_its_agent_answers_by_a_pipe_and_nobody_waits_for_it(self):
        person = Person("agent")
        self.addCleanup(person.run, "vault", "lock")
        # Whoever reads what `create` says reads its end, though the agent goes on.
        person.typed("vault", "create", passphrase=PASSPHRASE)
        # Another installation's programs ask another one.
        other = Person("agent-of-others")
        self.assertEqual(other.data("vault", "status")["state"], "missing")
        for _ in range(3):
            self.assertEqual(person.data("vault", "status")["state"], "open")
            self.assertEqual(person.refused("agent")[1], "agent_runs")
            person.did("vault", "lock")
            # A new one answers at once, whatever the last one still has to say.
            person.typed("vault", "unlock", passphrase=PASSPHRASE)

        # One that was started by hand is locked until somebody opens it, and ends when it is locked.
        person.did("vault", "lock")
        until(lambda: person.windows.processes() == 0, "no agent runs")
        with person.start("agent", stdin=subprocess.DEVNULL) as agent:
            # Somebody who connects and says nothing holds nobody up.
            silent = until(lambda: person.windows.hold(self.pipe(person)), "it answers")
            self.assertEqual(person.data("vault", "status")["state"], "locked")
            person.typed("vault", "unlock", passphrase=PASSPHRASE)
            self.assertEqual(person.windows.processes(), 1, "the one that was there was handed the key")
            self.assertEqual(person.data("vault", "status")["state"], "open")
            person.did("vault", "lock")
            self.assertEqual(agent.wait(timeout=60), 0)
            silent.release()

    def pipe(self, person) -> str:
        """Of this user, and of this installation: two people who share a folder have two."""
        user = re.search(r"S-1-5-21-[-0-9]+", (person.windows.prefix / "user.reg").read_text(errors="replace"))[0]
        name = user + person.windows.path(person.home / "config")
        return "\\\\.\\pipe\\superset-keys-" + hashlib.sha256(name.encode()).hexdigest()[:16]


def tearDownModule():
    windows().shut_down()


if __name__ == "__main__":
    unittest.main()
