import { type Signal, useSignal } from '@preact/signals';
import { catalogue } from '../messages/catalogue.js';
import { hostErrorText } from '../messages/errors.js';
import { api } from '../state/api.js';
import { Icon } from '../ui/Icon.js';

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
          <Icon name="camera" size={18} />
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

/** What a photo for an item may weigh, bytes: a page of eight of them still opens quickly on a slow phone. */
const PHOTO_BYTES = 60 * 1_024;

/** The longest side, px, and the quality: tried in this order until one is small enough. */
const TRIES = [
  [1_080, 0.8],
  [1_080, 0.6],
  [800, 0.7],
  [800, 0.5],
  [640, 0.5],
  [480, 0.4],
] as const;

/**
 * A camera's picture made small enough to send: WebP, or JPEG where the browser cannot write WebP.
 * @throws when the file is no picture that the browser can read
 */
async function shrinkPhoto(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  try {
    let smallest: Blob | null = null;
    for (const [side, quality] of TRIES) {
      smallest = await drawn(picture, side, quality);
      if (smallest.size <= PHOTO_BYTES) break;
    }
    if (smallest === null) throw new Error('nothing was drawn');
    return smallest;
  } finally {
    picture.close();
  }
}

async function drawn(picture: ImageBitmap, side: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser draws no pictures');
  // A see-through picture would be black as JPEG.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const webp = await encoded(canvas, 'image/webp', quality);
  return webp.type === 'image/webp' ? webp : await encoded(canvas, 'image/jpeg', quality);
}

function encoded(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('nothing was drawn')) : resolve(blob)),
      type,
      quality,
    );
  });
}
