"""Guest tokens for a dashboard that is embedded in your pages. Python 3.9 or newer; nothing to install.

Answer the page's POST to /guest-token with {"token": guest_token(…)}, for whoever is signed in at your site. The
minter's key is read from the environment variable SUPERSET_MINTER_KEY.

    python3 guest_token.py jane.doe "org_id = 12"      prints one, to try it
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request

SUPERSET = «superset»
DASHBOARD = «dashboard»
# So many seconds before its end a token is not handed out any more.
EARLY = 30
PATIENCE = 20

_kept = {}


class NoGuestToken(Exception):
    """Why there is none. Tells no secret."""


def guest_token(username, rules):
    """A token for one guest. `rules` say which rows: [{"clause": "org_id = 12"}]. Without one they see all.

    Build clauses of what you know yourself, never of what a visitor sends: Superset checks none.
    """
    guest, now = json.dumps([username, rules]), time.monotonic()
    for other, (_, until) in list(_kept.items()):
        if until <= now:
            _kept.pop(other, None)
    token, until = _kept.get(guest, (None, now))
    if until > now:
        return token
    token = _minted(username, rules)
    _kept[guest] = token, now + _seconds(token) - EARLY
    return token


def _minted(username, rules):
    # Superset wants of a write a token of its own, the cookie that belongs to it, and over https where it comes from.
    csrf, headers = _asked("api/v1/security/csrf_token/")
    cookies = "; ".join(cookie.split(";")[0] for cookie in headers.get_all("Set-Cookie") or [])
    wanted = {
        "user": {"username": username},
        "resources": [{"type": "dashboard", "id": DASHBOARD}],
        "rls": rules,
    }
    proof = {"X-CSRFToken": csrf.get("result", ""), "Cookie": cookies, "Content-Type": "application/json"}
    minted, _ = _asked("api/v1/security/guest_token/", proof, json.dumps(wanted).encode())
    if not isinstance(minted.get("token"), str):
        raise NoGuestToken("Superset's answer was not understood.")
    return minted["token"]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    # The key goes to Superset and nowhere else.
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def _asked(path, more=(), body=None):
    key = os.environ.get("SUPERSET_MINTER_KEY", "").strip()
    if not key:
        raise NoGuestToken("SUPERSET_MINTER_KEY is not set.")
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "Referer": f"{SUPERSET}/", **dict(more)}
    try:
        request = urllib.request.Request(f"{SUPERSET}/{path}", body, headers)
        with _opener.open(request, timeout=PATIENCE) as answer:
            return dict(json.load(answer)), answer.headers
    except urllib.error.HTTPError as error:
        why = {401: "Superset does not take the key.", 403: "The key may not mint guest tokens."}
        said = error.read(300).decode(errors="replace")
        raise NoGuestToken(why.get(error.code, f"Superset answered {error.code}: {said}")) from None
    except urllib.error.URLError as error:
        raise NoGuestToken(f"Superset cannot be reached: {error.reason}") from None
    except OSError as error:
        raise NoGuestToken(f"Superset cannot be reached: {error.strerror or type(error).__name__}") from None
    except (TypeError, ValueError):
        # Its words may hold the key, where that is no header's value.
        raise NoGuestToken("The key cannot be sent, or Superset's answer was not understood.") from None


def _seconds(token):
    """How long a token is good, by the server's clock: ours may be another. Both times are fractions of seconds."""
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims["exp"] - claims["iat"]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit('Usage: guest_token.py USERNAME [CLAUSE…]')
    try:
        print(guest_token(sys.argv[1], [{"clause": clause} for clause in sys.argv[2:]]))
    except NoGuestToken as why:
        sys.exit(str(why))
