import { vault as words } from '../../messages/vault';
import { LEAST, strengthOf, suggested } from './passphrase';

/** One that is typed twice. It is in its dialog alone, and goes with it. */
export class NewPassphrase {
  text = $state('');
  again = $state('');
  shown = $state(false);
  /** Chance made it, and its person has to write it down. */
  ofChance = $state(false);
  insisted = $state(false);
  readonly strength = $derived(this.text === '' ? null : strengthOf(this.text));
  readonly same = $derived(this.again !== '' && this.again === this.text);
  readonly differs = $derived(this.insisted && this.again !== this.text ? words.differ : undefined);
  readonly tooShort = $derived(this.insisted && [...this.text].length < LEAST ? `${words.strength.short.word}: ${words.strength.short.text}.` : undefined);

  typed(): void {
    this.ofChance = false;
    this.insisted = false;
  }

  suggest(): void {
    this.text = this.again = suggested();
    this.shown = true;
    this.ofChance = true;
    this.insisted = false;
  }

  /** Whether it can be used; otherwise says why from now on. */
  check(): boolean {
    this.insisted = true;
    return !this.tooShort && !this.differs;
  }

  wipe(): void {
    this.text = this.again = '';
    this.shown = this.ofChance = this.insisted = false;
  }
}
