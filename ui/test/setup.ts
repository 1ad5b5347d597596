import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';

// A busy machine takes its time; what never comes is still found out.
configure({ asyncUtilTimeout: 8000 });

// jsdom lacks these; floating menus and the window-size query need them.
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
globalThis.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
})) as typeof matchMedia;
Element.prototype.scrollIntoView ??= () => undefined;
Element.prototype.hasPointerCapture ??= () => false;
// The accessibility checks try to draw letters; there is nothing to draw on.
HTMLCanvasElement.prototype.getContext = () => null;
