import { asCallError, embeddingSnippet, type CallError, type EmbeddingCode, type EmbeddingSnippetView, type FrameLook, type InstanceId, type Language } from '../../ipc';
import { Query } from '../../lib/query.svelte';

const LANGUAGE: Record<EmbeddingCode, Language> = { html: 'typescript', react: 'typescript', node: 'typescript', python: 'python', curl: 'text', rust: 'text' };
export const languageOf = (code: EmbeddingCode): Language => LANGUAGE[code];

/** One piece of code, as it is shown now. */
export class Code {
  readonly query = new Query<EmbeddingSnippetView, CallError>();

  constructor(readonly instance: InstanceId, readonly dashboard: number) {}

  async show(code: EmbeddingCode, look: FrameLook): Promise<void> {
    await this.query.run(async () => {
      try {
        return await embeddingSnippet(this.instance, this.dashboard, code, look);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }
}
