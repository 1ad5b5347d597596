// The ways in which a client can get its key, to choose from.
import type { TagTone } from '../../components/Tag.svelte';
import type { ClientView, Delivery } from '../../ipc';
import { snippets as words } from '../../messages/snippets';
import type { Setup } from './setup.svelte';

interface Card {
  value: Delivery;
  title: string;
  text: string;
  unavailable: string | undefined;
  tag?: { label: string; tone: TagTone };
}

export function cardsOf(setup: Setup, client: ClientView): Card[] {
  return setup.deliveries.map(({ way: { delivery }, reason }) => ({
    value: delivery,
    title: words.deliveries[delivery].title,
    text: words.deliveries[delivery].text(client.name),
    unavailable: reason,
    ...(reason ? {} : tagOf(delivery, client)),
  }));
}

function tagOf(delivery: Delivery, client: ClientView): Pick<Card, 'tag'> {
  if (delivery === 'plaintext') return { tag: { label: words.notRecommended, tone: 'warn' } };
  return delivery === client.best_delivery ? { tag: { label: words.recommended, tone: 'acc' } } : {};
}
