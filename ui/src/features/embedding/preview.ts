// The host page as this computer shows it.
import { closePreview, onPreviewSaid, openPreview, type FrameRefusal, type FrameSaid, type GuestTokenRequest, type InstanceId, type PreviewSaid, type PreviewWords } from '../../ipc';

export type { FrameRefusal, FrameSaid, PreviewWords };

export interface Previews {
  /** Serves the page, and opens it in the person’s browser. */
  open: (instance: InstanceId, wanted: GuestTokenRequest, words: PreviewWords) => Promise<{ address: string; site: string; in_the_way: FrameRefusal | null }>;
  close: () => Promise<unknown>;
  /** Runs when the frame of an address has said something. Answers how to stop listening. */
  onSaid: (run: (told: PreviewSaid) => void) => Promise<() => void>;
}

export const previews: Previews = { open: openPreview, close: closePreview, onSaid: onPreviewSaid };
