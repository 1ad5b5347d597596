#!/usr/bin/env python3
"""Looks for secrets in files, however they may have been written down.

Reads one JSON object on stdin:
  secrets  {name: text}: what must not be found
  folders  what is searched, by a name each: {name: path}
  meant    [{"place", "secret", "why"}]: where a secret is meant to be. `place` is a pattern (fnmatch) for
           "<folder's name>/<path in it>", `secret` one for its name
Writes one JSON object to stdout:
  found    hits outside of the places that are meant
  unused   places that are meant and hold nothing: the list is not to say more than is so
  searched {files, bytes}

Each secret is looked for in pieces of twelve letters, so that a part of it is found too, and each piece as it is, in
UTF-16, in base64 at each of its three offsets, in hexadecimal, percent-encoded, and with JSON's escapes.
"""

import base64
import fnmatch
import json
import os
import re
import sys

PIECE = 12


def pieces(secret):
    """The last one goes to the end, so that none is short."""
    if len(secret) <= PIECE:
        return [secret]
    starts = list(range(0, len(secret) - PIECE, PIECE)) + [len(secret) - PIECE]
    return [secret[at : at + PIECE] for at in starts]


def in_base64(raw):
    """The letters that stand for these bytes and nothing else, wherever they begin."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw)
        begin = -(-offset * 8 // 6)
        end = (offset + len(raw)) * 8 // 6
        inner = text[begin:end]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def written(piece):
    raw = piece.encode()
    yield "plain", raw
    for form in ("utf-16-le", "utf-16-be"):
        yield form, piece.encode(form)
    for text in in_base64(raw):
        yield "base64", text
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    for form, case in (("%%%02X", "percent"), ("%%%02x", "percent")):
        yield case, "".join(form % byte for byte in raw).encode()
        # Only what an address must not hold.
        safe = "".join(chr(b) if chr(b).isalnum() or chr(b) in "-._~" else form % b for b in raw).encode()
        yield case, safe
    for form in ("\\u%04x", "\\u%04X", "\\x%02x"):
        yield "escaped", "".join(form % ord(letter) for letter in piece).encode()
        odd = "".join(letter if letter.isalnum() else form % ord(letter) for letter in piece).encode()
        yield "escaped", odd
    yield "escaped", json.dumps(piece)[1:-1].encode()


def needles(secrets):
    """Longer ones do not matter where a shorter one is found: each is told by the secret's name and the way."""
    found = {}
    for name, secret in secrets.items():
        if len(secret) < 8:
            sys.exit(f"{name} is too short to be looked for")
        for piece in pieces(secret):
            for way, needle in written(piece):
                found.setdefault(needle, (name, way))
    return found


def files(folders):
    for name, folder in folders.items():
        for place, inner, names in os.walk(folder):
            inner.sort()
            for one in sorted(names):
                path = os.path.join(place, one)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield f"{name}/{os.path.relpath(path, folder)}", path


def main():
    asked = json.load(sys.stdin)
    wanted = needles(asked["secrets"])
    pattern = re.compile(b"|".join(re.escape(one) for one in sorted(wanted, key=len, reverse=True)))
    meant = asked["meant"]
    used, found, count, size = set(), [], 0, 0
    for place, path in files(asked["folders"]):
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            # Gone meanwhile.
            continue
        count, size = count + 1, size + len(content)
        # A file's name can tell as much.
        for secret, way in sorted({wanted[hit] for hit in pattern.findall(place.encode() + b"\n" + content)}):
            allowed = [
                n
                for n, one in enumerate(meant)
                if fnmatch.fnmatchcase(place, one["place"]) and fnmatch.fnmatchcase(secret, one["secret"])
            ]
            used.update(allowed)
            if not allowed:
                found.append({"place": place, "secret": secret, "way": way})
    unused = [one for n, one in enumerate(meant) if n not in used]
    json.dump({"found": found, "unused": unused, "searched": {"files": count, "bytes": size}}, sys.stdout)


if __name__ == "__main__":
    main()
