"""The Supersets one can have, made by settings and by the database they start with."""

from dataclasses import dataclass, field
from pathlib import Path

# Where no time zones are installed, a zone's name would silently mean UTC.
_ZONE = "America/New_York"
NEW_YORK = _ZONE if Path("/usr/share/zoneinfo", _ZONE).exists() else "EST5EDT,M3.2.0,M11.1.0"

# Low enough to be met by a test, short enough to be waited out by it.
RATE_LIMIT = "20 per 10 second"


@dataclass(frozen=True)
class Variant:
    about: str
    environment: dict = field(default_factory=dict)
    mcp_mode: str = "guarded"
    # Whether the permissions on API keys are there ("superset init" was run).
    permissions: bool = True
    # Whether the table of API keys is there. Superset makes it as it starts, so
    # it is dropped under the running server.
    table: bool = True
    # Whose permissions the role Public has, as PUBLIC_ROLE_LIKE would give it.
    public_like: str | None = None
    # Settings of its own, in a file of this folder: what stands in superset_config.py makes another database.
    config: str | None = None
    # A proxy stands before it and tells who people are (proxy.py).
    proxy: bool = False

    @property
    def timezone(self) -> str:
        return self.environment.get("TZ", "UTC")

    @property
    def is_as_prepared(self) -> bool:
        """Nothing of it lies in the database."""
        return self.permissions and self.table and not self.public_like

    @property
    def path(self) -> str:
        return self.environment.get("SUPERSET_APP_ROOT", "")


VARIANTS = {
    "main": Variant("API keys on, the clock at UTC"),
    "newyork": Variant("its clock, and so every time it shows, is New York's", {"TZ": NEW_YORK}),
    "bi": Variant("everything lies under /bi", {"SUPERSET_APP_ROOT": "/bi"}),
    "keys-off": Variant(
        "API keys are not enabled: 404", {"SUPERSET_TEST_KEYS": "0"}, mcp_mode="stock"
    ),
    "no-init": Variant(
        "keys enabled, 'superset init' not run since: 403 for everybody", permissions=False
    ),
    "no-key-table": Variant("the table is missing: 201 without a key", table=False),
    "public": Variant("strangers may see dashboards, as usual for embedding", public_like="Public"),
    "public-gamma": Variant("strangers may do what a Gamma may", public_like="Gamma"),
    "rate-limited": Variant(
        f"{RATE_LIMIT}s, then 429", {"SUPERSET_TEST_RATE_LIMIT": RATE_LIMIT}
    ),
    "remote-user": Variant(
        "a proxy names people, and nobody is signed in",
        {"SUPERSET_TEST_REMOTE_USER": "stock"},
        config="remote_user_config.py",
        proxy=True,
    ),
    "remote-user-mended": Variant(
        "a proxy names people, and they are signed in",
        {"SUPERSET_TEST_REMOTE_USER": "mended"},
        config="remote_user_config.py",
        proxy=True,
    ),
}
