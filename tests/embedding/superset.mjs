// The real Superset with a dashboard in it, made over REST: twelve rows, four for each of three organisations.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../clients/places.mjs';
import { must } from '../clients/process.mjs';

const program = join(checkout, 'tests/superset/superset_server.py');

const settings = ({ on = true, ancestors }) => `
import copy

from superset.config import TALISMAN_CONFIG as _stock

FEATURE_FLAGS = {"EMBEDDED_SUPERSET": ${on ? 'True' : 'False'}}
GUEST_ROLE_NAME = "Embedded"
GUEST_TOKEN_JWT_SECRET = "only-for-this-test-${'k'.repeat(48)}"
# Only so that an SQLite file may be a database.
PREVENT_UNSAFE_DB_CONNECTIONS = False
TALISMAN_ENABLED = True
TALISMAN_CONFIG = copy.deepcopy(_stock)
TALISMAN_CONFIG["content_security_policy"]["frame-ancestors"] = ${JSON.stringify(ancestors)}
`;

export class Superset {
  #folder;
  #port = '0';
  #bearer;
  #csrf;

  constructor(room) {
    this.room = room;
    this.#folder = join(room, 'superset');
  }

  /** `ancestors`: who may frame its pages. Again, it goes on where it was. */
  async start(options) {
    const config = join(this.room, 'superset_config.py');
    writeFileSync(config, settings(options));
    const again = this.url ? ['--keep-data'] : [];
    const words = ['up', '--json', '--no-mcp', '--web-port', this.#port, '--run-dir', this.#folder, '--config', config];
    const watched = ['--watch-pid', String(process.pid)];
    // Minutes only where it was never prepared before.
    const told = JSON.parse(await must('python3', [program, ...words, ...watched, ...again], { seconds: 900 }));
    this.url = told.web_url;
    this.#port = new URL(this.url).port;
  }

  stop() {
    return must('python3', [program, 'down', '--run-dir', this.#folder], { seconds: 60 });
  }

  async call(method, path, body, { bearer = this.#bearer, headers = {} } = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}`, ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    this.answered = answer;
    return JSON.parse(text);
  }

  async token(username, password) {
    const answer = await this.call('POST', '/api/v1/security/login', { username, password, provider: 'db' }, { headers: { Authorization: '' } });
    return answer.access_token;
  }

  async write(method, path, body) {
    if (!this.#csrf) {
      const { result } = await this.call('GET', '/api/v1/security/csrf_token/');
      const cookie = this.answered.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
      this.#csrf = { 'X-CSRFToken': result, Cookie: cookie, Referer: `${this.url}/` };
    }
    return this.call(method, path, body, { headers: this.#csrf });
  }

  async signIn() {
    this.#bearer = await this.token('admin', 'demo-admin');
  }

  async build() {
    await this.signIn();
    const file = join(this.room, 'sales.db');
    await must('python3', ['-c', `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("CREATE TABLE sales (org INTEGER, city TEXT, amount INTEGER)")
    cities = {1: "Bern", 2: "Oslo", 3: "Rome"}
    db.executemany("INSERT INTO sales VALUES (?, ?, ?)", [(org, f"{cities[org]} {n}", org * 100 + n) for org in cities for n in range(4)])
`, file], { seconds: 30 });
    const { id: database } = await this.write('POST', '/api/v1/database/', { database_name: 'sales', sqlalchemy_uri: `sqlite:///${file}` });
    const { id: dataset } = await this.write('POST', '/api/v1/dataset/', { database, schema: 'main', table_name: 'sales' });
    const columns = ['org', 'city', 'amount'];
    const params = { viz_type: 'table', datasource: `${dataset}__table`, query_mode: 'raw', all_columns: columns, row_limit: 100 };
    const query = {
      datasource: { id: dataset, type: 'table' }, force: false, result_format: 'json', result_type: 'full', form_data: params,
      queries: [{ columns, metrics: [], row_limit: 100, filters: [], orderby: [], extras: {} }],
    };
    const { id: chart } = await this.write('POST', '/api/v1/chart/', {
      slice_name: 'Cities', viz_type: 'table', datasource_id: dataset, datasource_type: 'table',
      params: JSON.stringify(params), query_context: JSON.stringify(query),
    });
    ({ id: this.dashboard } = await this.write('POST', '/api/v1/dashboard/', { dashboard_title: 'Sales', published: true }));
    const grid = ['ROOT_ID', 'GRID_ID'];
    const positions = {
      DASHBOARD_VERSION_KEY: 'v2',
      ROOT_ID: { type: 'ROOT', id: 'ROOT_ID', children: ['GRID_ID'] },
      GRID_ID: { type: 'GRID', id: 'GRID_ID', children: ['ROW-1'], parents: ['ROOT_ID'] },
      'ROW-1': { type: 'ROW', id: 'ROW-1', children: ['CHART-1'], parents: grid, meta: { background: 'BACKGROUND_TRANSPARENT' } },
      'CHART-1': {
        type: 'CHART', id: 'CHART-1', children: [], parents: [...grid, 'ROW-1'],
        meta: { chartId: chart, sliceName: 'Cities', width: 8, height: 50 },
      },
    };
    // A chart joins a dashboard by its own list; the layout only places it.
    await this.write('PUT', `/api/v1/chart/${chart}`, { dashboards: [this.dashboard] });
    await this.write('PUT', `/api/v1/dashboard/${this.dashboard}`, { json_metadata: JSON.stringify({ positions }) });
    await this.makeRoles();
  }

  async permissions(wanted) {
    const found = new Map();
    for (let page = 0; found.size < wanted.length && page < 10; page += 1) {
      const { result } = await this.call('GET', `/api/v1/security/permissions-resources/?q=(page:${page},page_size:100)`);
      if (result.length === 0) break;
      for (const { id, permission, view_menu: on } of result) {
        const name = `${permission.name} on ${on.name}`;
        if (wanted.includes(name)) found.set(name, id);
      }
    }
    if (found.size !== wanted.length) throw new Error(`there is no ${wanted.filter((name) => !found.has(name))}`);
    return [...found.values()];
  }

  async role(name, wanted) {
    const { id } = await this.call('POST', '/api/v1/security/roles/', { name });
    await this.grant(id, wanted);
    return id;
  }

  async grant(role, wanted) {
    const ids = await this.permissions(wanted);
    await this.call('POST', `/api/v1/security/roles/${role}/permissions`, { permission_view_menu_ids: ids });
  }

  async makeRoles() {
    this.guests = await this.role('Embedded', GUEST);
    const minter = await this.role('Guest minter', ['can_grant_guest_token on SecurityRestApi', 'can_read on SecurityRestApi']);
    const { result: roles } = await this.call('GET', "/api/v1/security/roles/?q=(filters:!((col:name,opr:eq,value:Gamma)))");
    const person = { first_name: 'Web', last_name: 'backend', username: 'backend', email: 'backend@example.com', active: true };
    // Who may do nothing else may not make a key either.
    const made = await this.call('POST', '/api/v1/security/users/', { ...person, password: 'demo-backend', roles: [minter, roles[0].id] });
    const bearer = await this.token('backend', 'demo-backend');
    const { result } = await this.call('POST', '/api/v1/security/api_keys/', { name: 'backend' }, { bearer });
    await this.call('PUT', `/api/v1/security/users/${made.id}`, { roles: [minter] });
    this.key = result.key;
  }

  /** Lets these sites embed the dashboard. */
  async embed(sites) {
    const { result } = await this.write('POST', `/api/v1/dashboard/${this.dashboard}/embedded`, { allowed_domains: sites });
    this.embedding = result.uuid;
  }

  rename(title) {
    return this.write('PUT', `/api/v1/dashboard/${this.dashboard}`, { dashboard_title: title });
  }
}

export const GUEST = ['can_read on Dashboard', 'can_read on Chart', 'can_read on CurrentUserRestApi'];
