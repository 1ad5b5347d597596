// The whole window on made-up answers, for tests of screens.
import { cleanup, render } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import App from '../App.svelte';
import { instance, keychain, keyList, mockCommands, unmockCommands, vaultView, type MockAnswers } from './fixtures';

// Whole screens, and accessibility checks on them, take longer than a single component where the machine is busy.
vi.setConfig({ testTimeout: 30_000 });

/** Opens the window at `NOW` or whatever the clock says, with one signed-in instance unless told otherwise. */
export function openWindow(answers: MockAnswers) {
  const mock = mockCommands({
    listInstances: () => [instance()],
    damagedList: () => null,
    keychainState: () => keychain(),
    vaultState: () => vaultView(),
    keptKeys: () => null,
    listKeys: () => keyList([]),
    copyText: () => null,
    ...answers,
  });
  const user = userEvent.setup();
  return { ...render(App), ...mock, user, called: (command: string) => mock.calls.filter((call) => call.command === command) };
}

/** Closes it while Rust is still there to be told. */
export function closeWindow(): void {
  cleanup();
  unmockCommands();
}
