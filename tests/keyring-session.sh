#!/usr/bin/env bash
# Runs a command inside a private D-Bus session with a throw-away GNOME keyring, and takes all of it down again.
#
#   tests/keyring-session.sh [--locked | --no-collection | --no-service | --keepassxc] COMMAND [ARGUMENT…]
#
#   (nothing)         an unlocked keyring whose password is one line feed
#   --locked          the same keyring, locked; no window can be shown to unlock it
#   --no-collection   a keyring program that has no collection to keep things in
#   --no-service      a bus on which nothing answers for org.freedesktop.secrets
#   --keepassxc       KeePassXC with an open database and its own default settings, on a display of its own
#
# HOME, XDG_* and DBUS_SESSION_BUS_ADDRESS are private: nothing of the caller's own session is read or written.
# BUS_PID is the bus's process, KEYRING_PID, where there is one, the keyring program's. The answer is the command's.
set -euo pipefail

mode=unlocked
case ${1:-} in
--locked | --no-collection | --no-service | --keepassxc)
  mode=${1#--}
  shift
  ;;
esac
if [ $# -eq 0 ]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 64
fi
needed=(dbus-daemon gnome-keyring-daemon gdbus)
if [ "$mode" = keepassxc ]; then needed=(dbus-daemon gdbus keepassxc keepassxc-cli Xvfb xdotool); fi
for program in "${needed[@]}"; do
  if ! command -v "$program" >/dev/null; then
    echo "$0: $program is missing (Debian, Ubuntu: apt-get install dbus gnome-keyring libglib2.0-bin keepassxc xvfb xdotool)" >&2
    exit 69
  fi
done

room=$(mktemp -d)
bus=
keyring=
screen=
command=
# shellcheck disable=SC2317 # a trap calls it
tear_down() {
  for pid in $command $bus $keyring $screen; do
    # A test may have stopped it, and then it would not hear the rest.
    kill -CONT "$pid" 2>/dev/null || true
  done
  if [ "$mode" = keepassxc ]; then kill "$keyring" 2>/dev/null || true; fi
  # GNOME's keyring program ends with its bus.
  for pid in $command $bus $screen; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$room"
}
trap tear_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Where a shell allows no core files at all, nobody could tell whether our programs do. One block does no harm.
ulimit -S -c 1 2>/dev/null || true

export HOME=$room/home XDG_RUNTIME_DIR=$room/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
export XDG_CACHE_HOME=$HOME/.cache XDG_STATE_HOME=$HOME/.local/state
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$HOME" "$XDG_RUNTIME_DIR"
unset GNOME_KEYRING_CONTROL SSH_AUTH_SOCK KEYRING_PID
if [ "$mode" != unlocked ]; then
  # Without a display the unlock window cannot open, which counts as closed.
  unset DISPLAY WAYLAND_DISPLAY
fi

# A configuration of our own: no service files, so that nothing is started by being asked for.
cat >"$room/bus.conf" <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$room/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
XML
export DBUS_SESSION_BUS_ADDRESS=unix:path=$room/run/bus
dbus-daemon --config-file="$room/bus.conf" --nofork --nopidfile 2>"$room/bus.log" &
bus=$!
export BUS_PID=$bus
for _ in $(seq 200); do
  [ -S "$room/run/bus" ] && break
  sleep 0.02
done
[ -S "$room/run/bus" ] || {
  cat "$room/bus.log" >&2
  exit 69
}

call() { gdbus call --session --dest "$1" --object-path "$2" --method "$3" "${@:4}"; }

# An empty database with a group that is shown to others, as a person sets it up in KeePassXC's settings.
keepassxc_database() {
  cat >"$room/database.xml" <<XML
<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<KeePassFile>
<Meta><DatabaseName>test</DatabaseName><CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>
<Value>{11111111-2222-3333-4444-555555555555}</Value></Item></CustomData></Meta>
<Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name>
<Group><UUID>ERERESIiMzNERFVVVVVVVQ==</UUID><Name>shown</Name></Group></Group></Root>
</KeePassFile>
XML
  printf 'open\nopen\n' | keepassxc-cli import -q -p "$room/database.xml" "$room/test.kdbx" >/dev/null 2>"$room/keyring.log"
  mkdir -p "$XDG_CONFIG_HOME/keepassxc"
  # What it would ask at its first start, and the one thing to switch on.
  printf '[General]\nUpdateCheckMessageShown=true\n[GUI]\nCheckForUpdates=false\n[FdoSecrets]\nEnabled=true\n' \
    >"$XDG_CONFIG_HOME/keepassxc/keepassxc.ini"
}

if [ "$mode" = keepassxc ]; then
  exec 3>"$room/screen"
  Xvfb -displayfd 3 -screen 0 1200x900x24 >/dev/null 2>&1 &
  screen=$!
  exec 3>&-
  for _ in $(seq 500); do
    [ -s "$room/screen" ] && break
    sleep 0.02
  done
  DISPLAY=:$(cat "$room/screen")
  export DISPLAY
  unset WAYLAND_DISPLAY
  keepassxc_database
  # Where it marks that it runs: one for each user otherwise.
  mkdir "$room/mark"
  printf 'open\n' | TMPDIR=$room/mark keepassxc --pw-stdin "$room/test.kdbx" >/dev/null 2>>"$room/keyring.log" &
  keyring=$!
  export KEYRING_PID=$keyring
  for _ in $(seq 500); do
    open=$(call org.freedesktop.secrets /org/freedesktop/secrets/collection/test org.freedesktop.DBus.Properties.Get \
      org.freedesktop.Secret.Collection Locked 2>/dev/null) || open=
    case $open in *false*) break ;; esac
    sleep 0.04
  done
  case $open in *false*) ;; *)
    cat "$room/keyring.log" >&2
    exit 69
    ;;
  esac
elif [ "$mode" != no-service ]; then
  if [ "$mode" = no-collection ]; then
    gnome-keyring-daemon --start --components=secrets </dev/null >/dev/null 2>"$room/keyring.log"
  else
    # An empty password makes no collection; a line feed does.
    printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>"$room/keyring.log"
  fi
  for _ in $(seq 200); do
    keyring=$(call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.GetConnectionUnixProcessID \
      org.freedesktop.secrets 2>/dev/null | tr -dc '0-9 ' | awk '{print $NF}') || keyring=
    [ -n "$keyring" ] && break
    sleep 0.02
  done
  [ -n "$keyring" ] || {
    cat "$room/keyring.log" >&2
    exit 69
  }
  export KEYRING_PID=$keyring
fi
if [ "$mode" = locked ]; then
  call org.freedesktop.secrets /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock \
    "['/org/freedesktop/secrets/collection/login']" >/dev/null
fi

# In the background and waited for, so that a signal takes it down too.
"$@" <&0 &
command=$!
answer=0
wait "$command" || answer=$?
command=
exit "$answer"
