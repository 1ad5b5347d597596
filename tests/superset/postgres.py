"""A PostgreSQL of a run's own, which holds the test Superset's metadata.

The system's programs, Debian's package `postgresql`, started as an ordinary process on a port of its own, on
loopback; the system's service is neither used nor touched. PostgreSQL refuses to run as root: for root it runs as
the user `postgres`, from a folder in the temporary ones that this user can get at.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from prepared import (
    DATABASE_LIMIT,
    HERE,
    PIP_LIMIT,
    cache_dir,
    digest,
    environment,
    is_complete,
    locked,
    prepare,
    python_version,
    remove_old,
    run,
)
from processes import end_with_parent
from progress import Problem, step, tail

DATABASE = "superset"
# Who owns the database, as Superset's own connection does, and who may do everything. For tests only.
OWNER, SUPERUSER = "superset", "postgres"
PASSWORDS = {OWNER: "superset", SUPERUSER: "postgres"}
START_LIMIT = 60


@dataclass(frozen=True)
class PreparedPostgres:
    python: Path
    programs: Path
    data: Path
    secret: Path
    packages: Path
    key: str


def programs() -> Path:
    """Where PostgreSQL's programs are; the newest, if there are several."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3])
    )
    if found:
        return found[-1].parent
    usual = shutil.which("postgres")
    if usual and (Path(usual).resolve().parent / "initdb").exists():
        return Path(usual).resolve().parent
    raise Problem(
        "PostgreSQL is not installed. On Debian and Ubuntu the package 'postgresql' is what it needs; "
        "its service need not run."
    )


def prepare_postgres() -> PreparedPostgres:
    """What every run on PostgreSQL starts from. Takes milliseconds if all is there."""
    bin_folder = programs()
    plain = prepare()
    cache = cache_dir()
    version = python_version()
    packages = cache / f"psycopg2-{digest(version, 'requirements-postgres.txt')}"
    told = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True)
    parts = ("requirements.txt", "constraints.txt", "requirements-postgres.txt")
    parts += ("superset_config.py", "postgres_config.py", "prepare_database.py", "users.py")
    home = cache / "postgres-{}".format(digest(version + told.stdout, *parts))
    if not (is_complete(packages) and is_complete(home)):
        with locked(cache / "prepare.lock", "that prepares Superset"):
            if not is_complete(packages):
                install(packages, plain.python)
            if not is_complete(home):
                make_database(home, packages, plain.python, bin_folder)
            remove_old(cache, {packages, home}, ("psycopg2-*", "postgres-*"))
    for made in (packages, home):
        os.utime(made / "complete")
    return PreparedPostgres(
        plain.python, bin_folder, home / "data", home / "secret", packages, home.name
    )


def install(packages: Path, python: Path) -> None:
    shutil.rmtree(packages, ignore_errors=True)
    pip = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pip += ["--progress-bar", "off", "--no-deps", "--target", str(packages)]
    pip += ["-r", str(HERE / "requirements-postgres.txt")]
    with step("Installing what reaches PostgreSQL"):
        run(pip, packages.parent / "pip-postgres.log", PIP_LIMIT, "It could not be installed.")
    (packages / "complete").touch()


def make_database(home: Path, packages: Path, python: Path, bin_folder: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    # Another secret, another salt for keys: this database has one of its own.
    secret = home / "secret"
    secret.touch(mode=0o600)
    secret.write_text(os.urandom(32).hex())
    log = home.parent / "postgres.log"
    sentence = "The database for the test Superset could not be made."
    with step("Preparing Superset's database on PostgreSQL (about half a minute)"):
        place = make_place(home)
        try:
            initialise(place, bin_folder, log)
            port = free_port()
            server = start(place, bin_folder, port, home / "server.log")
            try:
                wait_ready(server, port, home / "server.log", bin_folder)
                sql(port, SUPERUSER, f"CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORDS[OWNER]}'", "postgres")
                sql(port, SUPERUSER, f"CREATE DATABASE {DATABASE} OWNER {OWNER}", "postgres")
                env = environment(home, home / "unused.db", secret, **variables(port, packages))
                run([str(python), str(HERE / "prepare_database.py")], log, DATABASE_LIMIT, sentence, env)
                # As after weeks of life, not as after a minute.
                sql(port, SUPERUSER, "VACUUM ANALYZE", DATABASE)
                sql(port, SUPERUSER, "CHECKPOINT", DATABASE)
            finally:
                stop(server)
            copy(place / "data", home / "data", os.getuid())
        finally:
            remove_place(home)
    (home / "complete").touch()


def variables(port: int, packages: Path | str) -> dict:
    """What a Superset needs to find its metadata there."""
    login = f"{OWNER}:{PASSWORDS[OWNER]}"
    return {
        "PYTHONPATH": str(packages),
        "SUPERSET_CONFIG_PATH": str(HERE / "postgres_config.py"),
        "SUPERSET_TEST_POSTGRES": f"postgresql+psycopg2://{login}@127.0.0.1:{port}/{DATABASE}",
    }


# The folder.


def runs_as() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as, if not as ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def make_place(run_dir: Path) -> Path:
    """A folder for the server's files, `postgres` in `run_dir`. A link to one that another user can get at, where
    the server runs as another."""
    remove_place(run_dir)
    place = run_dir / "postgres"
    user = runs_as()
    if user is None:
        place.mkdir(mode=0o700)
        return place
    real = Path(tempfile.mkdtemp(prefix="superset-test-postgres-"))
    os.chown(real, user.pw_uid, user.pw_gid)
    place.symlink_to(real)
    return real


def remove_place(run_dir: Path) -> None:
    place = run_dir / "postgres"
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()
    else:
        shutil.rmtree(place, ignore_errors=True)


def bring_home(run_dir: Path) -> None:
    """The files of a server that has ended, back into the run's own folder, so that nothing stays elsewhere."""
    place = run_dir / "postgres"
    real = place.resolve()
    place.unlink()
    if (real / "data").exists():
        place.mkdir(mode=0o700)
        copy(real / "data", place / "data", os.getuid())
    shutil.rmtree(real, ignore_errors=True)


def lay_out(run_dir: Path, prepared: PreparedPostgres, keep_data: bool) -> None:
    """A database of the run's own, fresh unless its own is kept and still fits its secret."""
    origin, place = run_dir / "origin", run_dir / "postgres"
    if place.is_symlink():
        bring_home(run_dir)
    kept = keep_data and (place / "data" / "PG_VERSION").exists() and origin.exists()
    is_kept = kept and origin.read_text() == prepared.key
    user = runs_as()
    if is_kept and user is None:
        return
    source = prepared.data
    if is_kept:
        source = run_dir / "kept"
        shutil.rmtree(source, ignore_errors=True)
        (place / "data").rename(source)
    real = make_place(run_dir)
    copy(source, real / "data", user.pw_uid if user else os.getuid())
    if is_kept:
        shutil.rmtree(source)
    shutil.copy2(prepared.secret, run_dir / "secret")
    origin.write_text(prepared.key)


def copy(source: Path, target: Path, owner: int) -> None:
    done = subprocess.run(
        ["cp", "-a", "--reflink=auto", str(source), str(target)], capture_output=True, text=True
    )
    if done.returncode == 0 and os.getuid() == 0:
        done = subprocess.run(["chown", "-R", str(owner), str(target)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"The database could not be copied.\n{done.stderr}")


# The server.


def initialise(place: Path, bin_folder: Path, log: Path) -> None:
    password = place / "password"
    password.write_text(PASSWORDS[SUPERUSER] + "\n")
    password.chmod(0o644)
    words = ["-D", str(place / "data"), "-U", SUPERUSER, "-A", "scram-sha-256", "--no-sync"]
    words += ["--pwfile", str(password), "-E", "UTF8", "--locale", "C.UTF-8", "--wal-segsize", "1"]
    with open(log, "w") as out:
        made = subprocess.run(
            [str(bin_folder / "initdb"), *words], stdout=out, stderr=out, cwd="/", **as_user()
        )
    if made.returncode != 0:
        raise Problem(f"PostgreSQL could not make a database.\n{tail(log)}")


def as_user() -> dict:
    user = runs_as()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def start(place: Path, bin_folder: Path, port: int, log: Path, env: dict | None = None):
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "60",
        # Nothing here outlives the test.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "64MB",
        "min_wal_size": "2MB",
        "shared_buffers": "64MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    words = [str(bin_folder / "postgres"), "-D", str(place.resolve() / "data"), "-p", str(port)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    with open(log, "w") as out:
        return subprocess.Popen(
            words,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=end_with_parent,
            **as_user(),
        )


def wait_ready(server: subprocess.Popen, port: int, log: Path, bin_folder: Path) -> None:
    end = time.monotonic() + START_LIMIT
    asked = [str(bin_folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(asked).returncode != 0:
        if server.poll() is not None:
            raise Problem(f"PostgreSQL ended as it started.\n{tail(log)}")
        if time.monotonic() > end:
            raise Problem(f"PostgreSQL did not answer within {START_LIMIT} s.\n{tail(log)}")
        time.sleep(0.05)


def stop(server: subprocess.Popen) -> None:
    """At once, clients or not, and with its files in order."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Asking it.


def shown(port: int) -> dict:
    """What a caller needs to reach it."""
    return {"host": "127.0.0.1", "port": port, "database": DATABASE, "passwords": PASSWORDS}


def sql(port: int, login: str, text: str, database: str = DATABASE, password: str | None = None) -> str:
    """Runs SQL as `login`; what psql prints, unadorned."""
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PGPASSWORD": PASSWORDS[login] if password is None else password,
        "PGCONNECT_TIMEOUT": "10",
    }
    words = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
    words += ["-p", str(port), "-U", login, "-d", database, "-f", "-"]
    done = subprocess.run(words, input=text, capture_output=True, text=True, env=env, timeout=300)
    if done.returncode != 0:
        raise Problem(f"PostgreSQL did not take it: {done.stderr.strip()}")
    return done.stdout


def fill(port: int, keys: int, people: int) -> dict:
    """`keys` more keys of `people` more people, all of them `crowd…`, with times in New York's or any other past:
    a third never used, a seventh revoked, a fifth with an end, every tenth person inactive."""
    told = sql(port, OWNER, FILL.format(keys=int(keys), people=int(people)))
    return json.loads(told.strip().splitlines()[-1])


FILL = """
BEGIN;
INSERT INTO ab_user (id, first_name, last_name, username, password, active, email)
SELECT nextval('ab_user_id_seq'), 'Crowd', i::text, 'crowd' || i, 'none', i % 10 <> 0, 'crowd' || i || '@example.org'
FROM generate_series(1, {people}) i
WHERE NOT EXISTS (SELECT 1 FROM ab_user u WHERE u.username = 'crowd' || i);
INSERT INTO ab_user_role (id, user_id, role_id)
SELECT nextval('ab_user_role_id_seq'), u.id, r.id
FROM ab_user u JOIN ab_role r ON r.name = CASE WHEN u.id % 50 = 0 THEN 'Admin' ELSE 'Gamma' END
WHERE u.username LIKE 'crowd%' AND NOT EXISTS (SELECT 1 FROM ab_user_role ur WHERE ur.user_id = u.id);
WITH crowd AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM ab_user WHERE username LIKE 'crowd%')
INSERT INTO ab_api_key (id, uuid, name, key_hash, lookup_hash, key_prefix, user_id, active, created_on, expires_on,
  last_used_on, revoked_on)
SELECT nextval('ab_api_key_id_seq'), gen_random_uuid()::text, 'Key ' || i, 'hash-canary', md5(random()::text || i), 'sst_', crowd.id, true,
  made, CASE WHEN i % 5 = 0 THEN made + interval '500 days' END,
  CASE WHEN i % 3 <> 0 THEN made + (LOCALTIMESTAMP - made) * ((i % 97) / 97.0) END,
  CASE WHEN i % 7 = 0 THEN LOCALTIMESTAMP - interval '1 day' END
FROM generate_series(1, {keys}) i
JOIN crowd ON crowd.n = i % {people}
CROSS JOIN LATERAL (SELECT LOCALTIMESTAMP - make_interval(days => 1 + i % 900, secs => i) AS made) t;
COMMIT;
ANALYZE ab_user; ANALYZE ab_api_key; ANALYZE ab_user_role;
SELECT json_build_object('keys', (SELECT count(*) FROM ab_api_key), 'people', (SELECT count(*) FROM ab_user));
"""
