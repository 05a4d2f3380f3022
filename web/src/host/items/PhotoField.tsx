import { type Signal, useSignal } from '@preact/signals';
import { api } from '../api.js';
import { catalogue } from '../messages/catalogue.js';
import { hostErrorText } from '../messages/errors.js';
import { Glyph } from '../ui/Glyph.js';
import { shrinkPhoto } from './photo.js';

/** A photo, from the `camera` at once or from wherever: made small here, kept by the server, and `value` becomes its address. */
export function PhotoField({ value, camera }: { value: Signal<string>; camera: boolean }) {
  const busy = useSignal(false);
  const error = useSignal<string | null>(null);
  const take = async (file: File) => {
    busy.value = true;
    error.value = null;
    const photo = await shrinkPhoto(file).catch(() => null);
    const outcome = photo === null ? null : await api.keepPhoto(photo);
    busy.value = false;
    if (outcome === null) error.value = catalogue('bad_photo');
    else if (outcome.ok) value.value = outcome.data.url;
    else error.value = hostErrorText(outcome.error);
  };
  return (
    <div class="field">
      <div class="photo-field">
        {value.value !== '' && <img class="photo-preview" src={value.value} alt="" />}
        <label class={`button photo-button${busy.value ? ' photo-busy' : ''}`}>
          <Glyph name="camera" size={18} />
          <span>{catalogue(photoWord(busy.value, value.value))}</span>
          <input
            type="file"
            class="visually-hidden"
            accept="image/*"
            {...(camera ? ({ capture: 'environment' } as const) : {})}
            disabled={busy.value}
            onChange={(event) => {
              const input = event.currentTarget;
              const file = input.files?.[0];
              if (file !== undefined) void take(file);
              // The same file can be chosen again after a failure.
              input.value = '';
            }}
          />
        </label>
        {value.value !== '' && (
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              value.value = '';
            }}
          >
            {catalogue('photoRemove')}
          </button>
        )}
      </div>
      {error.value !== null && (
        <p class="field-error" role="alert">
          {error.value}
        </p>
      )}
    </div>
  );
}

function photoWord(busy: boolean, url: string) {
  if (busy) return 'photoSending';
  return url === '' ? 'photo' : 'photoOther';
}
