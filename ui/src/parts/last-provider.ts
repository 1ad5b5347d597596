// Through which provider a person came in last, to offer it first. The server knows nothing of it, and it is no secret.
const keptAs = (instance: string): string => `sign-in-provider:${instance}`;

export function lastProvider(instance: string): string | null {
  try {
    return localStorage.getItem(keptAs(instance));
  } catch {
    return null;
  }
}

/** None: the next sign-in begins another way. */
export function noteProvider(instance: string, provider: string | null): void {
  try {
    if (provider === null) localStorage.removeItem(keptAs(instance));
    else localStorage.setItem(keptAs(instance), provider);
  } catch {
    // Then nothing is offered first.
  }
}
