"""`audit set-up` and `audit role` against a real Superset on PostgreSQL: what is found, what is refused, what is made."""

import unittest

from world import AUDITOR, PASSWORD, SQL, VIEW, Caller, Computer, admin, clean, night_worker, server, set_up

LEAST = {
    "can_read on Chart",
    "can_read on Dataset",
    "can_read on CurrentUserRestApi",
    "can_list on ApiKey",
    "can_get on ApiKey",
    "can_create on ApiKey",
    "can_revoke on ApiKey",
}


def roads(view: dict) -> dict:
    return {road["kind"]: (road["state"], road["because"]) for road in view["roads"]}


class SetUp(unittest.TestCase):
    def setUp(self):
        self.at, self.by = server(), admin()
        clean(self.at, self.by)

    def owner(self) -> int:
        return self.by.register("Superset metadata", self.at.uri("superset", "superset"))

    def look(self, user: str = "admin") -> dict:
        return Computer(self.at, user).data("audit", "set-up", "lab")

    def test_nothing_there_says_what_comes_first(self):
        computer = Computer(self.at, "admin")
        view = computer.data("audit", "set-up", "lab")
        self.assertEqual(
            roads(view), {"dataset": ("not_there", "no_audit_road"), "sql_lab": ("not_there", "no_audit_road")}
        )
        self.assertTrue(all(one["has"] for one in view["permissions"]), view["permissions"])
        self.assertEqual(view["seen_by"], {"roles": ["Admin", "Alpha"], "asked": True})
        told = computer.did("audit", "set-up", "lab")
        self.assertIn("audit set-up lab --sql postgresql", told)

    def test_the_sql_is_what_was_tried_and_asks_no_server(self):
        computer = Computer()
        for kind in ("postgresql", "postgresql-columns", "mysql", "sqlite"):
            name = kind.replace("-", "_")
            told = computer.did("audit", "set-up", "nowhere", "--sql", kind)
            self.assertEqual(told, (SQL / f"{name}.sql").read_text())
            undo = computer.did("audit", "set-up", "nowhere", "--sql", kind, "--undo")
            self.assertEqual(undo, (SQL / f"{name.removesuffix('_columns')}_drop.sql").read_text())

    def test_superset_s_own_connection_is_found_and_refused(self):
        self.at.run_script("postgresql.sql")
        number = self.owner()
        computer = Computer(self.at, "admin")
        view = computer.data("audit", "set-up", "lab")
        login = view["databases"][0]["login"]
        self.assertEqual(login["kind"], "too_much")
        self.assertLessEqual({"reads_hashes", "writes"}, set(login["rights"]))
        self.assertEqual(roads(view)["sql_lab"], ("refused", "login_may_too_much"))
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        code, reason, words = computer.refused(*make)
        self.assertEqual((code, reason), (78, "login_may_too_much"))
        self.assertIn("reads hashes of passwords or keys", words)
        self.assertEqual(self.by.datasets(), [])
        # A trial is a trial: it is done, and what was found of the login stays found.
        made = computer.data(*make, "--trust-database")
        self.assertEqual(made["dataset"]["login"], {"kind": "trusted"})
        [judged] = computer.state()["audit"]["judged"]
        self.assertEqual((judged["database"], judged["rights"]), (number, login["rights"]))
        self.assertEqual(computer.refused(*make)[:2], (78, "login_may_too_much"))
        self.assertEqual(computer.refused("audit", "lab")[:2], (78, "login_may_too_much"))

    def test_each_right_that_is_too_much_is_seen(self):
        set_up(self.at, self.by)
        computer = Computer(self.at, "admin")
        for right, give, take in (
            (None, "SELECT 1", "SELECT 1"),
            (
                "reads_hashes",
                f"GRANT SELECT (key_hash) ON ab_api_key TO {AUDITOR}",
                f"REVOKE SELECT (key_hash) ON ab_api_key FROM {AUDITOR}",
            ),
            (
                "writes",
                f"GRANT UPDATE (revoked_on) ON ab_api_key TO {AUDITOR}",
                f"REVOKE UPDATE (revoked_on) ON ab_api_key FROM {AUDITOR}",
            ),
            ("creates", f"GRANT CREATE ON SCHEMA public TO {AUDITOR}", f"REVOKE CREATE ON SCHEMA public FROM {AUDITOR}"),
            ("files", f"GRANT pg_read_server_files TO {AUDITOR}", f"REVOKE pg_read_server_files FROM {AUDITOR}"),
            ("writes", f"GRANT superset TO {AUDITOR}", f"REVOKE superset FROM {AUDITOR}"),
            (
                "calls",
                "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
                "DROP FUNCTION public.f()",
            ),
        ):
            with self.subTest(give):
                self.at.sql(give, "postgres")
                try:
                    login = computer.data("audit", "set-up", "lab")["databases"][0]["login"]
                finally:
                    self.at.sql(take, "postgres")
                if right is None:
                    self.assertEqual(login, {"kind": "fine"})
                else:
                    self.assertIn(right, login.get("rights", []))

    def test_the_dataset_is_made_once_and_remembered(self):
        number = set_up(self.at, self.by)
        computer = Computer(self.at, "admin")
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", "key AUDIT")
        self.assertEqual(computer.refused(*make)[:2], (64, "yes_needed"))
        self.assertEqual(self.by.datasets(), [], "nothing is made without a yes")
        first = computer.data(*make, "--yes")
        self.assertEqual(first["seen_by"]["roles"], ["Admin", "Alpha"])
        self.assertEqual((first["dataset"]["already"], first["dataset"]["login"]), (False, {"kind": "asked"}))
        again = computer.data(*make, "--yes")
        self.assertTrue(again["dataset"]["already"])
        self.assertEqual([one["id"] for one in self.by.datasets()], [first["dataset"]["id"]])
        audit = computer.state()["audit"]
        self.assertEqual(audit["dataset"], first["dataset"]["id"])
        self.assertEqual([(one["database"], one["by"]) for one in audit["judged"]], [(number, "admin")])
        self.assertEqual(roads(computer.data("audit", "set-up", "lab"))["dataset"], ("open", None))

    def test_a_dataset_that_somebody_else_made_is_taken(self):
        number = set_up(self.at, self.by)
        body = {"database": number, "schema": "public", "table_name": VIEW}
        status, made = self.by.write("POST", "/api/v1/dataset/", body)
        self.assertEqual(status, 201, made)
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        told = Computer(self.at, "admin").data(*make)
        self.assertEqual((told["dataset"]["id"], told["dataset"]["already"]), (made["id"], True))

    def test_a_view_of_an_older_form_is_named_and_mended(self):
        self.at.run_script("postgresql.sql")
        self.at.let_auditor_in()
        older = f"DROP VIEW {VIEW}; CREATE VIEW {VIEW} AS SELECT id, uuid, name FROM ab_api_key; GRANT SELECT ON {VIEW} TO {AUDITOR}"
        self.at.sql(older, "postgres")
        number = self.by.register("Key audit", self.at.uri(AUDITOR, PASSWORD))
        computer = Computer(self.at, "admin")
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        code, reason, words = computer.refused(*make)
        self.assertEqual((code, reason), (78, "audit_view_outdated"))
        self.assertIn("last_used_on", words)
        self.assertEqual(roads(computer.data("audit", "set-up", "lab"))["dataset"], ("broken", "audit_view_outdated"))
        # The text takes another form's place only where columns are the same: it is dropped first, as it says.
        self.at.sql(f"DROP VIEW {VIEW}", "postgres")
        self.at.run_script("postgresql.sql")
        self.assertTrue(computer.data(*make)["dataset"]["already"])
        self.assertEqual(roads(computer.data("audit", "set-up", "lab"))["dataset"], ("open", None))

    def test_without_the_view_nothing_is_made(self):
        number = set_up(self.at, self.by)
        self.at.sql(f"DROP VIEW {VIEW}", "postgres")
        computer = Computer(self.at, "admin")
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        self.assertEqual(computer.refused(*make)[:2], (78, "view_not_there"))
        self.assertEqual(self.by.datasets(), [])

    def test_a_database_that_is_gone_is_no_fault_of_ours(self):
        number = set_up(self.at, self.by)
        self.at.sql(f"ALTER ROLE {AUDITOR} NOLOGIN", "postgres")
        computer = Computer(self.at, "admin")
        view = computer.data("audit", "set-up", "lab")
        self.assertEqual(view["databases"][0]["shows"], {"kind": "unknown"})
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        code, _, _ = computer.refused(*make)
        self.assertIn(code, (76, 78))
        self.assertEqual(self.by.datasets(), [])

    def test_a_connection_shut_to_sql_lab_is_not_known(self):
        self.at.run_script("postgresql.sql")
        self.at.let_auditor_in()
        number = self.by.register("Key audit", self.at.uri(AUDITOR, PASSWORD), expose_in_sqllab=False)
        computer = Computer(self.at, "admin")
        make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
        code, reason, words = computer.refused(*make)
        self.assertEqual((code, reason), (78, "login_not_judged"))
        self.assertIn("SQL Lab", words)

    def test_who_may_not_is_told_what_is_missing(self):
        number = set_up(self.at, self.by)
        for user, codes in (("gamma", (66, 77)), ("alpha", (78, 77))):
            computer = Computer(self.at, user)
            view = computer.data("audit", "set-up", "lab")
            self.assertEqual(roads(view)["sql_lab"], ("not_allowed", "set_up_forbidden"), user)
            self.assertIn("no", computer.did("audit", "set-up", "lab"))
            make = ("audit", "set-up", "lab", "--make-dataset", "--database", str(number), "--yes")
            self.assertEqual(computer.refused(*make)[0], codes[0], user)
            self.assertEqual(computer.refused("audit", "role", "lab", "--yes")[:2], (codes[1], "set_up_forbidden"))
        self.assertEqual(self.by.datasets(), [])
        self.assertIsNone(self.by.role("Key auditor"))

    def test_two_databases_of_a_name_and_none(self):
        set_up(self.at, self.by)
        computer = Computer(self.at, "admin")
        make = ("audit", "set-up", "lab", "--make-dataset", "--yes", "--database")
        self.assertEqual(computer.refused(*make, "Nope")[:2], (66, "no_such_connection"))
        self.assertEqual(computer.refused(*make, "999999")[:2], (66, "no_such_connection"))


class Role(unittest.TestCase):
    NAME = "Key auditor"

    def setUp(self):
        self.at, self.by = server(), admin()
        clean(self.at, self.by)
        self.forget_role()
        self.database = set_up(self.at, self.by)
        self.computer = Computer(self.at, "admin")

    def forget_role(self):
        found = self.by.role(self.NAME)
        if found:
            self.by.call("POST", f"/api/v1/security/roles/{found['id']}/permissions", {"permission_view_menu_ids": []})
            self.by.call("DELETE", f"/api/v1/security/roles/{found['id']}")

    def make_dataset(self) -> int:
        made = self.computer.data(
            "audit", "set-up", "lab", "--make-dataset", "--database", str(self.database), "--yes"
        )
        return made["dataset"]["id"]

    def reads(self, dataset: int) -> str:
        return f"datasource_access on [Key audit].[{VIEW}](id:{dataset})"

    def test_without_a_dataset_no_role_is_made(self):
        self.assertEqual(self.computer.refused("audit", "role", "lab", "--yes")[:2], (78, "no_audit_road"))
        self.assertIsNone(self.by.role(self.NAME))

    def test_it_has_the_least_and_running_twice_changes_nothing(self):
        dataset = self.make_dataset()
        self.assertEqual(self.computer.refused("audit", "role", "lab")[:2], (64, "yes_needed"))
        made = self.computer.data("audit", "role", "lab", "--yes")
        self.assertTrue(made["created"])
        least = LEAST | {self.reads(dataset)}
        self.assertEqual(self.by.role_permissions(made["id"]), least)
        again = self.computer.data("audit", "role", "lab", "--yes")
        self.assertEqual((again["created"], again["given"], again["id"]), (False, [], made["id"]))
        self.assertEqual(self.by.role_permissions(made["id"]), least)

    def test_a_database_that_was_renamed_still_opens_its_dataset(self):
        dataset = self.make_dataset()
        status, told = self.by.write("PUT", f"/api/v1/database/{self.database}", {"database_name": "Renamed"})
        self.assertEqual(status, 200, told)
        made = self.computer.data("audit", "role", "lab", "--yes")
        key = night_worker(self.by, made["id"], Computer(self.at))
        self.assertEqual(Caller(self.at, "night", key).chart_data(dataset)[0], 200)

    def test_one_that_is_there_gets_what_it_lacks_and_loses_nothing(self):
        dataset = self.make_dataset()
        status, role = self.by.call("POST", "/api/v1/security/roles/", {"name": self.NAME})
        self.assertEqual(status, 201, role)
        pairs = self.by.call("GET", "/api/v1/security/permissions-resources/?q=(page_size:100)")[1]["result"]
        given = [one for one in pairs if one["view_menu"]["name"] == "SavedQuery"]
        ids = {"permission_view_menu_ids": [one["id"] for one in given]}
        self.by.call("POST", f"/api/v1/security/roles/{role['id']}/permissions", ids)
        before = self.by.role_permissions(role["id"])
        self.assertTrue(before)
        made = self.computer.data("audit", "role", "lab", "--yes")
        self.assertEqual((made["created"], made["beyond"]), (False, len(before)))
        after = self.by.role_permissions(role["id"])
        self.assertEqual(after, before | LEAST | {self.reads(dataset)})

    def test_its_key_reads_the_dataset_and_nothing_else(self):
        dataset = self.make_dataset()
        role = self.computer.data("audit", "role", "lab", "--yes")["id"]
        by = Caller(self.at, "night", night_worker(self.by, role, Computer(self.at)))
        self.assertEqual(by.chart_data(dataset)[0], 200)
        for method, path in (
            ("GET", "/api/v1/database/"),
            ("GET", "/api/v1/security/users/"),
            ("GET", "/api/v1/dashboard/"),
            ("GET", "/api/v1/log/"),
        ):
            self.assertEqual(by.call(method, path)[0], 403, path)
        self.assertIn(by.call("POST", "/api/v1/sqllab/execute/", {})[0], (400, 403))
        self.assertEqual(by.datasets(), [{"id": dataset, "database": {"id": self.database}}])


if __name__ == "__main__":
    unittest.main()
