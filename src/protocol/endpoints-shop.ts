import { z } from 'zod';
import { type Endpoints, pageOf } from './endpoint.js';
import {
  PageQuerySchema,
  ShopPatchSchema,
  ShopViewSchema,
  StatusSchema,
  WinnersSchema,
} from './http.js';
import { LiveIdSchema, ShopIdSchema, ViewerIdSchema } from './ids.js';
import { SettingsPatchSchema, SettingsSchema } from './settings.js';
import { GuestCreateSchema } from './viewer.js';

const ShopParams = z.object({ shopId: ShopIdSchema });
const SettingsAnswer = z.object({ settings: SettingsSchema });

/** What anyone may ask of a shop, and the host's settings. */
export const SHOP_ENDPOINTS = {
  'GET /shops': {
    auth: 'none',
    summary: 'The shops of this installation with their lives that are on, newest first.',
    query: PageQuerySchema,
    answer: pageOf(ShopViewSchema),
  },
  'GET /shops/:shopId': {
    auth: 'none',
    summary: 'What anyone may know of a shop.',
    description: 'The fields stand in the answer itself, and once more as `shop`.',
    params: ShopParams,
    answer: ShopViewSchema.extend({ shop: ShopViewSchema }),
    errors: ['NOT_FOUND'],
  },
  'GET /shops/:shopId/lives/:liveId/winners': {
    auth: 'none',
    summary: 'Who got the item on show last, by first name alone, for an overlay.',
    description:
      'The last three bookings of the pinned item that are held or ordered, newest first, while the live is on. A name that looks like a number or an address is not shown.',
    params: ShopParams.extend({ liveId: LiveIdSchema }),
    answer: WinnersSchema,
    errors: ['NOT_FOUND'],
  },
  'POST /shops/:shopId/guests': {
    auth: 'none',
    summary: 'Signs a guest in as a new viewer of the shop, for 30 days.',
    description:
      'While `ALLOW_GUESTS` is `true`; else `FORBIDDEN`. One address gets `GUESTS_PER_ADDRESS` new guests an hour; past that `RATE_LIMITED`.',
    params: ShopParams,
    body: GuestCreateSchema,
    status: 201,
    answer: z.object({
      token: z.string().describe('Signs the guest in, on sockets and over HTTP.'),
      viewerId: ViewerIdSchema.describe('The new viewer.'),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
  },
  'GET /settings': {
    auth: 'host',
    summary: 'The settings of the shop.',
    answer: SettingsAnswer,
  },
  'PATCH /settings': {
    auth: 'host',
    owner: true,
    summary: 'Changes settings: any of the fields, or with one that is not valid none.',
    description: 'A change applies to what is created after it; deadlines already given stand.',
    body: SettingsPatchSchema,
    answer: SettingsAnswer,
  },
  'GET /status': {
    auth: 'host',
    summary: 'What a host should know of the server: nothing, as a rule.',
    description:
      '`DATA_LOST`: Redis was emptied, or an older state of it was restored, while the server ran. It goes on with what is there. `ARCHIVE_BEHIND`: the archive has not taken in what happened since; nothing else waits for it. `ARCHIVE_OLDER`: an older state of the archive was restored, which lacks what had left Redis; nothing more leaves until somebody has looked at it.',
    answer: StatusSchema,
  },
  'PATCH /shop': {
    auth: 'host',
    owner: true,
    summary: 'Changes the name that the shop is shown under.',
    body: ShopPatchSchema,
    answer: z.object({ shop: ShopViewSchema }),
  },
} satisfies Endpoints;
