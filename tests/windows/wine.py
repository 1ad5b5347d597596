"""What the tests share: a Windows of their own, as Wine plays it, a real Superset, and people at their computers.
`./dev test windows` builds what they run."""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUPERSET = HERE.parent / "superset" / "superset_server.py"
PROGRAM = Path(os.environ["SUPERSET_KEYS_WINDOWS_PROGRAM"])
# Beside the program's folder: the DLL that stands in, and who has files open.
BUILT = Path(os.environ["SUPERSET_KEYS_WINDOWS_BUILT"])
# Nothing here takes long but an emulated computer that has just begun.
PATIENCE = 180
# Debian's starter for both kinds of programs warns about the one that is not there.
WINE = next((w for w in ("/usr/lib/wine/wine64", shutil.which("wine64"), shutil.which("wine")) if w and os.path.exists(w)))


def folder(prefix: str) -> Path:
    """One that goes with the tests."""
    made = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def until(holds, what: str, seconds: float = 30):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.05)
    return found


class Windows:
    """A computer that was just set up."""

    def __init__(self):
        self.prefix = folder("superset-windows-")
        # Wine makes links from a person's folders to those of this home.
        self.home = folder("superset-windows-home-")
        names = ("PATH", "LANG", "TMPDIR")
        self.env = {name: os.environ[name] for name in names if name in os.environ}
        self.env |= {"WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all", "HOME": str(self.home), "USER": "jane"}
        # Neither Gecko nor Mono is asked for.
        self.env |= {"LOGNAME": "jane", "WINEDLLOVERRIDES": "mscoree,mshtml="}
        atexit.register(self.shut_down)
        subprocess.run([WINE, "wineboot.exe", "-i"], env=self.env, check=True, timeout=300, stdin=subprocess.DEVNULL, capture_output=True)
        self.drive = self.prefix / "drive_c"
        shutil.copy(BUILT / "bcryptprimitives.dll", self.drive / "windows" / "system32")
        # A place as an installer chooses it, with a space.
        installed = self.drive / "Program Files" / "Superset Keys"
        installed.mkdir(parents=True)
        self.program = installed / "superset-keys.exe"
        shutil.copy(PROGRAM, self.program)
        self.person = next(p for p in (self.drive / "users").iterdir() if p.name != "Public")

    def shut_down(self):
        """Ends what runs on this computer, and nothing else."""
        subprocess.run(["wineserver", "-k"], env=self.env, timeout=60, capture_output=True)

    def wine(self, *words: str, **more) -> subprocess.CompletedProcess:
        """Its output is a pipe, as with any program that reads it. Its errors go to a file: Wine lets a program that inherits
        nothing have that one all the same."""
        with tempfile.TemporaryFile() as errors:
            more = {"stdout": subprocess.PIPE, "timeout": PATIENCE, "env": self.env, **more}
            done = subprocess.run([WINE, *words], stderr=errors, **more)
            errors.seek(0)
            done.stderr = errors.read()
            return done

    def hold(self, path: str):
        """Somebody who has it open until they let go; none where it cannot be opened."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        holder = subprocess.Popen([WINE, str(BUILT / "hold.exe"), path], env=self.env, **pipes)
        held = holder.stdout.readline().strip() == b"held"
        # It ends with its input.
        holder.release = lambda: holder.communicate(timeout=PATIENCE)
        if not held:
            holder.release()
        return holder if held else None

    def path(self, at: Path) -> str:
        """As Windows calls it."""
        return "C:\\" + str(at.relative_to(self.drive)).replace("/", "\\")

    def processes(self) -> int:
        """How many of ours run; each is a process of the computer that we are on, too."""
        here = f"WINEPREFIX={self.prefix}".encode()

        def is_ours(process: Path) -> bool:
            try:
                ours = b"superset-keys.exe" in (process / "cmdline").read_bytes()
                return ours and here in (process / "environ").read_bytes().split(b"\0")
            except OSError:
                return False

        return sum(is_ours(process) for process in Path("/proc").iterdir() if process.name.isdigit())


@functools.cache
def windows() -> Windows:
    return Windows()


class Superset:
    def __init__(self):
        self.folder = str(folder("superset-windows-server-"))
        words = ["up", "--json", "--web-port", "0", "--mcp-port", "0", "--watch-pid", str(os.getpid())]
        told = json.loads(self.ask(*words))
        self.url, self.mcp_url = told["web_url"], told["mcp_url"]
        atexit.register(self.ask, "down")

    def ask(self, word: str, *words: str) -> str:
        words = [sys.executable, str(SUPERSET), word, "--run-dir", self.folder, *words]
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, timeout=900).stdout


@functools.cache
def superset() -> Superset:
    return Superset()


class Person:
    """Somebody with an installation of their own on that computer; in the usual folders where none is named."""

    def __init__(self, home: str | None):
        self.windows = windows()
        self.home = self.windows.drive / "people" / home if home else None
        self.env = dict(self.windows.env)
        if home:
            self.env["SUPERSET_KEYS_HOME"] = self.windows.path(self.home)

    def start(self, *words: str, **more) -> subprocess.Popen:
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        return subprocess.Popen([WINE, str(self.windows.program), *words], env=self.env, **{**pipes, **more})

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess:
        return self.windows.wine(str(self.windows.program), *words, input=text.encode(), env=self.env)

    def did(self, *words: str, text: str = "") -> str:
        done = self.run(*words, text=text)
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == 0, f"{words}: {done.returncode}\n{said}"
        return done.stdout.decode()

    def data(self, *words: str, text: str = ""):
        return json.loads(self.did("--json", *words, text=text))["data"]

    def refused(self, *words: str, text: str = "") -> tuple:
        """Exit code, the reason's code, and what was said."""
        done = self.run("--json", *words, text=text)
        assert done.returncode != 0, f"{words} was done: {done.stdout}"
        error = json.loads(done.stderr.decode().strip().splitlines()[-1])["error"]
        return done.returncode, error["code"], f"{error['message']} {error['hint'] or ''}"

    def typed(self, *words: str, passphrase: str):
        return self.data(*words, "--passphrase-stdin", text=f"{passphrase}\n")

    def signed_in(self, user: str = "gamma"):
        at = superset()
        self.did("instances", "add", at.url, "--name", "Test", "--environment", "development", "--mcp-url", at.mcp_url)
        self.did("sign-in", "test", "--username", user, "--password-stdin", text=f"demo-{user}\n")
        return self

    def key(self, name: str = "laptop") -> str:
        self.did("keys", "create", "test", "--name", name, "--alias", name)
        return self.did("keys", "print", "test", name).strip()
