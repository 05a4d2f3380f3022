import { z } from 'zod';
import type { Endpoints } from './endpoint.js';

/** The file names of what is taken, by its Content-Type. */
export const PHOTO_TYPES = {
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
  'image/png': 'png',
} as const;
const PHOTO_MAX_BYTES = 300 * 1_024;
/** What all photos of a shop may take; see `photo_keep.lua`. */
export const PHOTOS_MAX_BYTES = 64 * 1_024 * 1_024;
/** The longest side, px: a small file may unfold to a picture that a phone cannot hold. */
export const PHOTO_MAX_SIDE = 4_096;

/** Pictures of items, kept by the server. */
export const PHOTO_ENDPOINTS = {
  'POST /photos': {
    auth: 'host',
    summary: 'Keeps a picture, for an item’s `imageUrl`.',
    description:
      'The body is the file itself: WebP, JPEG or PNG by its content, at most 300 KB and 4,096 px a side. The same file again has the same `url`, a path on this server that anyone may read and that is cached for good. A shop has room for 64 MB; when it is full, pictures that no item has had for an hour make room, oldest first, and if that is not enough the answer is `VALIDATION`.',
    bytes: { contentTypes: Object.keys(PHOTO_TYPES), most: PHOTO_MAX_BYTES },
    status: 201,
    answer: z.object({ url: z.string().describe('Such as `/photos/{shopId}/{name}.webp`.') }),
  },
} satisfies Endpoints;
