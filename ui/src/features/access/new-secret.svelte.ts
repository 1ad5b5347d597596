import type { CallError, SigningView } from '../../ipc';
import { errorWords } from '../../messages/errors';
import { signing as words } from '../../messages/access';
import type { Access } from '../../state/access.svelte';

/** As Superset's own guide names them. */
const ISSUER = 'superset-mcp';
const AUDIENCE = 'superset-mcp-clients';

/** A secret to sign with that is being made, or pasted. */
export class NewSecret {
  how = $state<'make' | 'paste'>('make');
  /** Only until it is handed over. */
  pasted = $state('');
  issuer = $state(ISSUER);
  audience = $state(AUDIENCE);
  busy = $state(false);
  /** What is wrong with what was pasted. */
  complaint = $state<string>();
  problem = $state.raw<CallError | null>(null);

  /** `before`: the one that it replaces. */
  constructor(private readonly access: Access, private readonly before: SigningView | null) {
    if (before) {
      this.issuer = before.issuer;
      this.audience = before.audience;
    }
  }

  async keep(): Promise<boolean> {
    if (this.busy) return false;
    this.complaint = undefined;
    this.problem = null;
    const secret = this.how === 'paste' ? this.pasted : null;
    if (secret?.trim() === '') {
      this.complaint = words.fresh.missing;
      return false;
    }
    // It goes to Rust, and nowhere else.
    this.pasted = '';
    this.busy = true;
    const problem = await this.access.keep({ issuer: this.issuer.trim() || null, audience: this.audience.trim() || null, secret, replace: this.before !== null });
    this.busy = false;
    if (problem?.code === 'signing_secret_unusable') {
      const { title, body } = errorWords(problem);
      this.complaint = `${title}. ${body}`;
    } else this.problem = problem;
    return problem === null;
  }
}
