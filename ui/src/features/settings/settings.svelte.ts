import { asCallError, notify, setSetting, showSettings, type CallError, type Setting, type SettingView } from '../../ipc';
import { Query } from '../../lib/query.svelte';
import { settings as words } from '../../messages/settings';

/** What is set for the program as a whole. Each change holds at once. */
export class Settings {
  readonly query = new Query<SettingView[], CallError>();
  /** Why the last change did not come off, and of what. */
  refusal = $state.raw<{ name: Setting; problem: CallError } | null>(null);

  of(name: Setting): SettingView | undefined {
    return this.query.data?.find((one) => one.name === name);
  }

  async look(): Promise<void> {
    await this.query.run(async () => {
      try {
        return await showSettings();
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }

  async set(name: Setting, value: number): Promise<void> {
    this.refusal = null;
    try {
      // A desktop that shows none says so now, and not on the day a key ends.
      if (name === 'notify-of-ends' && value === 1) await notify(words.notify.title, words.notify.text);
      // What is usual needs no word in the file.
      const set = await setSetting(name, value === this.of(name)?.default ? null : value);
      this.query.put((this.query.data ?? []).map((one) => (one.name === name ? set : one)));
    } catch (reason) {
      this.refusal = { name, problem: asCallError(reason) };
      await this.look();
    }
  }
}
