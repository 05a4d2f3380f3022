import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live, LivePatch } from '../../../../src/protocol/live.js';
import { announce } from '../../shared/announce.js';
import { rupiah } from '../../shared/format.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { api, everyRow, issuesOf } from '../state/api.js';
import { noteLive } from '../state/shop.js';
import { Dialog, SubmitForm } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { byCode } from '../ui/numbers.js';

const MOST_ITEMS = 2_000;
const LONGEST_TITLE = 200;

/** Creates a live, or edits one: title, video, and which items it features in which order. */
export function LiveDialog({ live, onClose }: { live: Live | null; onClose: () => void }) {
  const title = useSignal(live?.title ?? '');
  const videoUrl = useSignal(live?.videoUrl ?? '');
  const itemIds = useSignal<readonly string[]>(live?.itemIds ?? []);
  const items = useSignal<readonly ItemView[]>([]);
  const errors = useSignal<{ title?: string; videoUrl?: string }>({});
  const notLoaded = useSignal<CommandError | null>(null);

  useEffect(() => {
    void everyRow(api.items, { most: MOST_ITEMS }).then((outcome) => {
      if (outcome.ok) items.value = outcome.data;
      else notLoaded.value = outcome.error;
    });
  }, [items, notLoaded]);

  const save = async (): Promise<CommandError | null> => {
    const fields = { title: title.value.trim(), videoUrl: videoUrl.value.trim() };
    errors.value = {};
    if (fields.title === '' || fields.title.length > LONGEST_TITLE) {
      errors.value = { title: catalogue('bad_text', { max: LONGEST_TITLE }) };
      return null;
    }
    const outcome = await send(live, { ...fields, itemIds: [...itemIds.value] });
    if (outcome.ok) {
      noteLive(outcome.data.live);
      toast(catalogue(live === null ? 'created' : 'saved', { name: fields.title }), 'good');
      onClose();
    } else if (issuesOf(outcome.error).has('videoUrl')) {
      errors.value = { videoUrl: catalogue('bad_url') };
    } else {
      return outcome.error;
    }
    return null;
  };

  return (
    <Dialog title={catalogue(live === null ? 'newLive' : 'editLive')} onClose={onClose} wide>
      <SubmitForm yes={shell('save')} submit={save} onClose={onClose}>
        <Field
          label={catalogue('liveTitle')}
          help={catalogue('liveTitleHelp')}
          name="title"
          value={title}
          error={errors.value.title}
          focusFirst
        />
        <Field
          label={catalogue('videoUrl')}
          help={catalogue('videoUrlHelp')}
          name="videoUrl"
          kind="url"
          value={videoUrl}
          error={errors.value.videoUrl}
        />
        <FeaturedItems items={items.value} itemIds={itemIds} />
        {notLoaded.value !== null && (
          <p class="field-error" role="alert">
            {hostErrorText(notLoaded.value)}
          </p>
        )}
      </SubmitForm>
    </Dialog>
  );
}

interface LiveFields {
  title: string;
  videoUrl: string;
  itemIds: string[];
}

function send(live: Live | null, { title, videoUrl, itemIds }: LiveFields) {
  if (live === null) {
    return api.createLive({ title, itemIds, ...(videoUrl === '' ? {} : { videoUrl }) });
  }
  // Only what was changed: the cockpit may be pinning and renaming at the same time.
  const patch: LivePatch = {};
  if (title !== live.title) patch.title = title;
  if (videoUrl !== (live.videoUrl ?? '')) patch.videoUrl = videoUrl === '' ? null : videoUrl;
  if (itemIds.join('\n') !== live.itemIds.join('\n')) patch.itemIds = itemIds;
  return api.patchLive(live.liveId, patch);
}

/** Which items a live features, in order. Buttons rather than dragging: they work with a thumb and with keys. */
function FeaturedItems({
  items,
  itemIds,
}: {
  items: readonly ItemView[];
  itemIds: Signal<readonly string[]>;
}) {
  const id = useId();
  const rest = items.filter((item) => !itemIds.value.includes(item.itemId)).sort(byCode);
  const byId = new Map(items.map((item) => [item.itemId, item]));
  return (
    <div class="field">
      <span id={`${id}-title`} class="field-label">
        {catalogue('featured')}
      </span>
      <p class="field-help">{catalogue('featuredHelp')}</p>
      {itemIds.value.length === 0 && <p class="muted">{catalogue('featuredEmpty')}</p>}
      <ol class="featured" aria-labelledby={`${id}-title`}>
        {itemIds.value.map((itemId, index) => (
          <FeaturedLine
            key={itemId}
            item={byId.get(itemId)}
            itemId={itemId}
            index={index}
            itemIds={itemIds}
          />
        ))}
      </ol>
      <label class="field-label" for={`${id}-add`}>
        {catalogue('addItem')}
      </label>
      <select
        id={`${id}-add`}
        class="input"
        name="addItem"
        value=""
        disabled={rest.length === 0}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen !== '') itemIds.value = [...itemIds.value, chosen];
          event.currentTarget.value = '';
        }}
      >
        <option value="">{catalogue(rest.length === 0 ? 'allFeatured' : 'addItemPick')}</option>
        {rest.map((item) => (
          <option key={item.itemId} value={item.itemId}>
            {`${item.code} · ${item.name} · ${rupiah(item.price)}`}
          </option>
        ))}
      </select>
      {rest.length > 1 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            itemIds.value = [...itemIds.value, ...rest.map((item) => item.itemId)];
          }}
        >
          {catalogue('addAll', { count: rest.length })}
        </button>
      )}
    </div>
  );
}

function FeaturedLine({
  item,
  itemId,
  index,
  itemIds,
}: {
  item: ItemView | undefined;
  itemId: string;
  index: number;
  itemIds: Signal<readonly string[]>;
}) {
  const name = item?.name ?? itemId;
  const move = (by: 1 | -1) => {
    const next = itemIds.value.filter((other) => other !== itemId);
    next.splice(index + by, 0, itemId);
    itemIds.value = next;
    announce(catalogue('moved', { name, n: index + by + 1 }));
  };
  return (
    <li class="featured-line" data-item={itemId}>
      <span class="featured-name">
        <b>{item?.code}</b> {name}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('moveUp', { name })}
        disabled={index === 0}
        onClick={() => move(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('moveDown', { name })}
        disabled={index === itemIds.value.length - 1}
        onClick={() => move(1)}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={catalogue('remove', { name })}
        onClick={() => {
          itemIds.value = itemIds.value.filter((other) => other !== itemId);
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
