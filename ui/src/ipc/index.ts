// The only way from the window to Rust: each command answers its data or throws a CallError.
import { commands, events, type CheckupProgress, type ClipboardEnded, type ErrorCode, type IpcError } from './bindings';

export type * from './bindings';

/** Why a command did not do what was asked. The words for it live in messages/errors. */
export class CallError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: Readonly<Record<string, string>> = {},
  ) {
    super(code);
    this.name = 'CallError';
  }
}

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: IpcError };

function isReason(value: unknown): value is IpcError {
  return typeof value === 'object' && value !== null && typeof (value as IpcError).code === 'string';
}

/** Whatever was thrown, as a CallError: what has no code is a fault inside the program. */
export function asCallError(reason: unknown): CallError {
  if (reason instanceof CallError) return reason;
  return isReason(reason) ? new CallError(reason.code, reason.params) : new CallError('internal');
}

function call<A extends unknown[], T>(command: (...args: A) => Promise<Answer<T>>): (...args: A) => Promise<T> {
  return async (...args) => {
    let answer: Answer<T>;
    try {
      answer = await command(...args);
    } catch (reason) {
      throw asCallError(reason);
    }
    if (answer.status === 'ok') return answer.data;
    throw asCallError(answer.error);
  };
}

export const listInstances = call(commands.listInstances);
export const detectInstance = call(commands.detectInstance);
export const addInstance = call(commands.addInstance);
export const renameInstance = call(commands.renameInstance);
export const removeInstance = call(commands.removeInstance);
export const setMcpUrl = call(commands.setMcpUrl);
export const signIn = call(commands.signIn);
export const signOut = call(commands.signOut);
export const listKeys = call(commands.listKeys);
export const keptKeys = call(commands.keptKeys);
export const createKey = call(commands.createKey);
export const replaceKey = call(commands.replaceKey);
export const storeHeldKey = call(commands.storeHeldKey);
export const acknowledgeSaved = call(commands.acknowledgeSaved);
export const revokeKey = call(commands.revokeKey);
export const dismissUnaccounted = call(commands.dismissUnaccounted);
export const keychainState = call(commands.keychainState);
export const unlockKeychain = call(commands.unlockKeychain);
export const revealSecret = call(commands.revealSecret);
export const copySecret = call(commands.copySecret);
export const clearClipboard = call(commands.clearClipboard);
export const forgetSecret = call(commands.forgetSecret);
export const setDefaultKey = call(commands.setDefaultKey);
export const listClients = call(commands.listClients);
export const findClients = call(commands.findClients);
export const clientsThatUse = call(commands.clientsThatUse);
export const previewConnect = call(commands.previewConnect);
export const connectClient = call(commands.connectClient);
export const previewDisconnect = call(commands.previewDisconnect);
export const disconnectClient = call(commands.disconnectClient);
export const previewRestore = call(commands.previewRestore);
export const restoreClient = call(commands.restoreClient);
export const chooseFolder = call(commands.chooseFolder);
export const openClientFile = call(commands.openClientFile);
export const renderSnippet = call(commands.renderSnippet);
export const copySnippet = call(commands.copySnippet);
export const checkup = call(commands.checkup);
export const stopCheckup = call(commands.stopCheckup);
export const pastCheckups = call(commands.pastCheckups);
export const scanKeys = call(commands.scanKeys);
export const stopScan = call(commands.stopScan);
export const checkScannedKeys = call(commands.checkScannedKeys);
export const moveScannedKey = call(commands.moveScannedKey);

/** Copies words that hold no secret: a message for an admin, say. They stay on the clipboard. */
export const copyText = call(commands.copyText);

/** Runs when a check-up has found something. Answers how to stop listening. */
export function onCheckupProgress(run: (progress: CheckupProgress) => void): Promise<() => void> {
  return events.checkupProgress.listen((event) => run(event.payload));
}

/** Runs when the window stayed open because a new key is not saved yet. Answers how to stop listening. */
export function onCloseRefused(run: () => void): Promise<() => void> {
  return events.closeRefused.listen(() => run());
}

/** Runs when a copied key has left the clipboard. Answers how to stop listening. */
export function onClipboardEnded(run: (ended: ClipboardEnded) => void): Promise<() => void> {
  return events.clipboardEnded.listen((event) => run(event.payload));
}

/** Runs when the state file changed: by this window, the command line, or another window. */
export function onStateChanged(run: () => void): Promise<() => void> {
  return events.stateChanged.listen(() => run());
}
