"""Sessions as a browser has them: signing in by the server's own page."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from progress import Problem

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|csrf_token(?:&#34;|&quot;|")\s*:\s*(?:&#34;|&quot;|")([^&"]+)')


def cookie(web_url: str, user: str, password: str, agent: str | None = None) -> str:
    """The session cookie's value, for a browser that calls itself `agent`."""
    jar = CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(jar), urllib.request.ProxyHandler({})
    )
    if agent:
        opener.addheaders = [("User-Agent", agent)]
    page = opener.open(web_url + "/login/", timeout=60).read().decode()
    found = TOKEN.search(page)
    form = {"username": user, "password": password, "csrf_token": next(filter(None, found.groups())) if found else ""}
    answer = opener.open(web_url + "/login/", urllib.parse.urlencode(form).encode(), timeout=60)
    if answer.url.rstrip("/").endswith("/login"):
        raise Problem(f"{user} was not let in.")
    return next(one.value for one in jar if one.name == "session")


def sign_out(web_url: str, value: str) -> None:
    """As following Superset's own link does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.addheaders = [("Cookie", f"session={value}")]
    opener.open(web_url + "/logout/", timeout=60).read()
