import { asCallError, listRotations, noteNotified, notify, reminders, type ApiKeyId, type CallError, type InstanceId, type ReminderView, type RotationView } from '../ipc';
import { fromNow } from '../lib/dates';
import { Query } from '../lib/query.svelte';
import { rotation as words } from '../messages/rotation';

const isUnderWay = (rotation: RotationView): boolean => rotation.ended === null;

/** Keys that are being replaced, and keys that end soon, as this computer keeps them. Whatever moves them on is followed. */
export class Rotations {
  readonly query = new Query<RotationView[], CallError>();
  /** The soonest end first. */
  reminders = $state.raw<readonly ReminderView[]>([]);
  /** What the desktop was asked to tell while this window is open. */
  readonly #told: string[] = [];

  readonly all: readonly RotationView[] = $derived.by(() => this.query.data ?? []);

  /** `ended`: of one that went to its end while nobody had it in view. */
  constructor(private readonly ended: (rotation: RotationView) => void = () => undefined) {}

  /** The one under way that a key is part of, as the old one or the new one. */
  of(instance: InstanceId, key: ApiKeyId): RotationView | undefined {
    return this.all.find((one) => isUnderWay(one) && one.instance === instance && (one.old.id === key || one.new?.id === key));
  }

  byId(id: string | null): RotationView | undefined {
    return this.all.find((one) => one.id === id);
  }

  reminder(instance: InstanceId, key: ApiKeyId): ReminderView | undefined {
    return this.reminders.find((one) => one.instance === instance && one.key === key);
  }

  /** Takes one as a command answered it. */
  put(rotation: RotationView): void {
    const known = this.all.some((one) => one.id === rotation.id);
    this.query.put(known ? this.all.map((one) => (one.id === rotation.id ? rotation : one)) : [rotation, ...this.all]);
  }

  async look(): Promise<void> {
    const before = this.all.filter(isUnderWay);
    const asked = this.query.run(async () => {
      try {
        return await listRotations(null);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    const [taken] = await Promise.all([asked, this.#remind()]);
    if (!taken) return;
    for (const one of before) {
      const now = this.byId(one.id);
      if (now && !isUnderWay(now)) this.ended(now);
    }
  }

  async #remind(): Promise<void> {
    try {
      this.reminders = await reminders();
    } catch {
      // Nobody is told of an end twice; the list of keys shows it too.
    }
    for (const one of this.reminders.filter((one) => one.is_to_notify)) await this.#notify(one);
  }

  /** Once, on the desktop, as a person set it. */
  async #notify(one: ReminderView): Promise<void> {
    const name = `${one.instance} ${one.key} ${one.reminder}`;
    if (this.#told.includes(name)) return;
    this.#told.push(name);
    try {
      await notify(words.reminder.onDesktop(one, fromNow(one.expires)), words.reminder.open);
      await noteNotified(one.instance, one.key, one.reminder);
    } catch {
      // The window says it, too.
    }
  }
}
