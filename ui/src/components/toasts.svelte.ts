import type { IconType } from './icons';

export interface ToastMessage {
  text: string;
  icon?: IconType;
  tone?: 'plain' | 'ok' | 'warn';
  action?: { label: string; run: () => void };
}

/** One message at a time: a new one takes the place of the old. */
export class Toasts {
  current = $state.raw<ToastMessage | null>(null);
  #left = 0;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly life = 6000) {}

  show(message: ToastMessage): void {
    this.current = message;
    this.#left = this.life;
    this.resume();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.current = null;
  }

  /** The clock stands still while somebody is reading or reaching for the button. */
  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left -= Date.now() - this.#since;
  }

  resume(): void {
    if (!this.current) return;
    clearTimeout(this.#timer);
    this.#since = Date.now();
    this.#timer = setTimeout(() => this.dismiss(), Math.max(this.#left, 1000));
  }
}
