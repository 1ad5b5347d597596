// The site that embeds: pages, and the backend that mints, on an origin of its own.
import { createServer, request } from 'node:http';

/** `answers` has a function for each `METHOD /path`; it answers `{ type, body, status? }`. */
export async function serve(answers, { host = 'localhost', port = 0, secure = undefined } = {}) {
  const { createServer: createSecure } = await import('node:https');
  const server = (secure ? (listener) => createSecure(secure, listener) : createServer)((asked, answer) => {
    const at = `${asked.method} ${new URL(asked.url, 'http://x').pathname}`;
    const body = [];
    asked.on('data', (more) => body.push(more));
    asked.on('end', async () => {
      const found = answers[at] ?? (() => ({ status: 404, type: 'text/plain', body: '' }));
      try {
        const { status = 200, type = 'application/json', body: text, headers = {} } = await found(asked, Buffer.concat(body).toString());
        answer.writeHead(status, { 'Content-Type': type, ...headers }).end(text);
      } catch (error) {
        answer.writeHead(500, { 'Content-Type': 'text/plain' }).end(error.message);
      }
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = server.address().port;
  return {
    origin: `http${secure ? 's' : ''}://${host}:${at}`,
    port: at,
    answers,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** A proxy before a server, as nginx would be, that changes what it says to browsers. */
export async function before(url, change) {
  const server = createServer((asked, answer) => {
    const { hostname, port } = new URL(url);
    const passed = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode, change(from.headers));
      from.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
