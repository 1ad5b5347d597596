// What a person put off until there is more reason for it. Lost with the browser's storage, it is said once more.
const KEPT_AS = 'later';

function all(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** Whether this was put off as it stands now. */
export const isPutOff = (what: string, as: string): boolean => all()[what] === as;

export function putOff(what: string, as: string): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify({ ...all(), [what]: as }));
  } catch {
    // It then holds until the next look.
  }
}
