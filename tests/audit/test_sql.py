"""The texts for the database's owner, on a real PostgreSQL: what they let be read, and that nothing else is to be had."""

import json
import unittest

from world import AUDITOR, HASH, PASSWORD, SQL, VIEW, Computer, Refused, admin, clean, server, set_up

# What a login that reads the view alone must not get, whatever it tries. Each is run as the login itself, by psql.
ATTACKS = {
    "hashes of keys": "SELECT key_hash, lookup_hash FROM ab_api_key",
    "a key's row": "SELECT * FROM ab_api_key",
    "a hash by its beginning": "SELECT 1 FROM ab_api_key WHERE key_hash LIKE 'hash%'",
    "a hash through the view": f"SELECT key_hash FROM {VIEW}",
    "a hash by joining": f"SELECT k.key_hash FROM {VIEW} v JOIN ab_api_key k ON k.id = v.id",
    "a count": "SELECT count(*) FROM ab_api_key",
    "passwords": "SELECT password FROM ab_user",
    "connections' secrets": "SELECT sqlalchemy_uri, password, encrypted_extra FROM dbs",
    "PostgreSQL's own passwords": "SELECT rolpassword FROM pg_authid",
    "statistics that hold values": "SELECT most_common_vals FROM pg_statistic",
    "a file": "SELECT pg_read_file('/etc/passwd')",
    "a file by COPY": "COPY (SELECT 1) TO '/tmp/superset-audit-attack'",
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "a folder": "SELECT pg_ls_dir('/')",
    "a large object from a file": "SELECT lo_import('/etc/passwd')",
    "a revoke": "UPDATE ab_api_key SET revoked_on = now()",
    "a revoke through the view": f"UPDATE {VIEW} SET revoked_on = now()",
    "a deletion through the view": f"DELETE FROM {VIEW}",
    "a write within a read": "WITH evil AS (UPDATE ab_user SET active = true RETURNING 1) SELECT * FROM evil",
    "a new key": "INSERT INTO ab_api_key (name) VALUES ('x')",
    "an active owner": f"UPDATE {VIEW} SET user_active = true",
    "a table": "CREATE TABLE public.loot (a int)",
    "a schema": "CREATE SCHEMA loot",
    "a function": "CREATE FUNCTION public.loot() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "an extension": "CREATE EXTENSION dblink",
    "another view in its place": f"CREATE OR REPLACE VIEW {VIEW} AS SELECT 1 AS id",
    "the view gone": f"DROP VIEW {VIEW}",
    "the owner's role": "SET ROLE superset",
    "the superuser's role": "SET ROLE postgres",
    "the owner's session": "SET SESSION AUTHORIZATION superset",
    "a right": "GRANT superset TO " + AUDITOR,
    "more rights of its own": f"ALTER ROLE {AUDITOR} SUPERUSER",
    "a role": "CREATE ROLE loot",
    "a database": "CREATE DATABASE loot",
    "a trigger": f"CREATE TRIGGER t BEFORE INSERT ON ab_api_key EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a lock": "LOCK TABLE ab_api_key IN ACCESS EXCLUSIVE MODE",
    "another's session ended": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'superset'",
    "settings of the server": "ALTER SYSTEM SET log_statement = 'all'",
    "a reload": "SELECT pg_reload_conf()",
}
# Not a wall but a railing: anybody may take it away for themselves, and then finds the wall.
WITHOUT_RAILING = "SET default_transaction_read_only = off; SET statement_timeout = 0;\n"


class Attacked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at, cls.by = server(), admin()
        clean(cls.at, cls.by)
        cls.at.sql(
            "INSERT INTO ab_api_key (id, uuid, name, key_hash, lookup_hash, key_prefix, user_id, active, created_on) "
            f"SELECT 1, gen_random_uuid()::text, 'laptop', '{HASH}', 'lookup', 'sst_', id, true, now() "
            "FROM ab_user WHERE username = 'admin'"
        )
        cls.database = set_up(cls.at, cls.by)

    def test_the_view_shows_keys_and_people(self):
        told = self.at.as_auditor(f"SELECT name, username, user_active, roles FROM {VIEW}")
        self.assertEqual(told, "laptop|admin|t|Admin")
        row = self.at.as_auditor(f"SELECT * FROM {VIEW}")
        self.assertNotIn(HASH, row)
        self.assertEqual(row.count("|"), 16)

    def test_nothing_else_is_to_be_had(self):
        for railing in ("", WITHOUT_RAILING):
            for what, text in ATTACKS.items():
                with self.subTest(what, railing=bool(railing)):
                    try:
                        told = self.at.as_auditor(railing + text)
                    except Refused:
                        continue
                    # Nobody's session is the login's to end: an empty answer ended none.
                    self.assertIn("pg_terminate_backend", text, told)
                    self.assertNotIn("t", told.splitlines())

    def test_a_new_table_of_superset_is_not_readable(self):
        self.at.sql("CREATE TABLE later (secret text)")
        try:
            self.assertRaises(Refused, self.at.as_auditor, "SELECT * FROM later")
        finally:
            self.at.sql("DROP TABLE later")

    def test_it_runs_twice_and_the_second_time_changes_nothing(self):
        rights = (
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolconnlimit, rolconfig FROM pg_roles "
            f"WHERE rolname = '{AUDITOR}'"
        )
        before = self.at.sql(rights, "postgres")
        self.at.run_script("postgresql.sql")
        self.assertEqual(self.at.sql(rights, "postgres"), before)
        self.assertEqual(self.at.as_auditor(f"SELECT count(*) FROM {VIEW}"), "1", "its password still holds")

    def test_the_owner_without_createrole_changes_nothing(self):
        self.at.run_script("postgresql_drop.sql")
        try:
            with self.assertRaisesRegex(Refused, "permission denied to create role"):
                self.at.run_script("postgresql.sql", "superset")
            self.assertEqual(self.at.sql(f"SELECT count(*) FROM pg_views WHERE viewname = '{VIEW}'"), "0")
        finally:
            self.at.run_script("postgresql.sql")
            self.at.let_auditor_in()

    def test_nobody_signs_in_before_a_password_is_given(self):
        self.at.sql(f"ALTER ROLE {AUDITOR} PASSWORD NULL", "postgres")
        try:
            with self.assertRaisesRegex(Refused, "password authentication failed"):
                self.at.as_auditor("SELECT 1")
        finally:
            self.at.let_auditor_in()

    def test_a_migration_stops_at_the_view_and_not_after_it_is_dropped(self):
        migration = "ALTER TABLE ab_api_key ALTER COLUMN name TYPE varchar(300)"
        with self.assertRaisesRegex(Refused, "used by a view"):
            self.at.sql(migration)
        self.at.run_script("postgresql_drop.sql")
        try:
            self.at.sql(migration)
        finally:
            self.at.run_script("postgresql.sql")
            self.at.let_auditor_in()

    def test_roles_by_groups_count(self):
        self.at.sql(
            "INSERT INTO ab_group (id, name) VALUES (900, 'night shift');"
            "INSERT INTO ab_group_role (id, group_id, role_id) SELECT 900, 900, id FROM ab_role WHERE name = 'Alpha';"
            "INSERT INTO ab_user_group (id, user_id, group_id) SELECT 900, id, 900 FROM ab_user WHERE username = 'admin'"
        )
        try:
            self.assertEqual(self.at.as_auditor(f"SELECT roles FROM {VIEW}"), "Admin,Alpha")
        finally:
            self.at.sql(
                "DELETE FROM ab_user_group WHERE id = 900; DELETE FROM ab_group_role WHERE id = 900; "
                "DELETE FROM ab_group WHERE id = 900"
            )

    def test_through_superset_it_is_the_same(self):
        for text in (
            "SELECT key_hash FROM ab_api_key",
            "SELECT * FROM ab_user",
            f"SELECT key_hash FROM {VIEW}",
            f"DELETE FROM {VIEW}",
            "WITH evil AS (UPDATE ab_user SET active = true RETURNING 1) SELECT * FROM evil",
            "CREATE TABLE loot (a int)",
            "SELECT rolpassword FROM pg_authid",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            with self.subTest(text):
                status, told = self.by.sql_lab(self.database, text)
                self.assertNotEqual(status, 200, told)
                self.assertNotIn(HASH, str(told))
        status, told = self.by.sql_lab(self.database, f"SELECT name FROM {VIEW}")
        self.assertEqual((status, told.get("data")), (200, [{"name": "laptop"}]), told)
        body = {"database": self.database, "schema": "public", "table_name": VIEW}
        status, made = self.by.write("POST", "/api/v1/dataset/", body)
        self.assertEqual(status, 201, made)
        status, told = self.by.chart_data(made["id"], columns=["name", "username"])
        self.assertEqual(told["result"][0]["data"], [{"name": "laptop", "username": "admin"}])
        hidden = {"label": "h", "expressionType": "SQL", "sqlExpression": "(SELECT max(key_hash) FROM ab_api_key)"}
        for query in ({"columns": ["key_hash"]}, {"columns": ["name"], "metrics": [hidden]}, {"columns": [hidden]}):
            status, told = self.by.chart_data(made["id"], **query)
            self.assertNotEqual(status, 200, told)
            self.assertNotIn(HASH, str(told))

    def test_what_undoes_it_leaves_nothing_and_runs_twice(self):
        self.at.run_script("postgresql_drop.sql")
        try:
            self.at.run_script("postgresql_drop.sql")
            left = self.at.sql(
                f"SELECT (SELECT count(*) FROM pg_roles WHERE rolname = '{AUDITOR}') + "
                f"(SELECT count(*) FROM pg_views WHERE viewname = '{VIEW}')",
                "postgres",
            )
            self.assertEqual(left, "0")
        finally:
            self.at.run_script("postgresql.sql")
            self.at.let_auditor_in()


class ColumnsOnly(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = server()
        clean(cls.at, admin())
        cls.at.run_script("postgresql_columns.sql")
        cls.at.run_script("postgresql_columns.sql")
        cls.at.let_auditor_in()

    @classmethod
    def tearDownClass(cls):
        cls.at.run_script("postgresql_drop.sql")

    def test_single_columns_are_read_and_the_others_are_not(self):
        self.at.as_auditor(
            "SELECT k.id, k.uuid, k.name, k.last_used_on, u.username, u.active, r.name FROM ab_api_key k "
            "JOIN ab_user u ON u.id = k.user_id LEFT JOIN ab_user_role ur ON ur.user_id = u.id "
            "LEFT JOIN ab_role r ON r.id = ur.role_id"
        )
        for what, text in ATTACKS.items():
            # Here a count of rows is a right, and there is no view.
            if VIEW in text or what in ("a count", "another's session ended"):
                continue
            with self.subTest(what):
                self.assertRaises(Refused, self.at.as_auditor, WITHOUT_RAILING + text)

    def test_no_migration_stops_at_it(self):
        self.at.sql("ALTER TABLE ab_api_key ALTER COLUMN name TYPE varchar(310)")


class Revoking(unittest.TestCase):
    """The opt-in function: one key by its uuid, and nothing else."""

    REVOKER = "superset_key_revoker"
    KEY = "f472cb64-3719-4598-83a5-d56378a54f1f"

    @classmethod
    def setUpClass(cls):
        cls.at = server()
        clean(cls.at, admin())
        cls.at.run_script("revoke_postgresql.sql")
        cls.at.run_script("revoke_postgresql.sql")
        cls.at.sql(f"ALTER ROLE {cls.REVOKER} PASSWORD '{PASSWORD}'", "postgres")
        cls.at.sql(
            "INSERT INTO ab_api_key (id, uuid, name, key_hash, lookup_hash, key_prefix, user_id, active, created_on) "
            f"SELECT 1, '{cls.KEY}', 'laptop', '{HASH}', 'lookup', 'sst_', id, true, now() FROM ab_user "
            "WHERE username = 'admin'"
        )

    @classmethod
    def tearDownClass(cls):
        cls.at.run_script("revoke_postgresql_drop.sql")
        cls.at.run_script("revoke_postgresql_drop.sql")

    def ask(self, text: str) -> str:
        return self.at.sql(text, self.REVOKER, PASSWORD)

    def test_it_revokes_once_and_does_nothing_else(self):
        self.assertEqual(self.ask(f"SELECT superset_revoke_key('{self.KEY}')"), "t")
        first = self.at.sql("SELECT revoked_on FROM ab_api_key")
        self.assertTrue(first)
        self.assertEqual(self.ask(f"SELECT superset_revoke_key('{self.KEY}')"), "f")
        self.assertEqual(self.at.sql("SELECT revoked_on FROM ab_api_key"), first, "the first time stays")
        self.assertEqual(self.ask("SELECT superset_revoke_key(''' OR true --')"), "f")
        for text in (
            "SELECT * FROM ab_api_key",
            "UPDATE ab_api_key SET revoked_on = NULL",
            "SELECT password FROM ab_user",
            "DELETE FROM ab_api_key",
            "ALTER FUNCTION superset_revoke_key(text) SECURITY INVOKER",
        ):
            with self.subTest(text):
                self.assertRaises(Refused, self.ask, text)

    def test_through_superset_it_is_proven_or_said_to_be_taken_back(self):
        by, computer = admin(), Computer(self.at, "admin")
        set_up(self.at, by)
        self.at.sql("UPDATE ab_api_key SET revoked_on = NULL")
        uri = self.at.uri(self.REVOKER, PASSWORD)
        rolls_back = by.register("Revoker that rolls back", uri)
        commits = {"engine_params": {"isolation_level": "AUTOCOMMIT"}}
        keeps = by.register("Revoker", uri, extra=json.dumps(commits))

        def outcome(number: int, key: str = self.KEY) -> tuple:
            words = ("audit", "revoke", "lab", key, "--by-function", str(number), "--yes")
            done = computer.run("--json", *words)
            told = json.loads(done.stdout)["data"]
            return told["proven"], told["keys"][0]["outcome"], self.at.sql("SELECT revoked_on IS NOT NULL FROM ab_api_key")

        self.assertEqual(outcome(rolls_back), (True, "rolled_back", "f"))
        self.assertEqual(outcome(keeps), (True, "revoked", "t"))
        self.assertEqual(outcome(keeps, "00000000-0000-4000-8000-000000000000")[1], "not_listed")

    def test_nobody_else_may_call_it(self):
        self.at.run_script("postgresql.sql")
        self.at.let_auditor_in()
        with self.assertRaisesRegex(Refused, "permission denied for function"):
            self.at.as_auditor(f"SELECT superset_revoke_key('{self.KEY}')")


class Texts(unittest.TestCase):
    def test_each_is_a_file_with_what_undoes_it(self):
        names = {file.name for file in SQL.glob("*.sql")}
        made = {"postgresql.sql", "postgresql_columns.sql", "mysql.sql", "sqlite.sql", "revoke_postgresql.sql"}
        undone = {"postgresql_drop.sql", "mysql_drop.sql", "sqlite_drop.sql", "revoke_postgresql_drop.sql"}
        self.assertEqual(names - made - undone, {"may_postgresql.sql", "may_mysql.sql"})


if __name__ == "__main__":
    unittest.main()
