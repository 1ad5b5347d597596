import { inspectToken, mintToken, type InspectedToken, type MintedView } from '../../ipc';
import { HeldToken } from '../../state/held-token.svelte';

/** A token that is signed by hand, or pasted. */
export class SignedToken extends HeldToken<MintedView, InspectedToken> {
  user = $state('');
  hours = $state(8);
  scope = $state('');

  async mint(): Promise<boolean> {
    return this.making(() => mintToken(this.instance, { user: this.user.trim(), hours: this.hours, scope: this.scope.trim() || null }));
  }

  protected override read(token: string | null): Promise<InspectedToken | null> {
    return inspectToken(this.instance, { token });
  }
}
