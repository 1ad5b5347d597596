// What a person does in a browser at tests/oauth/provider.mjs: its forms, filled in and sent, to the end.
//   node tests/oauth/browser.mjs ADDRESS USER [deny]
// Prints the last page.
const [, , address, user, what] = process.argv;
const cookies = new Map();
const LONGEST = 20;

async function ask(url, form) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, {
    method: form ? 'POST' : 'GET',
    body: form && new URLSearchParams(form),
    headers: { cookie },
    redirect: 'manual',
  });
  for (const line of answer.headers.getSetCookie()) {
    const [pair] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value) cookies.set(name, value);
    else cookies.delete(name);
  }
  const next = answer.headers.get('location');
  return next ? { next: new URL(next, url) } : { page: await answer.text(), url };
}

const unescaped = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

let [url, form] = [new URL(address), undefined];
for (let step = 0; step < LONGEST; step += 1) {
  const { next, page } = await ask(url, form);
  form = undefined;
  if (next) {
    url = next;
    continue;
  }
  const action = /<form[^>]*action="([^"]+)"/.exec(page);
  if (!action) {
    process.stdout.write(page);
    process.exit(0);
  }
  const hidden = [...page.matchAll(/<input[^>]*name="(prompt|xsrf|user_code|confirm)"[^>]*value="([^"]*)"/g)];
  form = Object.fromEntries(hidden.map(([, name, value]) => [name, unescaped(value)]));
  if (form.prompt === 'login') Object.assign(form, { login: user, password: 'any' });
  const abort = /href="([^"]*\/abort)"/.exec(page);
  if (what === 'deny' && abort) [url, form] = [new URL(abort[1], url), undefined];
  else url = new URL(unescaped(action[1]), url);
}
throw new Error(`no end of pages: ${url.pathname}`);
