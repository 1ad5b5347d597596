// A model of ours on loopback, so that no account is needed. It wants one tool called if it is offered that, and
// then it says goodbye. What a client's messages look like is its `language`'s to know:
//
//   tools(said)       the names of the tools a request offers
//   results(said)     what came of calls, as texts
//   call(name, args)  and text(words): the answer that wants a call, and the one that does not
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Model {
  #server;
  #language;
  #plan;
  #trouble;
  /** The tools it was offered, whoever's they are. */
  offered = new Set();
  results = [];
  asked = 0;

  /** `plan`: the tool it `wants`, its `args`, and what happens `beforeCall` and `afterCall`. */
  constructor(language, plan) {
    this.#language = language;
    this.#plan = plan;
  }

  async listens() {
    this.#server = createServer((request, response) => {
      this.#answers(request, response).catch((error) => {
        this.#trouble ??= error;
        response.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Throws what went wrong while it answered. */
  ends() {
    this.#server.closeAllConnections();
    this.#server.close();
    if (this.#trouble) throw this.#trouble;
  }

  async #answers(request, response) {
    const said = JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}');
    this.asked += 1;
    const tools = this.#language.tools(said);
    for (const name of tools) this.offered.add(name);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(await this.#next(said, tools));
  }

  async #next(said, tools) {
    const { wants, args, beforeCall, afterCall } = this.#plan;
    const results = this.#language.results(said);
    // Requests of other kinds, for a title perhaps, come at any time and hold none.
    if (results.length > 0) {
      this.results = results;
      await afterCall?.();
    } else if (tools.includes(wants)) {
      await beforeCall?.();
      return this.#language.call(wants, args);
    }
    return this.#language.text('Hello.');
  }
}

/** What a conversation was: what the client offered of the server named superset, and what came of the call. */
export async function conversed(language, prefix, { tool, ...plan }, client) {
  const model = new Model(language, { ...plan, wants: tool && prefix + tool });
  const url = await model.listens();
  let said;
  try {
    said = await client(url);
  } finally {
    model.ends();
  }
  if (model.asked === 0) throw new Error('the client never asked the model');
  const ours = [...model.offered].filter((name) => name.startsWith(prefix));
  return { offered: ours.map((name) => name.slice(prefix.length)).sort(), results: model.results, said };
}

/** Server-sent events. */
export const events = (...messages) => messages.map((message) => `data: ${message}\n\n`).join('');
