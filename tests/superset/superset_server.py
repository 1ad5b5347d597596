#!/usr/bin/env python3
"""A real Apache Superset 6.1 on loopback, for the demo and the tests."""

import sys

if sys.version_info < (3, 10):
    sys.exit(
        "The test Superset needs Python 3.11 or 3.12, and this is {}.{}. "
        "Install a newer python3 and try again.".format(*sys.version_info)
    )

import argparse  # noqa: E402
import json  # noqa: E402
import signal  # noqa: E402
from pathlib import Path  # noqa: E402

import keeper  # noqa: E402
import postgres  # noqa: E402
import running  # noqa: E402
import sessions  # noqa: E402
from mcp_modes import KEY_SCOPES, MODES  # noqa: E402
from prepared import cache_dir, prepare  # noqa: E402
from progress import Problem  # noqa: E402
from variants import VARIANTS  # noqa: E402


def main() -> int:
    if sys.argv[1:] == ["_keep"]:
        return keeper.keep()
    # Being asked to end is like Ctrl-C: what was begun is cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell starts what runs in its background with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = parser().parse_args()
    if "run_dir" in arguments:
        default = cache_dir() / "run"
        arguments.run_dir = Path(arguments.run_dir or default).expanduser().resolve()
    try:
        return arguments.call(arguments) or 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, call, text: str, in_run_dir: bool = True):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(call=call)
        if in_run_dir:
            folder(sub)
        return sub

    def folder(sub) -> None:
        sub.add_argument("--run-dir", help="where it runs (default: 'run' in the cache folder)")

    prepared = command("prepare", on_prepare, "install Superset and make its database", False)
    prepared.add_argument("--postgres", action="store_true", help="the one on PostgreSQL too")

    up = command("up", on_up, "start it; prints where it is and who can sign in")
    up.add_argument("--variant", choices=VARIANTS, default="main")
    up.add_argument("--web-port", type=int, help="default 8088, or another if taken; 0: any free")
    up.add_argument("--mcp-port", type=int, help="default 5008, or another if taken; 0: any free")
    up.add_argument("--no-mcp", action="store_true", help="without the MCP server")
    up.add_argument("--mcp-mode", choices=MODES, help="how it treats callers (guarded)")
    up.add_argument("--keep-data", action="store_true", help="go on with the folder's database")
    up.add_argument("--session-seconds", type=int, help="how long a sign-in lasts (900)")
    up.add_argument("--rate-limit", help='requests allowed, such as "5 per minute"')
    up.add_argument("--postgres", action="store_true", help="PostgreSQL holds its metadata")
    up.add_argument("--config", help="a file of settings, which come last")
    both(up)

    mcp = command("mcp", on_mcp, "start one more MCP server beside a running Superset")
    mcp.add_argument("--mode", "--mcp-mode", dest="mcp_mode", choices=MODES, required=True)
    mcp.add_argument("--port", "--mcp-port", dest="mcp_port", type=int, default=0)
    mcp.add_argument("--config", help="a file of settings, which come last")
    both(mcp)

    token = command("token", on_token, "print a JWT for an MCP server that takes them")
    token.add_argument("--user", required=True, help="whose it is; need not exist")
    token.add_argument("--scopes", help='what it allows, such as "mcp:read mcp:write"')
    token.add_argument("--hours", type=float, default=24, help="how long (24); < 0: has expired")

    cookie = command("cookie", on_cookie, "sign in as a browser does; prints the session's cookie")
    cookie.add_argument("--user", required=True)
    cookie.add_argument("--user-agent", help="what the browser calls itself")

    command("sign-out", on_sign_out, "sign out as a browser does whose session cookie comes on stdin")

    command("down", on_down, "stop it, and nothing else")
    command("reset", on_reset, "put its database back as it was, without a restart")
    query = command("sql", on_sql, "run SQL from stdin in its PostgreSQL; prints rows, | between columns")
    query.add_argument("--login", default=postgres.OWNER, help="as whom (superset, its owner)")
    query.add_argument("--password", help="of another login than superset and postgres")
    filled = command("fill", on_fill, "add many keys of many people, in its PostgreSQL")
    filled.add_argument("--keys", type=int, default=10_000)
    filled.add_argument("--people", type=int, default=500)
    told = command("status", on_status, "tell whether it runs")
    told.add_argument("--json", action="store_true", help="print one line of JSON")

    state = command("state", None, "write a state into its database", False)
    state_commands(state.add_subparsers(required=True, metavar="STATE"), folder)
    return top


def both(sub) -> None:
    """What `up` and `mcp` take alike."""
    sub.add_argument("--mcp-scopes", help='scopes a caller must have, such as "mcp:read"')
    sub.add_argument("--key-scopes", choices=KEY_SCOPES, help="which of them API keys have")
    sub.add_argument("--oauth-metadata", action="store_true", help="promise OAuth, falsely")
    sub.add_argument("--tls", action="store_true", help="https, with a certificate of its own")
    sub.add_argument("--tls-days", type=float, help="when that ends (90); implies --tls")
    sub.add_argument("--watch-pid", type=int, help="stop by itself when this process is gone")
    sub.add_argument("--json", action="store_true", help="print one line of JSON")


def state_commands(commands, folder) -> None:
    def command(name: str, text: str, call):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(call=lambda a: call(running.states_of(a.run_dir), a))
        folder(sub)
        return sub

    def days(sub, default: float) -> None:
        sub.add_argument("--uuid", required=True)
        sub.add_argument("--days-ago", type=float, default=default)

    days(command("expire", "let a key have expired", lambda s, a: s.expire(a.uuid, a.days_ago)), 1)
    used = lambda s, a: s.last_used(a.uuid, a.days_ago)  # noqa: E731
    days(command("last-used", "let a key have last been used", used), 90)
    revoke = command("revoke", "revoke a key behind Superset's back", lambda s, a: s.revoke(a.uuid))
    revoke.add_argument("--uuid", required=True)

    add = command("add-keys", "add keys nobody knows; prints the uuid of each", on_add_keys)
    add.add_argument("--user", required=True)
    add.add_argument("--count", type=int, default=1)
    add.add_argument("--name", default="Key", help="with --count, a number is added to it")
    add.add_argument("--created", type=float, default=1, metavar="DAYS", help="days ago")
    add.add_argument("--expires", type=float, metavar="DAYS", help="days from now; may be < 0")
    add.add_argument("--last-used", type=float, metavar="DAYS", help="days ago")
    add.add_argument("--revoked", type=float, metavar="DAYS", help="days ago")

    delete = command("delete-keys", "delete all keys", lambda s, a: s.delete_keys(a.user))
    delete.add_argument("--user", help="only those of this user")
    every = command("list", "print what the database holds, as JSON", on_list)
    every.add_argument("--user", help="only the keys of this user")
    command("drop-table", "drop the table of keys", lambda s, a: s.drop_table())
    command("restore-table", "make it again, empty", lambda s, a: s.restore_table())
    registered = lambda s, a: s.register_metadata(a.name)  # noqa: E731
    register = command("register-metadata", "register this database in SQL Lab", registered)
    register.add_argument("--name", default="Metadata", help="what Superset calls it (Metadata)")
    command("make-audit-view", "make the view of everybody's keys", lambda s, a: s.make_audit_view())
    opened = command("open-public", "give the role Public permissions", lambda s, a: s.open_public(a.like))
    opened.add_argument("--like", default="Public", help="whose (Public: those for embedding)")
    command("close-public", "take them all away", lambda s, a: s.close_public())
    for name in ("deactivate", "activate"):
        sub = command(name, f"{name} a user", lambda s, a, name=name: getattr(s, name)(a.user))
        sub.add_argument("--user", required=True)


def on_prepare(arguments) -> None:
    postgres.prepare_postgres() if arguments.postgres else prepare()


def on_up(arguments) -> None:
    found = running.up(
        arguments.run_dir,
        variant=arguments.variant,
        web_port=arguments.web_port,
        mcp_port=arguments.mcp_port,
        mcp=not arguments.no_mcp,
        mcp_mode=arguments.mcp_mode,
        keep_data=arguments.keep_data,
        session_seconds=arguments.session_seconds,
        rate_limit=arguments.rate_limit,
        mcp_scopes=arguments.mcp_scopes,
        on_postgres=arguments.postgres,
        config=arguments.config,
        **shared(arguments),
    )
    tell(found, arguments)


def on_mcp(arguments) -> None:
    found = running.add_mcp(
        arguments.run_dir,
        mode=arguments.mcp_mode,
        port=arguments.mcp_port,
        scopes=arguments.mcp_scopes,
        config=arguments.config,
        **shared(arguments),
    )
    tell(found, arguments)


def shared(arguments) -> dict:
    days = arguments.tls_days
    return {
        "key_scopes": arguments.key_scopes,
        "oauth_metadata": arguments.oauth_metadata,
        "tls_days": 90 if arguments.tls and days is None else days,
        "watch_pid": arguments.watch_pid,
    }


def tell(found: dict, arguments) -> None:
    print(json.dumps(found) if arguments.json else in_words(found), flush=True)


def on_token(arguments) -> None:
    print(running.token(arguments.run_dir, arguments.user, arguments.scopes, arguments.hours))


def on_cookie(arguments) -> None:
    web_url, password = running.sign_in_at(arguments.run_dir, arguments.user)
    print(sessions.cookie(web_url, arguments.user, password, arguments.user_agent))


def on_sign_out(arguments) -> None:
    web_url = running.known_state(arguments.run_dir)["web_url"]
    sessions.sign_out(web_url, sys.stdin.read().strip())


def in_words(found: dict) -> str:
    lines = [f"Superset  {found['web_url']}"]
    if found["mcp_url"]:
        lines.append(f"MCP       {found['mcp_url']}  ({found['mcp_mode']})")
    for name, user in found["users"].items():
        lines.append(f"User      {name} / {user['password']}  ({user['role']})")
    return "\n".join(lines)


def on_down(arguments) -> None:
    if not running.down(arguments.run_dir):
        print(f"No Superset runs from {arguments.run_dir}.", file=sys.stderr)


def on_sql(arguments) -> None:
    port, login = running.postgres_of(arguments.run_dir)["port"], arguments.login
    if login not in postgres.PASSWORDS and arguments.password is None:
        raise Problem(f"Say the password of {login}, with --password.")
    print(postgres.sql(port, login, sys.stdin.read(), password=arguments.password), end="")


def on_fill(arguments) -> None:
    port = running.postgres_of(arguments.run_dir)["port"]
    print(json.dumps(postgres.fill(port, arguments.keys, arguments.people)))


def on_reset(arguments) -> None:
    running.reset(arguments.run_dir)


def on_status(arguments) -> int:
    found = running.status(arguments.run_dir)
    runs = bool(found) and all(found["running"].values())
    if arguments.json:
        print(json.dumps(found))
    elif not found or not any(found["running"].values()):
        print(f"No Superset runs from {arguments.run_dir}.")
    else:
        print(in_words(found))
        for name, running_now in found["running"].items():
            if not running_now:
                print(f"The {name} process has ended.")
    return 0 if runs else 3


def on_add_keys(states, arguments) -> None:
    made = states.add_keys(
        arguments.user,
        arguments.count,
        arguments.name,
        arguments.created,
        arguments.expires,
        arguments.last_used,
        arguments.revoked,
    )
    print("\n".join(made))


def on_list(states, arguments) -> None:
    print(json.dumps(states.list(arguments.user)))


if __name__ == "__main__":
    sys.exit(main())
