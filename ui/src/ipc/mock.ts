// For tests and for looking at the window in a browser: answers in place of Rust.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import type { BrowserAt, CheckupProgress, ClipboardEnded, CloseRefused, commands, ErrorCode, IpcError, LockRefused, RevokesProgress, SignInPrompt, SecretsMoving } from './bindings';

type Commands = typeof commands;
type Given = Record<string, unknown>;
type DataOf<C> = C extends (...args: never[]) => Promise<infer A> ? Extract<A, { status: 'ok' }> extends { data: infer T } ? T : never : never;

/** Answers by command name. A function may throw `fail(code)`, or answer later. */
export type MockAnswers = {
  [K in keyof Commands]?: (given: Given) => DataOf<Commands[K]> | Promise<DataOf<Commands[K]>>;
};

export interface MockCall {
  command: keyof MockAnswers;
  given: Given;
}

/** What a command rejects with. */
export const fail = (code: ErrorCode, params: Record<string, string> = {}): IpcError => ({ code, params });

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Takes the place of Rust. `answers` may be changed while a test runs; a command without an answer is refused
 * as `internal`. The calls made are kept in order.
 */
export function mockCommands(answers: MockAnswers): { calls: MockCall[]; answers: MockAnswers } {
  const calls: MockCall[] = [];
  mockIPC(
    async (name, given) => {
      const command = camel(name) as keyof MockAnswers;
      calls.push({ command, given: (given ?? {}) as Given });
      const answer = answers[command];
      if (!answer) throw fail('internal', { what: `no answer for ${name}` });
      return (await answer((given ?? {}) as Given)) ?? null;
    },
    { shouldMockEvents: true },
  );
  return { calls, answers };
}

export const unmockCommands = (): void => clearMocks();

export const emitStateChanged = (): Promise<void> => emit('state-changed', null);
export const emitCloseRefused = (refused: CloseRefused): Promise<void> => emit('close-refused', refused);
export const emitLockChanged = (): Promise<void> => emit('lock-changed', null);
export const emitLockRefused = (refused: LockRefused): Promise<void> => emit('lock-refused', refused);
export const emitClipboardEnded = (ended: ClipboardEnded): Promise<void> => emit('clipboard-ended', ended);
export const emitBrowserAt = (at: BrowserAt): Promise<void> => emit('browser-at', at);
export const emitCheckupProgress = (progress: CheckupProgress): Promise<void> => emit('checkup-progress', progress);
export const emitSignInPrompt = (prompt: SignInPrompt): Promise<void> => emit('sign-in-prompt', prompt);
export const emitRevokesProgress = (progress: RevokesProgress): Promise<void> => emit('revokes-progress', progress);
export const emitSecretsMoving = (moving: SecretsMoving): Promise<void> => emit('secrets-moving', moving);
