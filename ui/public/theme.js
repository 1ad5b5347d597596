// Chooses the theme before the first paint: the person's, or the system's, which it then follows.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let wanted = null;
    try {
      wanted = localStorage.getItem('theme');
    } catch {
      // Where nothing is kept, the system's holds.
    }
    const own = wanted === 'dark' || wanted === 'light' ? wanted : null;
    document.documentElement.dataset.theme = own ?? (dark.matches ? 'dark' : 'light');
  };
  apply();
  dark.addEventListener('change', apply);
  addEventListener('themewanted', apply);
})();
