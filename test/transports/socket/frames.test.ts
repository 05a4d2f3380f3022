import { describe, expect, it } from 'vitest';
import { Frames } from '../../../src/transports/socket/broadcast/frames.js';

/** The texts of unmasked WebSocket text frames, one after the other (RFC 6455, 5.2). */
function textsIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x81);
    const short = bytes[at + 1] ?? 0;
    let length = short;
    let start = at + 2;
    if (short === 126) {
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (short === 127) {
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    texts.push(bytes.toString('utf8', start, start + length));
    at = start + length;
  }
  return texts;
}

describe('ready frames', () => {
  // Around the places where the length takes another form, in bytes and not in letters.
  it.each([0, 1, 94, 95, 96, 40_000, 65_500, 65_535, 70_000])(
    'carry %i letters whole',
    (letters) => {
      for (const letter of ['a', 'é', '👗']) {
        const payload = JSON.stringify(letter.repeat(letters));
        const { packets, bytes } = new Frames('/live', [{ event: 'item:updated', payload }]);
        expect(packets).toEqual([`2/live,["item:updated",${payload}]`]);
        expect(textsIn(bytes)).toEqual([`4${packets[0]}`]);
      }
    },
  );

  it('follow one another in one piece', () => {
    const messages = ['stock:changed', 'stock:released'].map((event) => ({ event, payload: '{}' }));
    const { packets, bytes } = new Frames('/host', messages);
    expect(textsIn(bytes)).toEqual(packets.map((packet) => `4${packet}`));
    expect(packets).toHaveLength(2);
  });
});
