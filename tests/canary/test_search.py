"""The search itself: each way of writing a secret down is found, a part of it too."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = "sst_Zq8/Kd+Vn1_Yb6Xq4Zt9-Mf2Rw7Lh5Pc0GsTu3"


def search(content, meant=(), name="file"):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        asked = {"secrets": {"key": SECRET}, "folders": {"there": folder}, "meant": list(meant)}
        run = [sys.executable, os.path.join(HERE, "search.py")]
        return json.loads(subprocess.run(run, input=json.dumps(asked).encode(), capture_output=True, check=True).stdout)


class Search(unittest.TestCase):
    def test_each_way_of_writing_it_down(self):
        raw = SECRET.encode()
        ways = {
            "plain": raw,
            "part": raw[5:29],
            "end": raw[-12:],
            "little": SECRET.encode("utf-16-le"),
            "big": SECRET.encode("utf-16-be"),
            "hex": raw.hex().encode(),
            "HEX": raw.hex().upper().encode(),
            "percent": urllib.parse.quote(SECRET, safe="").encode(),
            "every letter": "".join(f"%{byte:02x}" for byte in raw).encode(),
            "json": "".join(f"\\u{byte:04x}" for byte in raw).encode(),
            "odd letters": SECRET.replace("/", "\\u002f").replace("+", "\\u002B").encode(),
            "x": "".join(f"\\x{byte:02x}" for byte in raw).encode(),
        }
        for offset in range(3):
            ways[f"base64 at {offset}"] = base64.b64encode(b"xyz"[:offset] + raw + b"more")
            ways[f"base64url at {offset}"] = base64.urlsafe_b64encode(b"Bearer"[:offset] + raw)
        for name, content in ways.items():
            with self.subTest(name):
                self.assertTrue(search(b"before " + content + b" after")["found"], name)

    def test_nothing_else(self):
        for content in (b"", b"sst_\xe2\x80\xa6sTu3", SECRET[:8].encode(), os.urandom(100_000)):
            self.assertEqual(search(content)["found"], [])

    def test_a_name_tells_too(self):
        self.assertTrue(search(b"", name=SECRET[8:24].replace("/", "-"))["found"])

    def test_what_is_meant_is_said_and_must_be_so(self):
        meant = [{"place": "there/fi*", "secret": "key", "why": "a person asked for it"}]
        self.assertEqual(search(SECRET.encode(), meant)["found"], [])
        self.assertEqual(search(b"nothing", meant)["unused"], meant)


if __name__ == "__main__":
    unittest.main()
