"""Who can sign in to the test Superset. The passwords are for tests only."""

# A Gamma that may do nothing with API keys: Superset then answers 403.
NO_KEYS_ROLE = "Gamma without API keys"

USERS = {
    "admin": {"password": "demo-admin", "role": "Admin"},
    "alpha": {"password": "demo-alpha", "role": "Alpha"},
    "gamma": {"password": "demo-gamma", "role": "Gamma"},
    "nokeys": {"password": "demo-nokeys", "role": NO_KEYS_ROLE},
}
