import { asCallError, signingConfig, type CallError, type ConfigFor, type InstanceId } from '../../ipc';
import { Query } from '../../lib/query.svelte';

/** The lines for whoever runs the server, for the Superset they have. The secret is not among them. */
export class ConfigText {
  readonly query = new Query<string, CallError>();
  server = $state<ConfigFor>('v6_1');

  constructor(readonly instance: InstanceId, version: string | null) {
    // As long as the version is not known, the lines for 6.1, which has more of them.
    const [, major, minor] = /^(\d+)\.(\d+)(?:\.|$)/.exec(version ?? '')?.map(Number) ?? [];
    if (major !== undefined && minor !== undefined && (major > 6 || (major === 6 && minor > 1))) this.server = 'later';
  }

  async look(): Promise<void> {
    await this.query.run(async () => {
      try {
        return await signingConfig(this.instance, this.server);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }
}
