/** Asks again until the answer will do; a sentence with the last answer when it never does within `seconds`. */
export async function until(seconds, what, ask, will = Boolean) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (will(last)) return last;
    await new Promise((again) => setTimeout(again, 150));
  }
  throw new Error(`${what}: not within ${seconds} s, but ${JSON.stringify(last)}`);
}
