// The only way from the window to Rust: each command answers its data or throws a CallError.
import { commands, events, type BrowserAt, type CheckupProgress, type ClipboardEnded, type ErrorCode, type IpcError, type KeptOpen, type LockRefused, type PreviewSaid, type RevokesProgress, type SignInPrompt, type MoveProgress } from './bindings';

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
export const damagedList = call(commands.damagedList);
export const beginAnew = call(commands.beginAnew);
export const lookAtMcp = call(commands.lookAtMcp);
export const showNetwork = call(commands.showNetwork);
export const setNetwork = call(commands.setNetwork);
export const lookAtNetwork = call(commands.lookAtNetwork);
export const chooseFile = call(commands.chooseFile);
export const signIn = call(commands.signIn);
export const signInInBrowser = call(commands.signInInBrowser);
export const showBrowser = call(commands.showBrowser);
export const stopBrowser = call(commands.stopBrowser);
export const signOut = call(commands.signOut);
export const listKeys = call(commands.listKeys);
export const keptKeys = call(commands.keptKeys);
export const createKey = call(commands.createKey);
export const replaceKey = call(commands.replaceKey);
export const storeHeldKey = call(commands.storeHeldKey);
export const acknowledgeSaved = call(commands.acknowledgeSaved);
export const revokeKey = call(commands.revokeKey);
export const planRevoke = call(commands.planRevoke);
export const revokeKeys = call(commands.revokeKeys);
export const dismissUnaccounted = call(commands.dismissUnaccounted);
export const keychainState = call(commands.keychainState);
export const unlockKeychain = call(commands.unlockKeychain);
export const revealSecret = call(commands.revealSecret);
/** To be told once a key is shown no more: the window was kept out of pictures of the screen meanwhile. */
export const secretHidden = call(commands.secretHidden);
export const lockState = call(commands.lockState);
export const lockApp = call(commands.lockApp);
export const unlockApp = call(commands.unlockApp);
export const notePresence = call(commands.notePresence);
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
export const mendClients = call(commands.mendClients);
export const chooseFolder = call(commands.chooseFolder);
export const openClientFile = call(commands.openClientFile);
export const nameWindow = call(commands.nameWindow);
export const closeWindow = call(commands.closeWindow);
export const openListFolder = call(commands.openListFolder);
export const notify = call(commands.notify);
export const renderSnippet = call(commands.renderSnippet);
export const copySnippet = call(commands.copySnippet);
export const checkup = call(commands.checkup);
export const stopCheckup = call(commands.stopCheckup);
export const pastCheckups = call(commands.pastCheckups);
export const scanKeys = call(commands.scanKeys);
export const stopScan = call(commands.stopScan);
export const checkScannedKeys = call(commands.checkScannedKeys);
export const moveScannedKey = call(commands.moveScannedKey);
export const mcpAccess = call(commands.mcpAccess);
export const setMcpAccess = call(commands.setMcpAccess);
export const proveMcpAccess = call(commands.proveMcpAccess);
export const moveMcpAccess = call(commands.moveMcpAccess);
export const mcpMove = call(commands.mcpMove);
export const lookAtMovedKeys = call(commands.lookAtMovedKeys);
export const keepSigningSecret = call(commands.keepSigningSecret);
export const forgetSigningSecret = call(commands.forgetSigningSecret);
export const signingConfig = call(commands.signingConfig);
export const copySigningSecret = call(commands.copySigningSecret);
export const mintToken = call(commands.mintToken);
export const copyToken = call(commands.copyToken);
export const inspectToken = call(commands.inspectToken);
export const dropToken = call(commands.dropToken);
export const findOauth = call(commands.findOauth);
export const setOauth = call(commands.setOauth);
export const signInOauth = call(commands.signInOauth);
export const openSignInPage = call(commands.openSignInPage);
export const stopSignIn = call(commands.stopSignIn);
export const signOutOauth = call(commands.signOutOauth);
export const userLines = call(commands.userLines);
export const showActivity = call(commands.showActivity);
export const acknowledgeUse = call(commands.acknowledgeUse);
export const forgetActivity = call(commands.forgetActivity);
export const showRecord = call(commands.showRecord);
export const verifyRecord = call(commands.verifyRecord);
export const exportRecord = call(commands.exportRecord);
export const showGuard = call(commands.showGuard);
export const showSettings = call(commands.showSettings);
export const setSetting = call(commands.setSetting);
export const rotateKey = call(commands.rotateKey);
export const listRotations = call(commands.listRotations);
export const changeRotation = call(commands.changeRotation);
export const clientsOfRotation = call(commands.clientsOfRotation);
export const rewriteClients = call(commands.rewriteClients);
export const setReplaceInTime = call(commands.setReplaceInTime);
export const reminders = call(commands.reminders);
export const noteNotified = call(commands.noteNotified);
export const auditSetUp = call(commands.auditSetUp);
export const makeAuditDataset = call(commands.makeAuditDataset);
export const makeAuditRole = call(commands.makeAuditRole);
/** Everybody's keys, asked of the server; `auditOffline` is what was read last. */
export const audit = call(commands.audit);
export const auditOffline = call(commands.auditOffline);
export const auditPerson = call(commands.auditPerson);
export const isAuditOffered = call(commands.isAuditOffered);
export const auditRevokeSql = call(commands.auditRevokeSql);
export const exportAudit = call(commands.exportAudit);
export const setPersonActive = call(commands.setPersonActive);
export const listDashboards = call(commands.listDashboards);
export const embedDashboard = call(commands.embedDashboard);
export const endEmbedding = call(commands.endEmbedding);
export const makeGuestRole = call(commands.makeGuestRole);
export const makeMinter = call(commands.makeMinter);
export const checkEmbedding = call(commands.checkEmbedding);
export const embeddingSnippet = call(commands.embeddingSnippet);
export const openPreview = call(commands.openPreview);
export const closePreview = call(commands.closePreview);
/** Mints a guest’s token, which stays in Rust; `copyToken` and `dropToken` are for it too. */
export const mintGuestToken = call(commands.mintGuestToken);
export const inspectGuestToken = call(commands.inspectGuestToken);
export const listDatasets = call(commands.listDatasets);
export const proveRows = call(commands.proveRows);

export const vaultState = call(commands.vaultState);
export const createVault = call(commands.createVault);
export const unlockVault = call(commands.unlockVault);
export const lockVault = call(commands.lockVault);
export const changeVaultPassphrase = call(commands.changeVaultPassphrase);
export const restoreVault = call(commands.restoreVault);
/** Moves all secrets; `onSecretsMoving` tells how far it is. */
export const moveSecrets = call(commands.moveSecrets);
export const stopMoving = call(commands.stopMoving);
/** Something made up goes in, is read back, and is deleted. */
export const tryStore = call(commands.tryStore);
export const chooseExport = call(commands.chooseExport);
export const exportVault = call(commands.exportVault);
export const importVault = call(commands.importVault);

/** Copies words that hold no secret: a message for an admin, say. They stay on the clipboard. */
export const copyText = call(commands.copyText);

/** Runs when a check-up has found something. Answers how to stop listening. */
export function onCheckupProgress(run: (progress: CheckupProgress) => void): Promise<() => void> {
  return events.checkupProgress.listen((event) => run(event.payload));
}

/** Runs when the frame of a preview has said something. Answers how to stop listening. */
export function onPreviewSaid(run: (told: PreviewSaid) => void): Promise<() => void> {
  return events.previewSaid.listen((event) => run(event.payload));
}

/** Runs when the private window of a sign-in shows a page of another host. Answers how to stop listening. */
export function onBrowserAt(run: (at: BrowserAt) => void): Promise<() => void> {
  return events.browserAt.listen((event) => run(event.payload));
}

/** Runs when a sign-in for AI clients waits for its person. Answers how to stop listening. */
export function onSignInPrompt(run: (prompt: SignInPrompt) => void): Promise<() => void> {
  return events.signInPrompt.listen((event) => run(event.payload));
}

/** Runs as keys are revoked together. Answers how to stop listening. */
export function onRevokesProgress(run: (progress: RevokesProgress) => void): Promise<() => void> {
  return events.revokesProgress.listen((event) => run(event.payload));
}

/** Runs as secrets move between keychain and vault. Answers how to stop listening. */
export function onSecretsMoving(run: (progress: MoveProgress) => void): Promise<() => void> {
  return events.secretsMoving.listen((event) => run(event.payload.progress));
}

/** Runs when the window stayed open because a new key would be lost. Answers how to stop listening. */
export function onCloseRefused(run: (because: KeptOpen) => void): Promise<() => void> {
  return events.closeRefused.listen((event) => run(event.payload.because));
}

/** Runs when the app was locked, or unlocked. Answers how to stop listening. */
export function onLockChanged(run: () => void): Promise<() => void> {
  return events.lockChanged.listen(() => run());
}

/** Runs when the app was to be locked by itself and was not. Answers how to stop listening. */
export function onLockRefused(run: (refused: LockRefused) => void): Promise<() => void> {
  return events.lockRefused.listen((event) => run(event.payload));
}

/** Runs when a copied key has left the clipboard. Answers how to stop listening. */
export function onClipboardEnded(run: (ended: ClipboardEnded) => void): Promise<() => void> {
  return events.clipboardEnded.listen((event) => run(event.payload));
}

/** Runs when the state file changed: by this window, the command line, or another window. */
export function onStateChanged(run: () => void): Promise<() => void> {
  return events.stateChanged.listen(() => run());
}
