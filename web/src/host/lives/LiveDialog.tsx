import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live, LivePatch } from '../../../../src/protocol/live.js';
import type { CommandError } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { api, everyRow, issuesOf } from '../state/api.js';
import { noteLive } from '../state/lives.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { SubmitForm } from '../ui/SubmitForm.js';
import { FeaturedItems } from './FeaturedItems.js';

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
