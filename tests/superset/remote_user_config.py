"""Settings of a Superset that signs in whom a proxy names; proxy.py is one."""

import os

from flask_appbuilder.security.manager import AUTH_REMOTE_USER as TYPE

AUTH_TYPE = TYPE
AUTH_REMOTE_USER_ENV_VAR = "HTTP_X_REMOTE_USER"

if os.environ["SUPERSET_TEST_REMOTE_USER"] == "mended":
    from superset.security import SupersetSecurityManager

    # 6.1.0 puts a page of its own before the one that looks at the variable.
    class RemoteUserSecurityManager(SupersetSecurityManager):
        register_superset_auth_view = False

    CUSTOM_SECURITY_MANAGER = RemoteUserSecurityManager
