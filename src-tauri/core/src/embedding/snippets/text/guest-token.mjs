// Guest tokens for a dashboard that is embedded in your pages. Node.js 20 or newer; nothing to install.
//
// Answer the page's POST to /guest-token with { token: await guestToken(…) }, for whoever is signed in at your site. The
// minter's key is read from the environment variable SUPERSET_MINTER_KEY.
//
//   node guest-token.mjs jane.doe "org_id = 12"      prints one, to try it
import { argv, env, exit, stderr, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { realpathSync } from "node:fs";

const SUPERSET = «superset»;
const DASHBOARD = «dashboard»;
// So many seconds before its end a token is not handed out any more.
const EARLY = 30;
const PATIENCE = 20;

const kept = new Map();

/** Why there is none. Tells no secret. */
export class NoGuestToken extends Error {}

/**
 * A token for one guest. `rules` say which rows: [{ clause: "org_id = 12" }]. Without one they see all.
 * Build clauses of what you know yourself, never of what a visitor sends: Superset checks none.
 */
export async function guestToken(username, rules) {
  const guest = JSON.stringify([username, rules]);
  const now = performance.now() / 1000;
  for (const [other, { until }] of kept) if (until <= now) kept.delete(other);
  if (kept.has(guest)) return kept.get(guest).token;
  const token = await minted(username, rules);
  kept.set(guest, { token, until: now + seconds(token) - EARLY });
  return token;
}

async function minted(username, rules) {
  // Superset wants of a write a token of its own, the cookie that belongs to it, and over https where it comes from.
  const { answer: csrf, cookies } = await asked("api/v1/security/csrf_token/");
  const wanted = {
    user: { username },
    resources: [{ type: "dashboard", id: DASHBOARD }],
    rls: rules,
  };
  const proof = { "X-CSRFToken": csrf.result, Cookie: cookies, "Content-Type": "application/json" };
  const { answer } = await asked("api/v1/security/guest_token/", proof, JSON.stringify(wanted));
  if (typeof answer.token !== "string") throw new NoGuestToken("Superset's answer was not understood.");
  return answer.token;
}

async function asked(path, more = {}, body = undefined) {
  const key = (env.SUPERSET_MINTER_KEY ?? "").trim();
  if (!key) throw new NoGuestToken("SUPERSET_MINTER_KEY is not set.");
  const headers = { Authorization: `Bearer ${key}`, Accept: "application/json", Referer: `${SUPERSET}/`, ...more };
  let answer;
  let text;
  try {
    answer = await fetch(`${SUPERSET}/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body,
      // The key goes to Superset and nowhere else.
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE * 1000),
    });
    text = await answer.text();
  } catch (error) {
    // Its own words may hold the key, where that is no header's value.
    throw new NoGuestToken(`Superset cannot be reached: ${error.cause?.code ?? error.name}`);
  }
  if (answer.status === 401) throw new NoGuestToken("Superset does not take the key.");
  if (answer.status === 403) throw new NoGuestToken("The key may not mint guest tokens.");
  if (!answer.ok) throw new NoGuestToken(`Superset answered ${answer.status}: ${text.slice(0, 300)}`);
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  try {
    return { answer: JSON.parse(text), cookies };
  } catch {
    throw new NoGuestToken("Superset's answer was not understood.");
  }
}

/** How long a token is good, by the server's clock: ours may be another. Both times are fractions of seconds. */
function seconds(token) {
  const { exp, iat } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  return exp - iat;
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const [, , username, ...clauses] = argv;
  try {
    if (!username) throw new NoGuestToken("Usage: guest-token.mjs USERNAME [CLAUSE…]");
    stdout.write(`${await guestToken(username, clauses.map((clause) => ({ clause })))}\n`);
  } catch (error) {
    if (!(error instanceof NoGuestToken)) throw error;
    stderr.write(`${error.message}\n`);
    exit(1);
  }
}
