// A system that tells when a person goes away: logind and a screen saver, played on the test session's own bus. The few words
// of D-Bus that this takes are written here.
import { createConnection } from 'node:net';

const LOGIND = 'org.freedesktop.login1';
const [CALL, ANSWER, REFUSAL, SIGNAL] = [1, 2, 3, 4];

class Writer {
  parts = [];
  length = 0;
  bytes(buffer) {
    this.parts.push(buffer);
    this.length += buffer.length;
  }
  align(to) {
    this.bytes(Buffer.alloc((to - (this.length % to)) % to));
  }
  byte(value) {
    this.bytes(Buffer.from([value]));
  }
  u32(value) {
    this.align(4);
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    this.bytes(buffer);
  }
  string(text) {
    this.u32(Buffer.byteLength(text));
    this.bytes(Buffer.from(`${text}\0`));
  }
  signature(text) {
    this.byte(text.length);
    this.bytes(Buffer.from(`${text}\0`));
  }
  whole() {
    return Buffer.concat(this.parts);
  }
}

/** `fields`: [number, signature, value]. */
function message(type, serial, fields, body = Buffer.alloc(0)) {
  const inner = new Writer();
  for (const [number, signature, value] of fields) {
    inner.align(8);
    inner.byte(number);
    inner.signature(signature);
    if (signature === 'u') inner.u32(value);
    else if (signature === 'g') inner.signature(value);
    else inner.string(value);
  }
  const head = new Writer();
  head.bytes(Buffer.from([0x6c, type, 0, 1]));
  head.u32(body.length);
  head.u32(serial);
  head.u32(inner.length);
  head.bytes(inner.whole());
  head.align(8);
  return Buffer.concat([head.whole(), body]);
}

/** Type, serial and sender of the first whole message, and how long that is. */
function read(buffer) {
  if (buffer.length < 16) return null;
  const fields = buffer.readUInt32LE(12);
  const head = Math.ceil((16 + fields) / 8) * 8;
  const length = head + buffer.readUInt32LE(4);
  if (buffer.length < length) return null;
  let at = 16;
  let sender;
  while (at < 16 + fields) {
    at = Math.ceil(at / 8) * 8;
    const number = buffer[at];
    const signature = String.fromCharCode(buffer[at + 2]);
    at += 4;
    if (signature === 'g') { at += buffer[at] + 2; continue; }
    at = Math.ceil(at / 4) * 4;
    const value = buffer.readUInt32LE(at);
    at += 4;
    if (signature === 'u') continue;
    if (number === 7) sender = buffer.toString('utf8', at, at + value);
    at += value + 1;
  }
  return { type: buffer[1], serial: buffer.readUInt32LE(8), sender, length };
}

export class System {
  #serial = 0;
  #waiting = new Map();

  static async start(address = process.env.DBUS_SESSION_BUS_ADDRESS) {
    const system = new System();
    const path = address.match(/^unix:path=([^,]+)/)[1];
    const socket = createConnection(path);
    system.socket = socket;
    await new Promise((ready) => socket.once('connect', ready));
    socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid())).toString('hex')}\r\n`);
    await new Promise((ok) => socket.once('data', ok));
    socket.write('BEGIN\r\n');
    let seen = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      for (let one = read(seen); one; one = read(seen)) {
        seen = seen.subarray(one.length);
        system.#take(one);
      }
    });
    await system.#call('Hello');
    const name = new Writer();
    name.string(LOGIND);
    name.u32(0);
    await system.#call('RequestName', 'su', name.whole());
    socket.unref();
    return system;
  }

  /** The computer goes to sleep, or is awake again. */
  sleeps(does) {
    this.#tell('/org/freedesktop/login1', `${LOGIND}.Manager`, 'PrepareForSleep', does);
  }

  /** The whole session is locked, as `loginctl lock-session` does. */
  locksSession() {
    this.#tell('/org/freedesktop/login1/session/_31', `${LOGIND}.Session`, 'Lock');
  }

  locksScreen(does, saver = 'org.gnome.ScreenSaver') {
    this.#tell('/org/gnome/ScreenSaver', saver, 'ActiveChanged', does);
  }

  end() {
    this.socket.destroy();
  }

  #tell(path, interfaceName, member, flag) {
    const fields = [[1, 'o', path], [2, 's', interfaceName], [3, 's', member]];
    const body = new Writer();
    if (flag !== undefined) {
      fields.push([8, 'g', 'b']);
      body.u32(flag ? 1 : 0);
    }
    this.socket.write(message(SIGNAL, (this.#serial += 1), fields, body.whole()));
  }

  #call(member, signature, body) {
    const bus = 'org.freedesktop.DBus';
    const fields = [[1, 'o', '/org/freedesktop/DBus'], [2, 's', bus], [3, 's', member], [6, 's', bus]];
    if (signature) fields.push([8, 'g', signature]);
    this.socket.write(message(CALL, (this.#serial += 1), fields, body));
    // On its own connection answers come in order.
    return new Promise((answered) => this.#waiting.set(this.#serial, answered));
  }

  #take({ type, serial, sender }) {
    if (type === ANSWER || type === REFUSAL) {
      const [first] = this.#waiting.keys();
      this.#waiting.get(first)?.();
      this.#waiting.delete(first);
    } else if (type === CALL && sender) {
      // It holds nothing back and tells nothing of sessions.
      const refused = [[4, 's', 'org.freedesktop.DBus.Error.NotSupported'], [5, 'u', serial], [6, 's', sender]];
      this.socket.write(message(REFUSAL, (this.#serial += 1), refused));
    }
  }
}
