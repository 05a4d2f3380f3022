import { compress } from '../compression.js';

const OPCODE_TEXT = 0x81; // FIN, and text
const COMPRESSED = 0x40; // RSV1
/** Engine.IO's packet type `message`, and in it Socket.IO's `EVENT`. */
const MESSAGE = '4';
const EVENT = '2';

/** An event and its payload as JSON. */
export interface Message {
  event: string;
  payload: string;
}

/** Events as they go over the wire, encoded once for however many sockets get them. */
export class Frames {
  /** Socket.IO packets, one an event, for what sends them by way of Engine.IO. */
  readonly packets: string[];
  /** The same as WebSocket frames, one after the other, for one write. */
  readonly bytes: Buffer;
  private small: Buffer | undefined;

  constructor(namespace: string, messages: Message[]) {
    this.packets = messages.map(
      ({ event, payload }) => `${EVENT}${namespace},["${event}",${payload}]`,
    );
    this.bytes = joined(this.packets.map(textFrame));
  }

  /**
   * The frames for clients that inflate; made when the first of them is met. For what everybody gets alike: where somebody's
   * secret stood beside text that another chose, the length would speak of the secret.
   */
  get compressed(): Buffer {
    this.small ??= joined(this.packets.map(compressedFrame));
    return this.small;
  }
}

function joined(frames: Buffer[]): Buffer {
  const [first] = frames;
  return first && frames.length === 1 ? first : Buffer.concat(frames);
}

/** The packet as a compressed frame, or as a plain one where that is no longer. */
function compressedFrame(packet: string): Buffer {
  const deflated = compress(Buffer.from(MESSAGE + packet));
  if (!deflated) return textFrame(packet);
  const { frame, start } = frameFor(deflated.length, OPCODE_TEXT | COMPRESSED);
  deflated.copy(frame, start);
  return frame;
}

/** One unmasked, unfragmented, uncompressed text frame (RFC 6455, 5.2), as servers send them. */
export function textFrame(packet: string): Buffer {
  const text = MESSAGE + packet;
  const { frame, start } = frameFor(Buffer.byteLength(text), OPCODE_TEXT);
  frame.write(text, start);
  return frame;
}

/** A frame with its head written, and where its `length` bytes begin. */
function frameFor(length: number, opcode: number): { frame: Buffer; start: number } {
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = opcode;
  if (start === 2) {
    frame[1] = length;
  } else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, start };
}
