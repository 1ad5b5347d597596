"""Makes the database that every run starts from: tables, permissions, users.

Runs in Superset's own Python, in one process, because loading Superset costs
more than most of the steps. Prints the name of each step as it begins.
"""

import logging
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

from users import NO_KEYS_ROLE, USERS  # noqa: E402


def step(text: str) -> None:
    print(f"STEP {text}", flush=True)


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    step("Loading Superset")
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from flask_migrate import upgrade
        from superset.extensions import appbuilder, db, security_manager

        step("Making the tables")
        upgrade()
        step("Making the permissions")
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        db.session.commit()
        step("Making the users")
        make_role_without_keys(security_manager, db)
        for name, user in USERS.items():
            role = security_manager.find_role(user["role"])
            made = security_manager.add_user(
                name, name.capitalize(), "Demo", f"{name}@example.org", role, user["password"]
            )
            if not made:
                raise SystemExit(f"Superset did not make the user {name}.")
        db.session.commit()


def make_role_without_keys(security_manager, db) -> None:
    role = security_manager.add_role(NO_KEYS_ROLE)
    gamma = security_manager.find_role("Gamma")
    role.permissions = [p for p in gamma.permissions if p.view_menu.name != "ApiKey"]
    db.session.commit()


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"DONE {time.monotonic() - started:.1f}", flush=True)
