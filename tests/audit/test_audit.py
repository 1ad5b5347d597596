"""`audit` against a real Superset on PostgreSQL: how fast, how many, for whom, and at which hour."""

import json
import os
import time
import unittest
from datetime import datetime, timedelta, timezone

from world import AUDITOR, VIEW, Caller, Computer, admin, clean, night_worker, server, set_up

# What a built-for-release program takes on an idle computer is measured by hand; this only sees a blunder.
PATIENCE = float(os.environ.get("SUPERSET_KEYS_AUDIT_SECONDS", "20"))


def make_dataset(computer: Computer, database: int) -> dict:
    made = computer.data("audit", "set-up", "lab", "--make-dataset", "--database", str(database), "--yes")
    return made["dataset"]


class Roads(unittest.TestCase):
    def setUp(self):
        self.at, self.by = server(), admin()
        clean(self.at, self.by)
        self.computer = Computer(self.at, "admin")

    def audit(self, *words: str, computer: Computer | None = None):
        done = (computer or self.computer).run("--json", "audit", "lab", *words, timeout=600)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)["data"]

    def key(self, name: str = "laptop", **columns: str) -> None:
        columns = {"created_on": "LOCALTIMESTAMP", "last_used_on": "LOCALTIMESTAMP", **columns}
        self.at.sql(
            f"INSERT INTO ab_api_key (id, uuid, name, key_hash, lookup_hash, key_prefix, user_id, active, "
            f"{', '.join(columns)}) SELECT nextval('ab_api_key_id_seq'), gen_random_uuid()::text, '{name}', "
            f"'hash-canary', md5(random()::text), 'sst_', id, true, {', '.join(columns.values())} FROM ab_user "
            "WHERE username = 'gamma'"
        )

    def test_no_road_is_78_and_superset_s_own_connection_is_none(self):
        self.assertEqual(self.computer.refused("audit", "lab")[:2], (78, "no_audit_road"))
        self.by.register("Superset metadata", self.at.uri("superset", "superset"))
        code, reason, words = self.computer.refused("audit", "lab")
        self.assertEqual((code, reason), (78, "login_may_too_much"))
        self.assertIn("hashes", words)
        self.key()
        code, told = self.audit("--trust-database")
        self.assertEqual([key["name"] for key in told["keys"]], ["laptop"])
        self.assertEqual(self.computer.refused("audit", "lab")[:2], (78, "login_may_too_much"))

    def test_sql_lab_reads_where_there_is_no_dataset(self):
        set_up(self.at, self.by)
        self.key()
        _, told = self.audit()
        self.assertEqual((told["road"]["kind"], told["keys"][0]["owner"]["username"]), ("sql_lab", "gamma"))

    def test_a_dataset_s_database_with_a_mighty_login_is_refused_too(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        self.at.sql(f"GRANT SELECT ON ab_user TO {AUDITOR}", "postgres")
        try:
            self.assertEqual(self.computer.refused("audit", "lab")[:2], (78, "login_may_too_much"))
        finally:
            self.at.sql(f"REVOKE SELECT ON ab_user FROM {AUDITOR}", "postgres")
        self.audit()

    def test_what_stands_in_the_way_is_named(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        self.key()
        for do, undo, codes in (
            (f"ALTER VIEW {VIEW} RENAME TO elsewhere", f"ALTER VIEW elsewhere RENAME TO {VIEW}", {78}),
            (f"ALTER VIEW {VIEW} RENAME roles TO jobs", f"ALTER VIEW {VIEW} RENAME jobs TO roles", {78}),
            (f"ALTER ROLE {AUDITOR} NOLOGIN", f"ALTER ROLE {AUDITOR} LOGIN", {69, 75, 76, 78}),
            (
                f"ALTER ROLE {AUDITOR} SET statement_timeout = '1ms'",
                f"ALTER ROLE {AUDITOR} SET statement_timeout = '20s'",
                {69, 75, 76, 78},
            ),
        ):
            with self.subTest(do):
                self.at.sql(do, "postgres")
                try:
                    code, reason, words = self.computer.refused("audit", "lab")
                finally:
                    self.at.sql(undo, "postgres")
                self.assertIn(code, codes, (reason, words))
        self.audit()

    def test_who_may_not_is_77(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        code, reason, _ = Computer(self.at, "gamma").refused("audit", "lab")
        self.assertEqual(code, 77, reason)

    def test_an_alpha_reads_what_an_alpha_sees(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        self.key()
        alpha = Computer(self.at, "alpha")
        _, told = self.audit(computer=alpha)
        self.assertEqual(len(told["keys"]), 1)
        self.assertEqual(told["road"]["login"]["kind"], "not_checked")

    def test_a_nightly_job_with_the_role_s_key(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        role = self.computer.data("audit", "role", "lab", "--yes")["id"]
        key = night_worker(self.by, role, Computer(self.at))
        job = Computer(self.at)
        job.did("sign-in", "lab", "--api-key-stdin", text=f"{key}\n")
        self.at.sql("DELETE FROM ab_api_key WHERE name <> 'Nightly'")
        self.at.sql("UPDATE ab_api_key SET expires_on = LOCALTIMESTAMP + interval '60 days'")
        code, told = self.audit(computer=job)
        self.assertEqual((code, [key["findings"] for key in told["keys"]]), (0, [[]]), told)
        self.key(name="forgotten", last_used_on="NULL", created_on="LOCALTIMESTAMP - interval '400 days'")
        code, told = self.audit(computer=job)
        found = {key["name"]: key["findings"] for key in told["keys"]}
        self.assertEqual(code, 1)
        self.assertLessEqual({"never_used", "over_a_year", "no_end"}, set(found["forgotten"]))
        self.at.sql("UPDATE ab_api_key SET revoked_on = LOCALTIMESTAMP WHERE name = 'Nightly'")
        self.assertEqual(job.refused("audit", "lab")[0], 77)

    def test_ten_thousand_keys_and_a_hundred_thousand(self):
        number = set_up(self.at, self.by)
        make_dataset(self.computer, number)
        for keys, words in ((10_000, ()), (50_000, ()), (100_000, ())):
            have = int(self.at.sql("SELECT count(*) FROM ab_api_key"))
            self.at.ask("fill", "--keys", str(keys - have), "--people", "500")
            began = time.monotonic()
            _, told = self.audit(*words)
            took = time.monotonic() - began
            print(f"\n{keys} keys of 500 people by the dataset: {took:.2f} s", end="")
            self.assertEqual(len(told["keys"]), keys)
            self.assertEqual(len({key["id"] for key in told["keys"]}), keys)
            if keys == 10_000:
                self.assertLess(took, PATIENCE)
                for one in self.by.datasets():
                    self.by.write("DELETE", f"/api/v1/dataset/{one['id']}")
                began = time.monotonic()
                _, by_sql = self.audit()
                print(f", by SQL Lab: {time.monotonic() - began:.2f} s", end="")
                self.assertEqual({key["id"] for key in by_sql["keys"]}, {key["id"] for key in told["keys"]})
                times = lambda all: {key["id"]: key["last_used"] for key in all["keys"]}  # noqa: E731
                self.assertEqual(times(by_sql), times(told), "both roads tell the same times")
                make_dataset(self.computer, number)


class NewYork(unittest.TestCase):
    """The server's clock, and every time it stores, is New York's."""

    def test_a_use_of_now_was_now(self):
        at, by = server("newyork"), admin("newyork")
        clean(at, by)
        computer = Computer(at, "admin")
        computer.did("keys", "create", "lab", "--name", "Mine")
        key = computer.did("keys", "print", "lab", "mine").strip()
        number = set_up(at, by)
        Caller(at, "admin", key).call("GET", "/api/v1/me/")
        for road in ("sql_lab", "dataset"):
            if road == "dataset":
                make_dataset(computer, number)
            told = json.loads(computer.run("--json", "audit", "lab").stdout)["data"]
            self.assertEqual(told["road"]["kind"], road)
            mine = next(key for key in told["keys"] if key["name"] == "Mine")
            for which in ("created", "last_used"):
                then = datetime.fromisoformat(mine[which]["utc"].replace("Z", "+00:00"))
                self.assertLess(abs(datetime.now(timezone.utc) - then), timedelta(minutes=10), (road, mine))
                wall = datetime.fromisoformat(mine[which]["server"]).replace(tzinfo=timezone.utc)
                self.assertIn(then - wall, (timedelta(hours=4), timedelta(hours=5)))


if __name__ == "__main__":
    unittest.main()
