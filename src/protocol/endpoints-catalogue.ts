import { z } from 'zod';
import { type Endpoints, IdParams, pageOf } from './endpoint.js';
import { ItemsQuerySchema, PageQuerySchema } from './http.js';
import {
  ItemCreateSchema,
  ItemPatchSchema,
  ItemsPutSchema,
  ItemViewSchema,
  RestockSchema,
} from './item.js';
import { LiveCreateSchema, LivePatchSchema, LiveSchema } from './live.js';
import { CountSchema } from './units.js';

const ItemAnswer = z.object({ item: ItemViewSchema });
const LiveAnswer = z.object({ live: LiveSchema });

/** The host's items and lives. */
export const CATALOGUE_ENDPOINTS = {
  'GET /items': {
    auth: 'host',
    summary: 'The items of the shop, newest first; or those of a SKU or a code.',
    description:
      'Codes are compared as they are when an item is made; SKUs letter by letter, and several items may have the same.',
    query: ItemsQuerySchema,
    answer: pageOf(ItemViewSchema),
  },
  'POST /items': {
    auth: 'host',
    summary: 'Makes an item with its first stock.',
    description:
      'A code is one of a kind in the shop: without case, and however its accents are put together. One that is taken is `ALREADY_EXISTS`, with the `itemId` that has it.',
    body: ItemCreateSchema,
    status: 201,
    answer: ItemAnswer,
    errors: ['ALREADY_EXISTS'],
  },
  'PUT /items': {
    auth: 'host',
    summary:
      'Makes or changes up to 1,000 items by SKU, and sets their stock: all of them, or none.',
    description:
      'What a line leaves out stays; a new item needs `code`, `name` and `price`, and has no stock without `available`. Lines may exchange codes. Each entry of `details.issues` has the `line` that it is about, counted from 0, and its `path`. `ALREADY_EXISTS` when taken codes are all that is wrong.',
    body: ItemsPutSchema,
    bodyLimit: 2 * 1_024 * 1_024,
    answer: z.object({
      items: z.array(ItemViewSchema).describe('In the order of the lines.'),
      created: CountSchema.describe('How many are new.'),
    }),
    errors: ['ALREADY_EXISTS', 'REQUEST_CONFLICT'],
  },
  'GET /items/:id': {
    auth: 'host',
    summary: 'One item.',
    params: IdParams,
    answer: ItemAnswer,
    errors: ['NOT_FOUND'],
  },
  'PATCH /items/:id': {
    auth: 'host',
    summary: 'Changes an item; what is left out stays.',
    description: 'Bookings and orders keep the price and the name that they were made with.',
    params: IdParams,
    body: ItemPatchSchema,
    answer: ItemAnswer,
    errors: ['NOT_FOUND', 'ALREADY_EXISTS'],
  },
  'POST /items/:id/restock': {
    auth: 'host',
    summary: 'Adds units to what is available, or takes some away.',
    description: 'The `requestId` belongs to the host. At most 1,000,000,000 units are available.',
    params: IdParams,
    body: RestockSchema,
    answer: ItemAnswer,
    errors: ['NOT_FOUND', 'INSUFFICIENT_STOCK', 'REQUEST_CONFLICT'],
  },
  'GET /lives': {
    auth: 'host',
    summary: 'The lives of the shop, newest first.',
    query: PageQuerySchema,
    answer: pageOf(LiveSchema),
  },
  'POST /lives': {
    auth: 'host',
    summary: 'Plans a live.',
    body: LiveCreateSchema,
    status: 201,
    answer: LiveAnswer,
  },
  'GET /lives/:id': {
    auth: 'host',
    summary: 'One live.',
    params: IdParams,
    answer: LiveAnswer,
    errors: ['NOT_FOUND'],
  },
  'PATCH /lives/:id': {
    auth: 'host',
    summary: 'Changes a live; what is left out stays.',
    description: 'Taking the pinned item out of `itemIds` unpins it.',
    params: IdParams,
    body: LivePatchSchema,
    answer: LiveAnswer,
    errors: ['NOT_FOUND'],
  },
  'POST /lives/:id/start': {
    auth: 'host',
    summary: 'Begins a live: from now on its items can be booked.',
    description: 'Again: no change. One that has ended is opened again.',
    params: IdParams,
    answer: LiveAnswer,
    errors: ['NOT_FOUND', 'LIVE_NOT_OPEN'],
  },
  'POST /lives/:id/end': {
    auth: 'host',
    summary: 'Ends a live: no new bookings; held ones run on.',
    description: 'Again: no change.',
    params: IdParams,
    answer: LiveAnswer,
    errors: ['NOT_FOUND', 'LIVE_NOT_OPEN'],
  },
} satisfies Endpoints;
