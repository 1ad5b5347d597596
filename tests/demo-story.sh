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
play snippet claude-code demo --delivery helper

scene "The MCP server takes the key. It never touches the disk or a command line"
# The header reaches curl on a pipe.
"$cli" headers demo --key "$alias" | python3 -c '
import json, sys
for name, value in json.load(sys.stdin).items():
    print(f"header = \"{name}: {value}\"")' |
  curl --silent --show-error --fail --config - --header 'Accept: application/json, text/event-stream' \
    --header 'Content-Type: application/json' \
    --data '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' "$mcp" |
  python3 -c '
import json, sys
text = sys.stdin.read()
answer = next(json.loads(line[5:]) for line in text.splitlines() if line.startswith("data:"))
print("Tools:", ", ".join(tool["name"] for tool in answer["result"]["tools"]))'

scene "Revoke it"
play keys revoke demo "$alias" --yes

scene "And it is over"
play keys list demo
