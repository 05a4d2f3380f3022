import { useSignal } from '@preact/signals';
import { rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { ItemPicture } from '../../shared/ItemPicture.js';
import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { openSheet } from '../sheets.js';
import { arrival, live } from '../state.js';
import { ActionButton } from './ActionButton.js';
import { type Group, groupOf } from './groups.js';
import { choseByHand } from './guard.js';
import { Chips, Ppn, StateLine, Stepper } from './ItemParts.js';
import { mostOf, standingOf } from './standing.js';

/** What is on show now, always in the same place and of the same height, whatever the live is doing. */
export function Stage() {
  const pinnedId = live.value?.pinnedItemId ?? null;
  const group = pinnedId === null ? undefined : groupOf(pinnedId);
  return (
    <section class="stage" aria-label={say('pinned')}>
      {group === undefined || pinnedId === null ? (
        <p class="stage-empty">{emptyText()}</p>
      ) : (
        <OnShow group={group} pinnedId={pinnedId} />
      )}
    </section>
  );
}

function emptyText(): string {
  const status = live.value?.status;
  if (status === 'scheduled') return say('scheduledNotice');
  if (status === 'ended') return say('endedNotice');
  return arrival.value === 'joining' ? ' ' : say('nothingPinned');
}

function OnShow({ group, pinnedId }: { group: Group; pinnedId: string }) {
  const picked = useSignal<{ key: string; itemId: string } | null>(null);
  // A size that the viewer has picked stays while other sizes of the same thing are shown.
  const wanted = picked.value?.key === group.key ? picked.value.itemId : pinnedId;
  const entry =
    group.members.find(({ itemId }) => itemId === wanted) ??
    group.members.find(({ itemId }) => itemId === pinnedId);
  if (entry === undefined) return null;
  return (
    <>
      <Facts entry={entry} name={group.name} />
      {group.members.length > 1 ? (
        <div class="stage-foot">
          <Chips
            group={group}
            chosen={entry.itemId}
            onPick={(itemId) => {
              choseByHand();
              picked.value = { key: group.key, itemId };
            }}
          />
          <ActionButton entry={entry} class="stage-button" />
        </div>
      ) : (
        <HowMany entry={entry} />
      )}
    </>
  );
}

/** Of what comes in no variants, how many. */
function HowMany({ entry }: { entry: ItemEntry }) {
  const wanted = useSignal({ itemId: entry.itemId, quantity: 1 });
  const standing = standingOf(entry);
  const { name } = entry.details.value;
  const canAsk = standing.kind === 'keep' || standing.kind === 'wait';
  const most = canAsk ? mostOf(entry, standing) : 1;
  // Another thing on show begins with one again.
  const asked = wanted.value.itemId === entry.itemId ? wanted.value.quantity : 1;
  const quantity = Math.min(asked, most);
  return (
    <div class="stage-foot">
      {canAsk && (
        <Stepper
          value={quantity}
          most={most}
          label={say('quantityOf', { name })}
          fewerLabel={say('fewer', { name })}
          moreLabel={say('moreOf', { name })}
          onChange={(next) => {
            wanted.value = { itemId: entry.itemId, quantity: next };
          }}
        />
      )}
      <ActionButton entry={entry} class="stage-button" quantity={quantity} />
    </div>
  );
}

function Facts({ entry, name }: { entry: ItemEntry; name: string }) {
  const details = entry.details.value;
  return (
    <button
      type="button"
      class="stage-facts"
      onClick={() => openSheet({ kind: 'item', itemId: details.itemId })}
    >
      <span class="stage-picture">
        <ItemPicture details={details} />
      </span>
      <span class="stage-text">
        <span class="stage-name">
          <Icon name="pin" size={14} />
          <span class="visually-hidden">{say('pinned')}: </span>
          {name}
        </span>
        <span class="stage-price">
          <strong class="numeric">{rupiah(details.price)}</strong> <Ppn />
        </span>
        <LiveState entry={entry} />
      </span>
    </button>
  );
}

/** Before and after the live nothing can be booked; that goes before numbers. */
function LiveState({ entry }: { entry: ItemEntry }) {
  const status = live.value?.status;
  if (status === 'scheduled' || status === 'ended')
    return <span class="stock stock-held">{say(`${status}Short`)}</span>;
  return <StateLine entry={entry} />;
}
