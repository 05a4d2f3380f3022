/** Where Redis is, as `REDIS_URL` says: one server, a cluster, or the master that sentinels name. */
export type RedisAddress =
  | { kind: 'one'; url: string }
  | { kind: 'cluster'; nodes: string[]; urlOf: (node: string) => string }
  | {
      kind: 'sentinel';
      sentinels: string[];
      master: string;
      urlOf: (node: string) => string;
      sentinelUrlOf: (node: string) => string;
    };

const ONE = /^(redis|rediss|unix):\/\/./;
const MANY = /^(rediss?)\+(cluster|sentinel):\/\/(?:([^@/]*)@)?([^@/]*)(?:\/(.*))?$/;
/** A name, an IPv4 address, or an IPv6 address in brackets; and the port. */
const NODE = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):(\d{1,5})$/;
/** A login, a path, and perhaps `?db=` and a number. */
const UNIX = /^unix:\/\/(?:([^@/]*)@)?(\/[^?#]+)(?:\?db=\d+)?$/;
const DATABASE = /^(\/\d*)?$/;
const MASTER_NAME = /^[\w.-]+$/;

/** Reads `REDIS_URL`. Throws an error whose message says, in one line, what is wrong. */
export function parseRedisAddress(text: string): RedisAddress {
  if (ONE.test(text)) {
    requireWellFormed(text);
    return { kind: 'one', url: text };
  }
  const [, scheme = '', kind, login, list = '', path = ''] = MANY.exec(text) ?? [];
  if (kind === undefined) {
    throw new Error(
      'must begin with redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://',
    );
  }
  const nodes = list.split(',');
  const bad = nodes.find((node) => !isNode(node));
  if (bad !== undefined)
    throw new Error(`${bad === '' ? 'an empty place' : bad} in the list is not host:port`);
  const urlOf = (node: string) => `${scheme}://${login ? `${login}@` : ''}${node}`;
  requireWellFormed(urlOf(nodes[0] ?? ''));
  if (kind === 'cluster') {
    if (path !== '') throw new Error('a cluster has no database: nothing may follow the list');
    return { kind, nodes, urlOf };
  }
  if (!MASTER_NAME.test(path))
    throw new Error('must end with the name of the master: redis+sentinel://h1:p1,h2:p2/mymaster');
  const sentinelUrlOf = (node: string) => `${scheme}://${node}`;
  return { kind: 'sentinel', sentinels: nodes, master: path, urlOf, sentinelUrlOf };
}

function requireWellFormed(url: string): void {
  if (url.startsWith('unix:')) {
    const [, login = '', path] = UNIX.exec(url) ?? [];
    if (path === undefined) throw new Error('is not well-formed: unix:///path/redis.sock?db=0');
    requireCodes(login + path);
    return;
  }
  if (!URL.canParse(url)) throw new Error('is not a well-formed address');
  const { username, password, pathname } = new URL(url);
  requireCodes(username + password);
  if (!DATABASE.test(pathname))
    throw new Error(`${pathname} is not the number of a database, like /0`);
}

function requireCodes(text: string): void {
  try {
    decodeURIComponent(text);
  } catch {
    throw new Error('has a % that is no %-code: a % itself is written %25');
  }
}

function isNode(text: string): boolean {
  const port = Number(NODE.exec(text)?.[2]);
  return port >= 1 && port <= 65_535;
}

/** `host:port` as it stands in an address; what Redis reports has IPv6 without brackets. */
export function nodeName(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
