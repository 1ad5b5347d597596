import { clearClipboard, copySecret, type ClipboardEnded } from '../ipc';

/** A key on the clipboard, and how long it stays there. */
export class Clipboard {
  /** Seconds left; null while no key of ours is on the clipboard. */
  left = $state<number | null>(null);
  total = $state(0);
  /** How the last one ended, for as long as nothing newer was copied. */
  ended = $state<'cleared' | 'replaced' | null>(null);
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Copies a key through Rust. Throws what the call threw. */
  async copy(instance: string, key: string): Promise<void> {
    const seconds = await copySecret(instance, key);
    this.start(seconds);
  }

  start(seconds: number): void {
    clearInterval(this.#timer);
    const until = Date.now() + seconds * 1000;
    this.total = seconds;
    this.left = seconds;
    this.ended = null;
    this.#timer = setInterval(() => {
      // The event ends it; the clock only must not run below zero.
      this.left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      if (Date.now() > until + 3000) this.#stop(null);
    }, 1000);
  }

  async clearNow(): Promise<void> {
    await clearClipboard();
    this.#stop('cleared');
  }

  onEnded(event: ClipboardEnded): void {
    if (this.left !== null) this.#stop(event.cleared ? 'cleared' : 'replaced');
  }

  #stop(how: 'cleared' | 'replaced' | null): void {
    clearInterval(this.#timer);
    this.left = null;
    this.ended = how;
  }
}
