import { imageSize } from 'image-size';
import { LRUCache } from 'lru-cache';
import { PHOTO_MAX_SIDE, PHOTO_TYPES } from '../protocol/endpoints-photos.js';
import { AppError } from '../protocol/errors.js';
import { keepPhoto, readPhoto } from '../store/photos.js';
import type { Store } from '../store/store.js';

type Extension = (typeof PHOTO_TYPES)[keyof typeof PHOTO_TYPES];
const EXTENSIONS: readonly string[] = Object.values(PHOTO_TYPES) satisfies Extension[];

/** Photos that a server has at hand, bytes: those of tonight's lives, which thousands ask for at once. */
const AT_HAND_BYTES = 32 * 1_024 * 1_024;

/** Pictures of items. They never change under their name, so whoever has one may keep it. */
export class Photos {
  private readonly store: Store;
  private readonly atHand: LRUCache<string, Buffer>;

  constructor(store: Store) {
    this.store = store;
    this.atHand = new LRUCache({
      maxSize: AT_HAND_BYTES,
      sizeCalculation: (photo) => Math.max(1, photo.length),
      fetchMethod: (path) => {
        const [shopId = '', name = ''] = path.split('/');
        return readPhoto(store, shopId, name);
      },
    });
  }

  /** Answers the path of the picture on this server. @throws VALIDATION when it is none, or the shop has no room */
  async keep(shopId: string, content: Buffer): Promise<string> {
    return `/photos/${shopId}/${await keepPhoto(this.store, shopId, content, typeOf(content))}`;
  }

  /** Whether no call of Redis is needed for it. */
  isAtHand(shopId: string, name: string): boolean {
    return this.atHand.has(`${shopId}/${name}`);
  }

  /** The picture; undefined when there is none of the name. */
  read(shopId: string, name: string): Promise<Buffer | undefined> {
    return this.atHand.fetch(`${shopId}/${name}`);
  }
}

/** What it is by its content, as the ending of its name. */
function typeOf(content: Buffer): string {
  const { type = '', width, height } = measured(content);
  if (!EXTENSIONS.includes(type)) throw notAPhoto('must be a WebP, JPEG or PNG picture');
  if (Math.min(width, height) < 1 || Math.max(width, height) > PHOTO_MAX_SIDE)
    throw notAPhoto(`must have at most ${PHOTO_MAX_SIDE} px a side`);
  return type;
}

function measured(content: Buffer): ReturnType<typeof imageSize> {
  try {
    return imageSize(content);
  } catch {
    throw notAPhoto('must be a WebP, JPEG or PNG picture');
  }
}

function notAPhoto(body: string): AppError {
  return new AppError('VALIDATION', { body });
}
