#!/usr/bin/env bash
# The demo without a window: the same story through the command line, against the real servers.
#
#   tests/demo-story.sh SUPERSET_KEYS URL MCP_URL
set -euo pipefail
cli=$1 url=$2 mcp=$3

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
scene() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
play() {
  printf '$ superset-keys'
  local word
  for word in "$@"; do
    case $word in *' '*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  printf '\n'
  "$cli" "$@"
}

# The keychain of this story is thrown away afterwards, so nothing of an earlier one is of use.
rm -rf "$SUPERSET_KEYS_HOME"

scene "Add the instance"
play instances add "$url" --name Demo --environment development --mcp-url "$mcp" --username admin

scene "Sign in"
printf '$ superset-keys sign-in demo --username admin --password-stdin\n'
printf 'demo-admin\n' | "$cli" sign-in demo --username admin --password-stdin

scene "Create a key for an AI client. It goes into the keychain before anybody sees it"
alias=story-$(date +%H%M%S)
play keys create demo --name "Claude Code – demo" --expires 30d --alias "$alias"

scene "See it among your keys"
play keys list demo

scene "Paste this into Claude Code: no secret in it"
play snippet claude-code demo

scene "What Claude Code then starts: the bridge brings the key from the keychain, and the tools answer"
printf '$ superset-keys bridge demo\n'
printf '%s\n' \
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"demo","version":"1"}}}' \
  '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
  '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' |
  "$cli" bridge demo |
  python3 -c '
import json, sys
answers = {answer.get("id"): answer for answer in map(json.loads, sys.stdin)}
print("Tools:", ", ".join(tool["name"] for tool in answers[1]["result"]["tools"]))'

scene "Revoke it"
play keys revoke demo "$alias" --yes

scene "And it is over"
play keys list demo
