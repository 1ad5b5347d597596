"""A proxy that tells Superset who people are: nginx, Debian's package, started as an ordinary process on ports of its
own, on loopback; the system's service is neither used nor touched.

It has two doors. `names` says who somebody is without asking, as a proxy does that knows them by a certificate or by
Kerberos. `asks` wants a name and a password before Superset's sign-in page, and lets everything else pass.
"""

import shutil
from pathlib import Path

from progress import Problem
from users import USERS

# By whom `names` calls everybody.
NAMED = "gamma"
# Whom the proxy lets in and Superset does not know.
STRANGER, STRANGERS_PASSWORD = "stranger", "demo-stranger"


def program() -> str:
    # A person's own path often lacks the folders of root's programs.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/sbin")
    if not found:
        raise Problem(
            "nginx is not installed. On Debian and Ubuntu the package 'nginx' is what it needs; its service need not run."
        )
    return found


def command(run_dir: Path, web_port: int, ports: dict) -> list:
    """What starts it before the Superset at `web_port`; `ports` is one for each door."""
    people = {name: user["password"] for name, user in USERS.items()} | {STRANGER: STRANGERS_PASSWORD}
    passwords = run_dir / "proxy.passwords"
    passwords.touch(mode=0o600)
    passwords.write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in people.items()))
    settings = run_dir / "proxy.conf"
    settings.write_text(written(run_dir, web_port, ports))
    return [program(), "-p", str(run_dir), "-c", str(settings)]


def written(run_dir: Path, web_port: int, ports: dict) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n  ".join(f"{kind}_temp_path {run_dir}/home/{kind};" for kind in kinds)

    # Whatever a caller says of themselves is replaced.
    def passed(name: str, more: str = "") -> str:
        return (
            f"proxy_pass http://127.0.0.1:{web_port}; proxy_set_header Host $http_host; "
            f'proxy_set_header X-Remote-User "{name}"; {more}'
        )

    return f"""
daemon off; master_process off; pid {run_dir}/proxy.pid; error_log stderr;
events {{}}
http {{
  {folders}
  # With the session, so that a test can do what its browser could.
  log_format sessions '$request_method $uri $status $cookie_session';
  access_log {run_dir}/proxy-access.log sessions;
  server {{
    listen 127.0.0.1:{ports["names"]};
    location / {{ {passed(NAMED)} }}
  }}
  server {{
    listen 127.0.0.1:{ports["asks"]};
    location / {{ {passed("")} }}
    location /login/ {{
      auth_basic "Company"; auth_basic_user_file {run_dir}/proxy.passwords;
      {passed("$remote_user", 'proxy_set_header Authorization "";')}
    }}
  }}
}}
"""
