// What the window asks a person about the vault, one question at a time, and what goes on when it is answered.
import {
  asCallError, CallError, keychainState, moveSecrets, stopMoving, unlockKeychain,
  type ErrorCode, type KeychainView, type MoveProgress, type SecretsMovedView, type StoreKind,
} from '../ipc';

export type VaultQuestion =
  | { kind: 'set-up' | 'unlock' | 'passphrase' | 'export' | 'import' }
  | { kind: 'move'; to: StoreKind };

/** Passphrases are in the dialogs alone, and in Rust. */
export class VaultQuestions {
  /** The last one is in view, above the others. */
  all = $state.raw<readonly VaultQuestion[]>([]);
  /** How often the vault was made, opened, shut or changed in this window: who shows it looks again. */
  changes = $state(0);
  #answers: ((done: boolean) => void)[][] = [];

  /** Answers once it is done, or was left. Of several who ask the same, all go on. */
  ask(question: VaultQuestion): Promise<boolean> {
    return new Promise((resolve) => {
      const at = this.all.findIndex(({ kind }) => kind === question.kind);
      if (at >= 0) return void this.#answers[at]?.push(resolve);
      this.all = [...this.all, question];
      this.#answers.push([resolve]);
    });
  }

  /** The one in view is answered. */
  done(done: boolean): void {
    const answers = this.#answers.pop();
    this.all = this.all.slice(0, -1);
    if (done) this.changes += 1;
    for (const answer of answers ?? []) answer(done);
  }

  /** Nobody is there to answer any more. */
  leaveAll(): void {
    while (this.all.length > 0) this.done(false);
  }
}

/** Secrets on their way from one store to the other; it goes on where its dialog is closed. */
export class SecretsMove {
  to = $state.raw<StoreKind | null>(null);
  progress = $state.raw<MoveProgress | null>(null);
  busy = $state(false);
  stopping = $state(false);
  done = $state.raw<SecretsMovedView | null>(null);
  problem = $state.raw<CallError | null>(null);

  told(progress: MoveProgress): void {
    if (this.busy) this.progress = progress;
  }

  /** A question anew: what came of the one before has been seen. */
  reset(): void {
    if (this.busy) return;
    this.progress = null;
    this.done = null;
    this.problem = null;
  }

  async start(to: StoreKind): Promise<void> {
    if (this.busy) return;
    this.reset();
    this.to = to;
    this.busy = true;
    this.stopping = false;
    try {
      this.done = await goingOn(() => moveSecrets(to));
    } catch (reason) {
      this.problem = asCallError(reason);
    } finally {
      this.busy = false;
      this.stopping = false;
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    // Where even that cannot be said, it goes on, and each secret is still in one place or in both.
    await stopMoving().catch(() => (this.stopping = false));
  }
}

export const vault = new VaultQuestions();
export const secretsMove = new SecretsMove();

/** What a dialog that was left means to whoever wanted the vault. */
const left = () => new CallError('keychain_dismissed', { keychain: 'the vault', by: 'dialog' });

/** Whoever left our own dialog knows. */
export const isLeft = (error: CallError): boolean => error.params.by === 'dialog';

/**
 * Opens the store that a secret lies in: the keychain asks by itself, a vault by our dialog. `because`: the code that a call
 * ended with, which tells the vault apart where the keychain comes first.
 */
export async function openStore(because?: ErrorCode | null): Promise<KeychainView> {
  if (because !== 'vault_locked') {
    try {
      return await unlockKeychain();
    } catch (reason) {
      const error = asCallError(reason);
      if (error.code !== 'vault_locked') throw error;
    }
  }
  if (!(await vault.ask({ kind: 'unlock' }))) throw left();
  return keychainState();
}

/** Does what was asked; where the vault is locked, once more when it is open. */
export async function goingOn<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (reason) {
    const error = asCallError(reason);
    if (error.code !== 'vault_locked') throw error;
    if (!(await vault.ask({ kind: 'unlock' }))) throw left();
    return run();
  }
}

const TO_EXPORT = 'vault-to-export';

/** Whether its person wanted to hear of exporting it once there is a key in it. */
export const isToExport = (): boolean => localStorage.getItem(TO_EXPORT) === 'yes';
export const wantExport = (wanted: boolean): void => (wanted ? localStorage.setItem(TO_EXPORT, 'yes') : localStorage.removeItem(TO_EXPORT));
