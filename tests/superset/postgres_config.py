"""Settings of a test Superset whose metadata lies in PostgreSQL."""

import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from superset_config import *  # noqa: E402,F401,F403

SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_TEST_POSTGRES"]
