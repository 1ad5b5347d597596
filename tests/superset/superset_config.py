"""Settings of the test Superset, for its web server and its MCP server alike.

What differs from run to run comes in by the environment; superset_server.py
sets it.
"""

import os
import sys
from pathlib import Path

# At the end of the path, so that nothing in this folder can hide a package.
sys.path.append(os.path.dirname(os.path.abspath(__file__)))

import mcp_modes
import settings_file


def _on(name: str) -> bool:
    return os.environ.get(name, "1") != "0"


# API keys are looked up by a hash salted with the secret: a database and its
# secret belong together and are copied together.
SECRET_KEY = Path(os.environ["SUPERSET_TEST_SECRET_FILE"]).read_text().strip()
SQLALCHEMY_DATABASE_URI = (
    f"sqlite:///{os.environ['SUPERSET_TEST_DB']}?timeout=20&check_same_thread=false"
)

FAB_API_KEY_ENABLED = _on("SUPERSET_TEST_KEYS")
# The default (scrypt) costs 350 ms on each request made with a key.
FAB_PASSWORD_HASH_METHOD = "pbkdf2:sha256:1000"

# So that a test may register the metadata database itself, which is a SQLite file.
PREVENT_UNSAFE_DB_CONNECTIONS = False

# In seconds; 15 minutes is what Superset itself does.
JWT_ACCESS_TOKEN_EXPIRES = int(os.environ.get("JWT_ACCESS_TOKEN_EXPIRES", "900"))

RATELIMIT_ENABLED = bool(os.environ.get("SUPERSET_TEST_RATE_LIMIT"))
RATELIMIT_APPLICATION = os.environ.get("SUPERSET_TEST_RATE_LIMIT") or "50 per second"

# All that makes a mode of the MCP server, in a file of its own for each server.
globals().update(mcp_modes.settings(os.environ.get("SUPERSET_TEST_MCP_FILE")))

SUPERSET_WEBSERVER_ADDRESS = os.environ.get("SUPERSET_TEST_WEB_URL", "http://127.0.0.1:8088")
WEBDRIVER_BASEURL = SUPERSET_WEBSERVER_ADDRESS + "/"
WEBDRIVER_BASEURL_USER_FRIENDLY = WEBDRIVER_BASEURL

# Plain http on loopback; the extra headers only get in the way.
TALISMAN_ENABLED = False
CONTENT_SECURITY_POLICY_WARNING = False

# What `up --config` names comes last.
if os.environ.get("SUPERSET_TEST_CONFIG"):
    globals().update(settings_file.written(os.environ["SUPERSET_TEST_CONFIG"]))
