#!/bin/sh
# Guest tokens for a dashboard that is embedded in your pages. POSIX sh and curl 7.55 or newer.
#
# Answer the page's POST to /guest-token with {"token": "…"}, for whoever is signed in at your site. The minter's key is
# read from the environment variable SUPERSET_MINTER_KEY, and stands in no process's arguments.
#
#   sh guest-token.sh jane.doe "org_id = 12"      prints one
#
# Behind the name stand rules for which rows; without one the guest sees all. Build them of what you know yourself,
# never of what a visitor sends: Superset checks none.
set -eu
umask 077

SUPERSET=«superset»
DASHBOARD=«dashboard»
# So many seconds before its end a token is not handed out any more.
EARLY=30
PATIENCE=20

stop() {
  printf '%s\n' "$1" >&2
  exit 1
}
[ $# -gt 0 ] || stop 'Usage: guest-token.sh USERNAME [CLAUSE…]'
[ -n "${SUPERSET_MINTER_KEY:-}" ] || stop 'SUPERSET_MINTER_KEY is not set.'

json() { printf '"%s"' "$(printf '%s' "$1" | tr '[:cntrl:]' ' ' | sed 's/[\\"]/\\&/g')"; }
user=$(json "$1")
shift
rules=
for clause; do rules="$rules${rules:+,}{\"clause\":$(json "$clause")}"; done
wanted="{\"user\":{\"username\":$user},\"resources\":[{\"type\":\"dashboard\",\"id\":$(json "$DASHBOARD")}],\"rls\":[$rules]}"

# A token is kept where only its owner reads, in memory; where there is no such folder, nowhere.
kept=
if [ -n "${XDG_RUNTIME_DIR:-}" ]; then
  kept=$XDG_RUNTIME_DIR/guest-token-$(printf '%s %s' "$SUPERSET" "$wanted" | cksum | tr ' ' '-')
  if [ -f "$kept" ] && { read -r until && IFS= read -r whose && read -r token; } <"$kept" &&
    [ "$whose" = "$SUPERSET $wanted" ] && [ "$(date +%s)" -lt "$until" ]; then
    printf '%s\n' "$token"
    exit
  fi
fi

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
printf '%s' "$wanted" >"$room/wanted"

# Prints the answer, and its status in a line of its own.
asked() {
  path=$1
  shift
  {
    printf 'Authorization: Bearer %s\nAccept: application/json\nReferer: %s/\n' "$SUPERSET_MINTER_KEY" "$SUPERSET"
    [ -z "${csrf:-}" ] || printf 'X-CSRFToken: %s\nContent-Type: application/json\n' "$csrf"
  } | curl -sS --max-time "$PATIENCE" -H @- -b "$room/cookies" -c "$room/cookies" -w '\n%{http_code}' "$@" "$SUPERSET/$path" ||
    stop 'Superset cannot be reached.'
}
understood() {
  status=$(printf '%s\n' "$1" | tail -n 1)
  case $status in
  200) ;;
  401) stop 'Superset does not take the key.' ;;
  403) stop 'The key may not mint guest tokens.' ;;
  *) stop "Superset answered $status: $(printf '%s\n' "$1" | sed '$d' | head -c 300)" ;;
  esac
}
value() { printf '%s' "$2" | sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p"; }

# Superset wants of a write a token of its own, the cookie that belongs to it, and over https where it comes from.
: >"$room/cookies"
answer=$(asked api/v1/security/csrf_token/)
understood "$answer"
csrf=$(value result "$answer")
[ -n "$csrf" ] || stop "Superset's answer was not understood."
answer=$(asked api/v1/security/guest_token/ --data-binary "@$room/wanted")
understood "$answer"
token=$(value token "$answer")
[ -n "$token" ] || stop "Superset's answer was not understood."

if [ -n "$kept" ]; then
  # How long it is good, by the server's clock: ours may be another. Both times are fractions of seconds.
  part=$(printf '%s' "$token" | cut -d. -f2 | tr '_-' '/+')
  while [ $((${#part} % 4)) -ne 0 ]; do part=$part=; done
  claims=$(printf '%s' "$part" | base64 -d)
  number() { printf '%s' "$claims" | sed -n "s/.*\"$1\": *\\([0-9]*\\).*/\\1/p"; }
  until=$(($(date +%s) + $(number exp) - $(number iat) - EARLY))
  printf '%s\n%s\n%s\n' "$until" "$SUPERSET $wanted" "$token" >"$kept.$$"
  mv "$kept.$$" "$kept"
fi
printf '%s\n' "$token"
