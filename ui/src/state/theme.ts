// Which theme the person wants. It is kept where the page can read it before its first paint (public/theme.js).
export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'theme';

export function wantedTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export function useTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, theme);
  } catch {
    // It then holds for nobody but the system.
  }
  window.dispatchEvent(new Event('themewanted'));
}
