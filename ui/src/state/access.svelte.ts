import { Query } from '../lib/query.svelte';
import { Moving } from './moving.svelte';
import {
  asCallError, forgetSigningSecret, keepSigningSecret, mcpAccess, proveMcpAccess, setMcpAccess, signOutOauth,
  type CallError, type InstanceId, type McpAccess, type McpAccessView, type McpProofView, type NewSigningSecret, type OAuthSignedOutView, type OAuthView,
} from '../ipc';

/** What AI clients present, and with which secret it is signed: a proof is of that alone. */
const presented = ({ access, default_key, signing, oauth }: McpAccessView): string =>
  JSON.stringify([access, default_key, access.kind === 'signed' ? signing?.since : access.kind === 'oauth' ? signedIn(oauth) : null]);
/** Of which sign-in an authorization server’s tokens are. */
const signedIn = (oauth: OAuthView | null): string => JSON.stringify([oauth?.since, oauth?.signed_in?.at]);

/** What AI clients of one instance are let in with, and how its MCP server was seen to take that. */
export class Access {
  readonly query = new Query<McpAccessView, CallError>();
  /** Of this window: an older one would tell of a server that may be another by now. */
  proof = $state.raw<McpProofView | null>(null);
  #provenOf = '';
  /** The same with tokens of the authorization server, before AI clients use them. */
  trial = $state.raw<McpProofView | null>(null);
  busy = $state<'prove' | 'use' | null>(null);
  /** Why the last did not come off. */
  problem = $state.raw<CallError | null>(null);
  /** The secret was replaced here, and the server was not seen to have the new one. */
  renewed = $state(false);

  /** From their keys to this. */
  readonly moving: Moving;

  constructor(readonly instance: InstanceId) {
    this.moving = new Moving(instance);
  }

  async look(): Promise<void> {
    const before = this.query.data;
    await this.query.run(() => this.#read());
    const now = this.query.data;
    if (now && presented(now) !== this.#provenOf) this.proof = null;
    if (before && now && signedIn(before.oauth) !== signedIn(now.oauth)) this.trial = null;
  }

  async #read(): Promise<McpAccessView> {
    try {
      return await mcpAccess(this.instance);
    } catch (reason) {
      throw asCallError(reason);
    }
  }

  /** Something changed this computer's state; what nobody has looked at waits until they do. */
  async follow(): Promise<void> {
    if (this.query.state !== 'idle') await this.look();
    await this.moving.follow();
  }

  async prove(): Promise<boolean> {
    return this.#run('prove', async () => {
      const of = this.query.data;
      this.proof = await proveMcpAccess(this.instance, null);
      this.#provenOf = of ? presented(of) : '';
      if (this.proof.ours.was === 'let_in') this.renewed = false;
    });
  }

  /** Whom the server sees by a token of the authorization server, whatever AI clients use. */
  async try(): Promise<boolean> {
    if (this.query.data?.access.kind === 'oauth') return this.prove();
    return this.#run('prove', async () => {
      this.trial = await proveMcpAccess(this.instance, { kind: 'oauth' });
    });
  }

  /** Nothing is changed where the server does not take it. */
  async use(access: McpAccess): Promise<boolean> {
    return this.#run('use', async () => {
      const proof = await setMcpAccess(this.instance, access);
      // Who follows what changed may ask at the same time, and of that here only this answer is sure to be newer.
      const now = await this.#read();
      this.query.put(now);
      this.proof = proof;
      this.#provenOf = presented(now);
      if (proof) this.renewed = false;
    });
  }

  /** Answers why it was not kept. */
  async keep(signing: NewSigningSecret): Promise<CallError | null> {
    try {
      await keepSigningSecret(this.instance, signing);
      this.renewed ||= signing.replace;
      return null;
    } catch (reason) {
      return asCallError(reason);
    } finally {
      // Also where it was refused: somebody else may have made one meanwhile.
      await this.look();
    }
  }

  /** Answers why it was not forgotten. */
  async forget(): Promise<CallError | null> {
    try {
      await forgetSigningSecret(this.instance);
      return null;
    } catch (reason) {
      return asCallError(reason);
    } finally {
      await this.look();
    }
  }

  /** Answers what became of it, or throws why it was not done. */
  async signOut(): Promise<OAuthSignedOutView> {
    try {
      return await signOutOauth(this.instance);
    } catch (reason) {
      throw asCallError(reason);
    } finally {
      await this.look();
    }
  }

  async #run(what: 'prove' | 'use', ask: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = what;
    this.problem = null;
    try {
      await ask();
      return true;
    } catch (reason) {
      this.problem = asCallError(reason);
      return false;
    } finally {
      this.busy = null;
    }
  }
}
