const OPCODE_TEXT = 0x81; // FIN, and text
/** Engine.IO's packet type `message`, and in it Socket.IO's `EVENT`. */
const MESSAGE = '4';
const EVENT = '2';

/** An event and its payload as JSON. */
export interface Message {
  event: string;
  payload: string;
}

/** Events as they go over the wire, encoded once for however many sockets get them. */
export interface Frames {
  /** Socket.IO packets, one an event, for what sends them by way of Engine.IO. */
  packets: string[];
  /** The same as WebSocket frames, one after the other, for one write. */
  bytes: Buffer;
}

export function framesOf(namespace: string, messages: Message[]): Frames {
  const packets = messages.map(
    ({ event, payload }) => `${EVENT}${namespace},["${event}",${payload}]`,
  );
  const [first = ''] = packets;
  const bytes =
    packets.length === 1 ? textFrame(first) : Buffer.concat(packets.map((text) => textFrame(text)));
  return { packets, bytes };
}

/** One unmasked, unfragmented, uncompressed text frame (RFC 6455, 5.2), as servers send them. */
export function textFrame(packet: string): Buffer {
  const text = MESSAGE + packet;
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = OPCODE_TEXT;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
