import { asCallError, changeRotation, rotateKey, type ApiKeyId, type CallError, type InstanceId, type RotateRequest, type RotationChange, type RotationView } from '../../ipc';
import type { Rotations } from '../../state/rotations.svelte';

export type Doing = 'begin' | 'again' | RotationChange['kind'];

/** One key's replacement: begun, changed, gone on with. What moves it on elsewhere is in `rotations`. */
export class Replacing {
  doing = $state<Doing | null>(null);
  /** Why the last try did not come off. */
  problem = $state.raw<CallError | null>(null);
  #id = $state<string | null>(null);

  constructor(
    private readonly rotations: Rotations, private readonly instance: InstanceId, private readonly key: ApiKeyId, id: string | null,
    /** Something is otherwise on the server. */
    private readonly changed: () => void,
  ) {
    this.#id = id;
  }

  /** Also one that another program began meanwhile. */
  readonly rotation: RotationView | undefined = $derived.by(() => this.rotations.byId(this.#id) ?? this.rotations.of(this.instance, this.key));

  begin(request: RotateRequest): Promise<void> {
    return this.#do('begin', () => rotateKey(this.instance, this.key, request));
  }

  /** Goes on as it was asked for at first. */
  again(): Promise<void> {
    return this.#do('again', () => rotateKey(this.instance, this.rotation?.old.id ?? this.key, {}));
  }

  async change(change: RotationChange): Promise<void> {
    const id = this.rotation?.id;
    if (id !== undefined) await this.#do(change.kind, () => changeRotation(this.instance, id, change));
  }

  async #do(what: Doing, run: () => Promise<RotationView>): Promise<void> {
    if (this.doing) return;
    this.doing = what;
    this.problem = null;
    try {
      const now = await run();
      this.#id = now.id;
      this.rotations.put(now);
    } catch (reason) {
      this.problem = asCallError(reason);
      // It may have been begun, and stopped.
      await this.rotations.look();
      this.#id ??= this.rotations.of(this.instance, this.key)?.id ?? null;
    }
    this.doing = null;
    this.changed();
  }
}
