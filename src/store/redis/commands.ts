import { COMMANDS, type Redis, type RedisNode } from './connection.js';

/** A command on its way: the key that says where it belongs, and how to run it there. */
export interface Call {
  key: string;
  script: boolean;
  run: (node: RedisNode) => Promise<unknown>;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** The store's commands, each sent to wherever `send` finds its key. */
export function sendingCommands(
  send: (call: Call) => Promise<unknown>,
  isReady: () => boolean,
): Redis {
  const commands = COMMANDS.map((name) => {
    const script = name === 'eval' || name === 'evalSha';
    const method: Method = (...args) =>
      send({
        key: script ? scriptKey(args[1]) : String(args[0]),
        script,
        run: (node) => (node[name] as unknown as Method).apply(node, args),
      });
    return [name, method];
  });
  const redis: object = Object.fromEntries(commands);
  Object.defineProperty(redis, 'isReady', { get: isReady });
  // Sound, for each method passes its arguments and its answer on unchanged, to and from the method whose type it takes.
  return redis as Redis;
}

function scriptKey(options: unknown): string {
  return (options as { keys: string[] }).keys[0] ?? '';
}
