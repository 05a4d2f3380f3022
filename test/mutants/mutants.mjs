/**
 * Guards that matter, each broken on its own: a test must fail for every one, or there is no test of that guard.
 *
 * `file`: what is changed; `from` → `to`: the change, of text that stands there once; `tests`: the files of which one must
 * fail, and `name` the test in them. `survives`: why no test can tell, for a guard that stands behind another.
 *
 * @typedef {{ file: string, from: string, to: string, tests: string[], name?: string, survives?: string }} Mutant
 */
const lua = (/** @type {string} */ name) => `src/store/scripts/${name}.lua`;
const LIMITS = ['test/services/limits.test.ts'];
const LINES = ['test/waitlist/waitlist.test.ts'];
const UNDO = ['test/services/undo.test.ts'];
const RACE = ['test/services/booking-race.test.ts'];
const AUDIT = ['test/services/audit.test.ts'];
const WEBHOOKS = ['test/webhooks/webhooks.test.ts'];
const FEED = ['test/webhooks/event-feed.test.ts'];
const COMMENTS = ['test/comments/comments.test.ts'];
const PHOTOS = ['test/services/photos.test.ts'];
const LINKS_OF_VIEWERS = ['test/transports/http/viewer-link.test.ts'];

/** @type {Record<string, Mutant>} */
export const MUTANTS = {
  'what is due is not settled before a script judges': {
    file: lua('lib/due'),
    from: 'local ended, more_is_due = end_due()',
    to: 'local ended, more_is_due = false, false',
    tests: ['test/services/releases.test.ts', 'test/services/lapse-while-booking.test.ts'],
  },
  'a script goes on although more is due': {
    file: lua('lib/due'),
    from: 'if more_is_due then',
    to: 'if false then',
    tests: ['test/services/releases.test.ts', ...LINES],
  },
  'the settled unit keeps what it read': {
    file: lua('lib/due'),
    from: 'or it.offering ~= nil end\n  begin_unit()',
    to: 'or it.offering ~= nil end',
    tests: ['test/services/releases.test.ts', 'test/services/lapse-while-booking.test.ts'],
  },
  'a lapse costs nothing': {
    file: lua('lib/due'),
    from: "release(b, b.quantity, 'expired', 'booking_expired', penalty)",
    to: "release(b, b.quantity, 'expired', 'booking_expired')",
    tests: ['test/services/reputation.test.ts'],
  },
  'units that come free are not handed to the line': {
    file: lua('lib/items'),
    from: "if to == 'available' then it.freed = true end",
    to: '',
    tests: LINES,
  },
  'the line is not served at all': {
    file: lua('lib/commit'),
    from: 'if serve_line and (it.freed or it.offering) then serve_line(it) end',
    to: '',
    tests: ['test/properties/waiting-lines.test.ts', ...LINES],
  },
  'the line is served past whoever may not book': {
    file: lua('lib/waitlist'),
    from: "if code then return end_entry(e, 'dropped', code) end",
    to: '',
    tests: LINES,
  },
  'an entry that wants more than is there is served all the same': {
    file: lua('lib/waitlist'),
    from: 'local e = tonumber(quantity) <= it.available and entry(id)',
    to: 'local e = entry(id)',
    tests: LINES,
  },
  'a closed item serves its line': {
    file: lua('lib/waitlist'),
    from: 'local stopped_at = it.open and walk_line',
    to: 'local stopped_at = walk_line',
    tests: LINES,
  },
  'units that the line has taken are announced to everyone': {
    file: lua('lib/waitlist'),
    from: '      r.quantity = math.min(r.quantity, public)\n',
    to: '',
    tests: LINES,
  },
  'what the line could not take in one call is lost to it': {
    file: lua('lib/waitlist'),
    from: "    index(':deadlines', now, 'serve:' .. it.id)\n",
    to: '',
    tests: LINES,
  },
  'a viewer waits twice for one item': {
    file: lua('waitlist_join'),
    from: "if waitsFor == itemId then return refuse('ALREADY_EXISTS', { entryId = entryId }) end",
    to: '',
    tests: LINES,
  },
  'a stranger leaves for another': {
    file: lua('waitlist_leave'),
    from: 'if not e or e.viewerId ~= ARGV[2] then',
    to: 'if not e then',
    tests: LINES,
  },
  'whoever may be served at once waits': {
    file: lua('waitlist_join'),
    from: 'if it.available >= quantity then',
    to: 'if false then',
    tests: LINES,
  },
  'the end of a live leaves its line waiting': {
    file: lua('live_status'),
    from: "index(':deadlines', now, 'drop:' .. id)",
    to: '',
    tests: LINES,
  },
  'an item that a live does not feature is booked in it': {
    file: lua('booking_create'),
    from: 'seen[itemId] = values[i + 1] ~= false',
    to: 'seen[itemId] = true',
    tests: ['test/transports/socket/bad-commands.test.ts'],
  },
  'units that are ordered or sold are not written': {
    file: lua('lib/commit'),
    from: 'if it.allocated ~= it.stored_allocated or it.sold ~= it.stored_sold then',
    to: 'if it.stored_sold == nil then',
    tests: ['test/orders/place.test.ts', ...AUDIT],
  },
  'a hold does not end at its deadline': {
    file: lua('lib/release'),
    from: 'due = { list = due_list(expiresAt), at = int(expiresAt) }',
    to: 'due = { list = due_list(expiresAt), at = int(expiresAt + 60000) }',
    tests: AUDIT,
  },
  'stock is not looked at': {
    file: lua('lib/rules'),
    from: 'if it.available == 0 then',
    to: 'if false then',
    tests: RACE,
  },
  'more than is there is booked': {
    file: lua('lib/rules'),
    from: 'if it.available < quantity then',
    to: 'if false then',
    tests: [...RACE, 'test/transports/socket/bad-commands.test.ts'],
  },
  'a repeated request books again': {
    file: lua('booking_create'),
    from: 'local repeated = any_repeated()',
    to: 'local repeated = false',
    tests: ['test/services/request-id.test.ts'],
  },
  'a request id may be used for something else': {
    file: lua('booking_create'),
    from: 'return same and prior, not same',
    to: 'return prior, false',
    tests: ['test/services/request-id.test.ts'],
  },
  'a restricted viewer books': {
    file: lua('lib/rules'),
    from: "if v.status == 'restricted' then return 'VIEWER_RESTRICTED' end",
    to: '',
    tests: LIMITS,
  },
  'a low reputation books': {
    file: lua('lib/rules'),
    from: 'if v.reputation < r.min_reputation then',
    to: 'if false then',
    tests: ['test/services/reputation.test.ts'],
  },
  'a guest books where guests may not': {
    file: lua('lib/rules'),
    from: "if v.guest and not r.guests then return 'FORBIDDEN', { reason = 'guest' } end",
    to: '',
    tests: LIMITS,
  },
  'bookings are not counted': {
    file: lua('lib/rules'),
    from: 'if v.carried >= limit then',
    to: 'if false then',
    tests: [...LIMITS, 'test/services/big-cart.test.ts'],
  },
  'a chunk of a cart that something left stays': {
    file: lua('lib/commit'),
    from: 'for i = whole + 1, v.stored do',
    to: 'for i = whole + 1, 0 do',
    survives: 'what stands past the count is never read, and is written over; it only takes memory',
    tests: ['test/services/big-cart.test.ts'],
  },
  'the full chunk of a cart is not kept': {
    file: lua('lib/commit'),
    from: "for i, text in ipairs(v.rolled or {}) do set_field(v, 'held:' .. v.stored + i, text) end",
    to: '',
    tests: ['test/services/big-cart.test.ts'],
  },
  'no tier applies': {
    file: lua('lib/rules'),
    from: 'if t.belowReputation > v.reputation and',
    to: 'if false and',
    tests: LIMITS,
  },
  'there is no cool-down': {
    file: lua('lib/release'),
    from: 'if penalty then cool_down(v, b.itemId) end',
    to: '',
    tests: LIMITS,
  },
  'a live that is not on sells': {
    file: lua('lib/rules'),
    from: "if status ~= 'live' then",
    to: 'if false then',
    tests: ['test/services/catalogue.test.ts'],
  },
  'a closed item sells': {
    file: lua('lib/rules'),
    from: "if not it.open then return 'ITEM_CLOSED' end",
    to: '',
    tests: ['test/services/catalogue.test.ts', 'test/services/booking-race.test.ts'],
  },
  'the limit of one item is not kept': {
    file: lua('lib/rules'),
    from: 'if r.max_item > 0 and of_item + quantity > r.max_item then',
    to: 'if false then',
    tests: ['test/services/settings.test.ts', 'test/services/booking-race.test.ts'],
  },
  'the limit of the cart is not kept': {
    file: lua('lib/rules'),
    from: 'if r.max_cart > 0 and all + quantity > r.max_cart then',
    to: 'if false then',
    tests: ['test/services/settings.test.ts', 'test/services/booking-race.test.ts'],
  },
  'a free cancel costs': {
    file: lua('lib/release'),
    from: 'return free > 0 and now - b.createdAt <= free',
    to: 'return false',
    tests: LIMITS,
  },
  'a cancel that is repeated happens twice': {
    file: lua('booking_cancel'),
    from: 'local prior = requests.made(digest)',
    to: 'local prior = false',
    tests: UNDO,
  },
  'a viewer cancels another’s booking': {
    file: lua('booking_cancel'),
    from: 'if not b or (not by_host and b.viewerId ~= viewerId) then',
    to: 'if not b then',
    tests: ['test/transports/socket/bad-commands.test.ts', 'test/services/reputation.test.ts'],
  },
  'a restored booking leaves its cost': {
    file: lua('booking_restore'),
    from: "move_reputation(v, cost, 'booking_restored', id)",
    to: "move_reputation(v, 0, 'booking_restored', id)",
    tests: UNDO,
  },
  'a booking is restored without the stock': {
    file: lua('booking_restore'),
    from: 'if it.available < b.quantity then',
    to: 'if false then',
    tests: UNDO,
    survives: 'move() stops the script rather than oversell; the client then receives INTERNAL',
  },
  'a cancelled booking stays in the cart': {
    file: lua('lib/release'),
    from: '  set_held(v, b.bookingId, 0)\n',
    to: '',
    tests: AUDIT.concat('test/services/reputation.test.ts'),
  },
  'a cancelled booking keeps its hold': {
    file: lua('lib/release'),
    from: "  ended_holds[#ended_holds + 1] = shop .. ':hold:' .. b.bookingId\n",
    to: '',
    tests: ['test/services/reputation.test.ts', ...LIMITS],
  },
  'a reputation falls below 0': {
    file: lua('lib/viewers'),
    from: 'v.reputation = math.max(0, math.min(100, before + points))',
    to: 'v.reputation = before + points',
    tests: [...LIMITS, 'test/services/reputation.test.ts'],
  },
  'a checkout lists what is not held': {
    file: lua('checkout_start'),
    from: "if v and v.status == 'restricted' then return refuse('VIEWER_RESTRICTED') end",
    to: '',
    tests: LIMITS,
  },
  'an order is placed over bookings that are gone': {
    file: lua('order_place'),
    from: "if #gone > 0 then return refuse('BOOKING_NOT_HELD', { bookingIds = gone }) end",
    to: '',
    tests: ['test/orders/refusals.test.ts', 'test/orders/place.test.ts'],
  },
  'unpaid orders are not counted': {
    file: lua('order_place'),
    from: 'if max_unpaid > 0 and wholly(v).unpaid >= max_unpaid then',
    to: 'if false then',
    tests: LIMITS,
  },
  'an order ends before its deadline': {
    file: lua('order_end'),
    from: 'if not awaiting or o.shown.expiresAt > now then',
    to: 'if not awaiting then',
    tests: ['test/orders/deadlines.test.ts', 'test/orders/reconciler.test.ts'],
    survives:
      'only the reconciler ends an order so, and only one that Redis has just said is overdue',
  },
  'entries do not name the one before': {
    file: lua('lib/commit'),
    from: "  redis.call('SET', last, entry)\n",
    to: '',
    tests: ['test/transports/socket/fan-out.test.ts', 'test/transports/socket/delivery.test.ts'],
  },
  'releases are not published': {
    file: lua('lib/commit'),
    from: 'if #list > 0 then emit(',
    to: 'if false then emit(',
    tests: ['test/services/lapse-while-booking.test.ts'],
  },
  'the maker of a booking receives an event about it': {
    file: 'src/transports/socket/broadcast/booking-acks.ts',
    from: 'return answer === payload;',
    to: 'return false;',
    tests: ['test/transports/socket/delivery.test.ts'],
  },
  'events overtake the answer to the command that caused them': {
    file: 'src/transports/socket/broadcast/stream-follower.ts',
    from: 'await nextTurn();',
    to: '',
    tests: ['test/transports/socket/booking-acks.test.ts'],
  },
  'the maker of a booking never receives its end': {
    file: 'src/transports/socket/broadcast/booking-acks.ts',
    from: 'return answer === payload;',
    to: 'return true;',
    tests: ['test/transports/socket/booking-acks.test.ts'],
  },
  'a gap in the stream goes unseen': {
    file: 'src/store/events.ts',
    from: 'if (first ? first.message[1] !== position : lost)',
    to: 'if (false)',
    tests: ['test/services/same-stock.test.ts', 'test/faults/redis-outage.test.ts'],
  },
  'after a gap viewers do not receive their own events': {
    file: 'src/transports/socket/broadcast/publisher.ts',
    from: 'await this.missedEvents.publish(shopId, since);',
    to: '',
    tests: ['test/transports/socket/missed-events.test.ts'],
  },
  'a socket that connected before the server had a store does not receive what it missed': {
    file: 'src/transports/socket/broadcast/stream-follower.ts',
    from: 'const isLate = stream.failed || waited() > WAITED_FOR_MS / 2;',
    to: 'const isLate = false;',
    tests: ['test/transports/socket/missed-events.test.ts'],
  },
  'after a gap hosts go on without what they missed': {
    file: 'src/transports/socket/broadcast/emitter.ts',
    from: 'this.host.sockets.get(id)?.conn.close();',
    to: 'void id;',
    tests: ['test/transports/socket/missed-events.test.ts'],
  },
  'a doorbell that rings while the stream is read is lost': {
    file: 'src/transports/socket/broadcast/stream-follower.ts',
    from: 'if (stream.rung) this.ring(shopId, stream);',
    to: '',
    tests: ['test/transports/socket/fan-out.test.ts', 'test/services/lapse-while-booking.test.ts'],
    survives:
      'the poll of every second finds what a lost doorbell did not say: later, and complete',
  },
  'an invoice number is given and not counted': {
    file: lua('lib/parcels'),
    from: "later('HSET', shop .. ':invoices', month, int(n))",
    to: '',
    tests: ['test/orders/fulfilment.test.ts'],
  },
  'what a person decided is opened again by the same words': {
    file: lua('lib/payments'),
    from: ' and not decided then',
    to: ' then',
    tests: ['test/orders/gateway-words.test.ts'],
  },
  'a link into the console opens twice': {
    file: lua('staff_claim'),
    from: 'or member.signedInAt ',
    to: '',
    tests: ['test/transports/staff-links.test.ts'],
  },
  'a link into the console opens by any secret': {
    file: lua('staff_claim'),
    from: 'or member.digest ~= ARGV[2] ',
    to: '',
    tests: ['test/transports/staff-links.test.ts'],
  },
  'whoever was put out of the console stays in': {
    file: 'src/transports/identity.ts',
    from: 'if (!member || (await this.isMember(shopId, id))) return;',
    to: 'if (id !== undefined) return;',
    tests: ['test/transports/staff-links.test.ts'],
  },
  'what was refused stands among the changes': {
    file: 'src/transports/http/recording.ts',
    from: '!UNKNOWN.includes(error.code)',
    to: 'false',
    tests: ['test/transports/changes.test.ts'],
  },
  'two servers deliver for one webhook': {
    file: lua('webhook_step'),
    from: 'if holder and holder ~= token then return \'{"mine":false}\' end',
    to: '',
    tests: WEBHOOKS,
  },
  'deliveries go on from where they were before the webhook was changed': {
    file: lua('webhook_step'),
    from: "if version ~= '' and before.version == version then",
    to: "if version ~= '' then",
    tests: WEBHOOKS,
  },
  'a webhook goes to a name that leads to a private address': {
    file: 'src/services/webhooks/post.ts',
    from: 'if (!addresses.every(({ address }) => isPublic(address)))',
    to: 'if (false)',
    tests: WEBHOOKS,
  },
  'a webhook goes to a private address': {
    file: 'src/services/webhooks/post.ts',
    from: 'if (!allowPrivate && isIP(host) !== 0 && !isPublic(host))',
    to: 'if (false)',
    tests: WEBHOOKS,
  },
  'the stream is cut although somebody asks for it': {
    file: lua('lib/commit'),
    from: "if asked then trim, bound = 'MINID', int(now - 2592000000) end",
    to: '',
    tests: FEED,
  },
  'a page of events begins with what the one before ended with': {
    file: 'src/services/webhooks/event-feed.ts',
    from: '> within);',
    to: '>= within);',
    tests: FEED,
  },
  'a comment that is sent again books again': {
    file: lua('comment_handle'),
    from: 'if prior then return commit(',
    to: 'if false then return commit(',
    tests: COMMENTS,
  },
  'a comment books past the limits of its viewer': {
    file: lua('comment_handle'),
    from: 'if code then return refused(code, details) end',
    to: '',
    tests: COMMENTS,
  },
  'a comment that names no item is sent to hosts': {
    file: lua('comment_handle'),
    from: `if outcomes[1] ~= '{"outcome":"ignored"}' then`,
    to: 'if true then',
    tests: COMMENTS,
  },
  'photos have all of Redis': {
    file: lua('photo_keep'),
    from: 'if total > most then return refuse(',
    to: 'if false then return refuse(',
    tests: PHOTOS,
  },
  'a new photo takes the place of one that is about to be used': {
    file: lua('photo_keep'),
    from: 'now - UNUSED_MS',
    to: 'now',
    tests: PHOTOS,
  },
  'a viewer’s link opens twice': {
    file: lua('viewer_link_open'),
    from: "later('DEL', key)",
    to: '',
    tests: LINKS_OF_VIEWERS,
  },
  'a viewer’s link opens by any secret': {
    file: lua('viewer_link_open'),
    from: 'or link.digest ~= ARGV[2] ',
    to: '',
    tests: LINKS_OF_VIEWERS,
  },
  'a refund that is done is done again': {
    file: lua('refund_done'),
    from: "if r.status == 'open' then",
    to: 'if true then',
    tests: ['test/orders/refunds.test.ts'],
  },
  'an order that is given up twice is refused the second time': {
    file: lua('order_refund'),
    from: 'if prior then return reply() end',
    to: '',
    tests: ['test/orders/refunds.test.ts'],
  },
  'an order that is not paid is packed': {
    file: lua('order_patch'),
    from: "if o.shown.status ~= 'paid' then",
    to: 'if false then',
    tests: ['test/orders/fulfilment.test.ts'],
  },
  'a list of items with a mistake is saved in part': {
    file: lua('items_put'),
    from: 'if #issues > 0 then',
    to: 'if false then',
    tests: ['test/services/items-put.test.ts'],
  },
  'whoever was passed over is not looked at when more comes free': {
    file: lua('lib/waitlist'),
    from: 'it.freed and 0 or tonumber(from)',
    to: 'tonumber(from) or 0',
    tests: ['test/waitlist/passed-over.test.ts'],
  },
  'a place in line that has ended still counts for its viewer': {
    file: lua('lib/waitlist'),
    from: 'set_wait(v, e.entryId, nil)',
    to: '',
    tests: [...LINES, 'test/properties/waiting-lines.test.ts'],
  },
  'an older stock overwrites a newer one': {
    file: 'src/transports/socket/broadcast/conflator.ts',
    from: 'known.revision <= view.revision',
    to: 'true',
    tests: ['test/transports/socket/conflator.test.ts'],
  },
  'what happens before a live is known is dropped': {
    file: 'src/transports/socket/broadcast/publisher.ts',
    from: 'else live.early.push(event);',
    to: '',
    tests: ['test/transports/socket/first-moment.test.ts', 'test/services/same-stock.test.ts'],
    survives: 'the snapshot that makes the live known is read after the room is joined, and has it',
  },
  'private events go on after a token has ended': {
    file: 'src/transports/socket/broadcast/emitter.ts',
    from: '(data.identity?.expiresAt ?? 0) > Date.now()',
    to: 'true',
    tests: ['test/transports/tokens.test.ts'],
  },
  'timers go by the wall clock of the machine': {
    file: 'src/services/redis-clock.ts',
    from: 'return Math.max(0, time - this.offset - performance.now());',
    to: 'return Math.max(0, time - Date.now());',
    tests: ['test/services/releases.test.ts'],
    survives:
      'a look every second ends what is due by Redis’s clock, so a wrong timer is at most that late',
  },
};
