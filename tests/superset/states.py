"""Makes the states that tests need by writing to a running server's database.

Superset keeps times as its own naive wall time, so each server's zone counts.
"""

import os
import sqlite3
import time
import uuid as uuids
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from progress import Problem

# PUBLIC_ROLE_PERMISSIONS of Superset 6.1.0.
FOR_EMBEDDING = [
    ("can_read", "Dashboard"),
    ("can_read", "Chart"),
    ("can_dashboard", "Superset"),
    ("can_slice", "Superset"),
    ("can_explore_json", "Superset"),
    ("can_dashboard_permalink", "Superset"),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_time_range", "Api"),
    ("can_query_form_data", "Api"),
    ("can_query", "Api"),
    ("can_read", "CssTemplate"),
    ("can_read", "Theme"),
    ("can_read", "EmbeddedDashboard"),
    ("can_read", "CurrentUserRestApi"),
    ("can_get", "Datasource"),
    ("can_external_metadata", "Datasource"),
    ("can_read", "Annotation"),
    ("can_read", "AnnotationLayerRestApi"),
    ("can_read", "ExplorePermalinkRestApi"),
]
VIEW = "src-tauri/core/src/audit/sql/sqlite.sql"
SHOWN = "uuid,name,key_prefix,scopes,active,created_on,expires_on,revoked_on,last_used_on"


class States:
    def __init__(self, database: Path, timezone: str, prepared: Path):
        self.database, self.timezone, self.prepared = database, timezone, prepared

    # What a key is like.

    def expire(self, uuid: str, days_ago: float = 1) -> None:
        self._set_time(uuid, "expires_on", days_ago)

    def last_used(self, uuid: str, days_ago: float = 90) -> None:
        self._set_time(uuid, "last_used_on", days_ago)

    def revoke(self, uuid: str) -> None:
        """As if somebody else had revoked it."""
        self._set_time(uuid, "revoked_on", 0)

    def _set_time(self, uuid: str, column: str, days_ago: float) -> None:
        then = self._ago(days_ago)
        # No key is used, or ends, before it was made.
        made = self._ago(days_ago + 30)
        with self._connection() as db:
            found = db.execute(
                f"UPDATE ab_api_key SET {column} = ?, "
                "created_on = CASE WHEN created_on > ? THEN ? ELSE created_on END "
                "WHERE uuid = ?",
                (then, then, made, uuid),
            )
            if not found.rowcount:
                raise Problem(f"There is no API key {uuid} in this Superset.")

    # Many keys, or none.

    def add_keys(
        self,
        user: str,
        count: int = 1,
        name: str = "Key",
        created: float = 1,
        expires: float | None = None,
        last_used: float | None = None,
        revoked: float | None = None,
    ) -> list:
        """Keys nobody knows the plaintext of, a minute apart. Times are in days:
        `expires` from now on, the others ago."""
        rows, made = [], []
        for number in range(count):
            uuid = str(uuids.uuid4())
            rows.append(
                (
                    uuid,
                    name if count == 1 else f"{name} {number + 1:05}",
                    self._ago(created, minutes=number),
                    None if expires is None else self._ago(-expires),
                    None if last_used is None else self._ago(last_used),
                    None if revoked is None else self._ago(revoked),
                )
            )
            made.append(uuid)
        with self._connection() as db:
            owner = self._user_id(db, user)
            db.executemany(
                "INSERT INTO ab_api_key (uuid, name, key_hash, lookup_hash, key_prefix, "
                "user_id, active, created_on, expires_on, last_used_on, revoked_on) "
                f"VALUES (?, ?, 'none', NULL, 'sst_', {owner}, 1, ?, ?, ?, ?)",
                rows,
            )
        return made

    def delete_keys(self, user: str | None = None) -> None:
        with self._connection() as db:
            if user is None:
                db.execute("DELETE FROM ab_api_key")
            else:
                owner = self._user_id(db, user)
                db.execute("DELETE FROM ab_api_key WHERE user_id = ?", (owner,))

    def list(self, user: str | None = None) -> list:
        """What the database really holds, whatever the server says; no hashes."""
        with self._connection() as db:
            found = db.execute(
                f"SELECT u.username AS user, {', '.join('k.' + c for c in SHOWN.split(','))} "
                "FROM ab_api_key k JOIN ab_user u ON u.id = k.user_id "
                "WHERE ? IS NULL OR u.username = ? ORDER BY k.created_on DESC, k.id DESC",
                (user, user),
            )
            names = [column[0] for column in found.description]
            return [dict(zip(names, row)) for row in found]

    # The server's own troubles.

    def drop_table(self) -> None:
        """Listing then answers 500, and creating 201 without a key."""
        with self._connection() as db:
            db.execute("DROP TABLE IF EXISTS ab_api_key")

    def restore_table(self) -> None:
        with self._connection() as db:
            self._make_table(db)

    def deactivate(self, user: str) -> None:
        self._set_active(user, 0)

    def activate(self, user: str) -> None:
        self._set_active(user, 1)

    def _set_active(self, user: str, active: int) -> None:
        with self._connection() as db:
            owner = self._user_id(db, user)
            db.execute("UPDATE ab_user SET active = ? WHERE id = ?", (active, owner))

    def register_metadata(self, name: str = "Metadata") -> None:
        """As an Admin would add it under Settings: a connection to this very database."""
        with self._connection() as db:
            db.execute(
                "INSERT INTO dbs (created_on, changed_on, database_name, sqlalchemy_uri, "
                "expose_in_sqllab, allow_dml, allow_run_async, allow_ctas, allow_cvas, uuid, extra) "
                "VALUES (?, ?, ?, ?, 1, 0, 0, 0, 0, ?, '{}')",
                (self._ago(0), self._ago(0), name, f"sqlite:///{self.database}", uuids.uuid4().bytes),
            )

    def make_audit_view(self) -> None:
        """The view of everybody's keys, as the text for SQLite has it."""
        text = (Path(__file__).parents[2] / VIEW).read_text()
        with self._connection() as db:
            db.execute("DROP VIEW IF EXISTS superset_key_audit")
            db.execute(text[text.index("CREATE VIEW") :].rstrip().rstrip(";"))

    def drop_permissions(self) -> None:
        """As if 'superset init' had not been run: 403 for everybody."""
        with self._connection() as db:
            view = "(SELECT id FROM ab_view_menu WHERE name = 'ApiKey')"
            pairs = f"(SELECT id FROM ab_permission_view WHERE view_menu_id = {view})"
            db.execute(
                f"DELETE FROM ab_permission_view_role WHERE permission_view_id IN {pairs}"
            )
            db.execute(f"DELETE FROM ab_permission_view WHERE view_menu_id = {view}")

    def open_public(self, like: str) -> None:
        """As PUBLIC_ROLE_LIKE and 'superset init' do it: with "Public" what 6.1
        itself takes for embedding (PUBLIC_ROLE_PERMISSIONS), else what a role has."""
        with self._connection() as db:
            role = "(SELECT id FROM ab_role WHERE name = 'Public')"
            if like == "Public":
                given = (
                    "SELECT pv.id FROM ab_permission_view pv "
                    "JOIN ab_permission p ON p.id = pv.permission_id "
                    "JOIN ab_view_menu v ON v.id = pv.view_menu_id "
                    f"WHERE (p.name, v.name) IN (VALUES {', '.join(map(str, FOR_EMBEDDING))})"
                )
            else:
                given = (
                    "SELECT permission_view_id FROM ab_permission_view_role "
                    f"WHERE role_id = (SELECT id FROM ab_role WHERE name = '{like}')"
                )
            db.execute(
                "INSERT OR IGNORE INTO ab_permission_view_role (permission_view_id, role_id) "
                f"SELECT given.*, {role} FROM ({given}) AS given"
            )

    def close_public(self) -> None:
        with self._connection() as db:
            db.execute(
                "DELETE FROM ab_permission_view_role "
                "WHERE role_id = (SELECT id FROM ab_role WHERE name = 'Public')"
            )

    def reset(self) -> None:
        """Every table as it was prepared, in one transaction, so that the server
        can go on. What the variant took away stays for the caller to take again."""
        with self._connection() as db:
            self._make_table(db)
            tables = "SELECT name FROM prepared.sqlite_master WHERE type = 'table'"
            for (table,) in db.execute(tables).fetchall():
                if table != "sqlite_sequence":
                    db.execute(f'DELETE FROM main."{table}"')
                    db.execute(f'INSERT INTO main."{table}" SELECT * FROM prepared."{table}"')

    # Below the rest.

    @contextmanager
    def _connection(self):
        """One transaction, with the patience a busy server calls for."""
        db = sqlite3.connect(self.database, timeout=20, isolation_level=None)
        try:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("ATTACH DATABASE ? AS prepared", (f"{self.prepared}",))
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Problem(f"The database {self.database} did not take it: {error}.") from error
        finally:
            db.close()

    @staticmethod
    def _make_table(db) -> None:
        for kind, name, sql in db.execute(
            "SELECT type, name, sql FROM prepared.sqlite_master "
            "WHERE tbl_name = 'ab_api_key' AND sql IS NOT NULL ORDER BY type = 'index'"
        ).fetchall():
            there = db.execute(
                "SELECT 1 FROM main.sqlite_master WHERE type = ? AND name = ?", (kind, name)
            )
            if not there.fetchone():
                db.execute(sql)

    @staticmethod
    def _user_id(db, user: str) -> int:
        found = db.execute("SELECT id FROM ab_user WHERE username = ?", (user,)).fetchone()
        if not found:
            raise Problem(f"There is no user {user} in this Superset.")
        return found[0]

    def _ago(self, days: float, minutes: float = 0) -> str:
        # Through libc and its TZ, exactly as the server's own clock does it.
        before = os.environ.get("TZ")
        try:
            os.environ["TZ"] = self.timezone
            time.tzset()
            seconds = datetime.now().timestamp() - days * 86400 - minutes * 60
            then = datetime.fromtimestamp(seconds)
        finally:
            if before is None:
                del os.environ["TZ"]
            else:
                os.environ["TZ"] = before
            time.tzset()
        return then.strftime("%Y-%m-%d %H:%M:%S.%f")
