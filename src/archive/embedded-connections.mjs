import { protocol } from '@electric-sql/pglite';

/**
 * Connections of PostgreSQL's clients to PGlite, which has one session: one transaction, one unnamed statement and portal,
 * one set of names. So a connection has the session to itself for as long as anything of its own is in there: from a unit
 * of messages, that is whatever comes until Sync or a simple query, until the session is idle again. What is no part of a
 * transaction (`SET`, `LISTEN`, `PREPARE`) all connections share; nothing here uses it.
 *
 * @typedef {import('@electric-sql/pglite').PGlite} PGlite
 * @typedef {import('node:net').Socket} Socket
 */

const { serialize } = protocol;

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const GSS_REQUEST = 80877104;
const LONGEST = 2 ** 28;

const QUERY = 'Q';
const FUNCTION_CALL = 'F';
const SYNC = 'S';
/** Asks for the answers so far, and the unit goes on. */
const FLUSH = 'H';
const TERMINATE = 'X';
const PARSE = 'P';
const BIND = 'B';
const DESCRIBE = 'D';
const CLOSE = 'C';
const HANDED_OVER_AT = [QUERY, FUNCTION_CALL, SYNC, FLUSH];

/** So long a connection that stands still may keep the session if it has not said otherwise, ms. */
const HELD_MS = 4_000;
const HELD_OPTION = 'idle_in_transaction_session_timeout';

/** The session of PGlite, that connections have one after another. */
export class SharedSession {
  #free = Promise.resolve();

  /** @param {PGlite} db */
  constructor(db) {
    this.db = db;
  }

  /**
   * Resolves when it is the caller's, with what gives it to the next.
   * @returns {Promise<() => void>}
   */
  async take() {
    const before = this.#free;
    /** @type {() => void} */
    let release = () => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }

  /**
   * @param {Uint8Array} messages
   * @param {(answer: Buffer) => void} onAnswer
   */
  run(messages, onAnswer = () => {}) {
    const onRawData = (/** @type {Uint8Array} */ data) => onAnswer(Buffer.from(data));
    return this.db.execProtocolRawStream(messages, { onRawData });
  }
}

let connections = 0;

/**
 * Serves a connection until it ends; then nothing of it is left in the session.
 * @param {SharedSession} session
 * @param {Socket} socket
 */
export async function serveConnection(session, socket) {
  const connection = new Connection(session, socket);
  socket.on('error', () => {});
  socket.on('timeout', () => socket.destroy());
  socket.setNoDelay(true);
  try {
    for await (const chunk of socket) await connection.receive(chunk);
  } catch {
    // Broken, or says what is no message of PostgreSQL: it ends as others do.
  } finally {
    socket.destroy();
    await connection.leave().catch(() => {});
  }
}

class Connection {
  #received = Buffer.alloc(0);
  #isStarted = false;
  /** @type {Buffer[]} */
  #unit = [];
  #heldMs = HELD_MS;
  /** While it has the session. @type {(() => void) | undefined} */
  #release;
  /** Its unnamed statement is in the session. */
  #hasUnnamed = false;
  /** Of the statements that it has prepared, as the session knows them. @type {Set<string>} */
  #names = new Set();
  #mark = `${++connections}:`;

  /**
   * @param {SharedSession} session
   * @param {Socket} socket
   */
  constructor(session, socket) {
    this.session = session;
    this.socket = socket;
  }

  /** @param {Buffer} chunk */
  async receive(chunk) {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const lengthAt = this.#isStarted ? 1 : 0;
      if (this.#received.length < lengthAt + 4) return;
      const length = this.#received.readInt32BE(lengthAt);
      if (length < 4 || length > LONGEST) throw new Error('no message of PostgreSQL');
      const end = lengthAt + length;
      if (this.#received.length < end) return;
      const message = this.#received.subarray(0, end);
      this.#received = this.#received.subarray(end);
      await (this.#isStarted ? this.#take(message) : this.#start(message));
    }
  }

  /** @param {Buffer} message */
  async #start(message) {
    const code = message.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      this.socket.write('N');
    } else if (code === CANCEL_REQUEST) {
      this.socket.destroy();
    } else {
      const options = message.toString('utf8', 8).split('\0');
      const at = options.indexOf(HELD_OPTION);
      if (at >= 0) this.#heldMs = Number(options[at + 1]) || HELD_MS;
      this.#isStarted = true;
      await this.#answer([message], true);
    }
  }

  /** @param {Buffer} message */
  async #take(message) {
    const type = typeOf(message);
    if (type === TERMINATE) {
      this.socket.destroy();
      return;
    }
    this.#unit.push(message);
    if (HANDED_OVER_AT.includes(type)) await this.#answer(this.#unit.splice(0), type !== FLUSH);
  }

  /**
   * @param {Buffer[]} messages
   * @param {boolean} isWhole
   */
  async #answer(messages, isWhole) {
    this.#release ??= await this.session.take();
    const own = Buffer.concat(messages.map((message) => this.#withOwnName(message)));
    this.socket.cork();
    await this.session.run(own, (answer) => this.socket.write(answer));
    this.socket.uncork();
    const isDone = isWhole && !this.session.db.isInTransaction();
    if (isDone) this.#letGo();
    this.socket.setTimeout(isDone ? 0 : this.#heldMs);
  }

  #letGo() {
    this.#hasUnnamed = false;
    this.#release?.();
    this.#release = undefined;
  }

  /**
   * Two connections may give their statements the same name, so each has a mark that its names begin with. An unnamed
   * statement lasts until the session is another's; who asks for it later is told that there is none, by such a name.
   * @param {Buffer} message
   */
  #withOwnName(message) {
    const nameAt = statementNameIn(message);
    if (nameAt === undefined) return message;
    const nameEnd = message.indexOf(0, nameAt);
    if (nameAt === 0 || nameEnd < 0) throw new Error('no message of PostgreSQL');
    const isParse = typeOf(message) === PARSE;
    if (nameAt === nameEnd) {
      this.#hasUnnamed ||= isParse;
      if (this.#hasUnnamed) return message;
    }
    const name = this.#mark + message.toString('utf8', nameAt, nameEnd);
    if (isParse) this.#names.add(name);
    const own = Buffer.concat([
      message.subarray(0, nameAt),
      Buffer.from(name),
      message.subarray(nameEnd),
    ]);
    own.writeInt32BE(own.length - 1, 1);
    return own;
  }

  /** Takes out of the session what is its own. */
  async leave() {
    const isHeld = this.#release !== undefined;
    if (!isHeld && this.#names.size === 0) return;
    this.#release ??= await this.session.take();
    try {
      // It may have died before a Sync: then the first is what undoes, or is passed over as all is after an error.
      const undo = [serialize.query('rollback'), serialize.sync(), serialize.query('rollback')];
      for (const message of isHeld ? undo : []) await this.session.run(message);
      const closed = [...this.#names].map((name) => serialize.close({ type: 'S', name }));
      await this.session.run(Buffer.concat([...closed, serialize.sync()]));
    } finally {
      this.#letGo();
    }
  }
}

/** @param {Buffer} message */
function typeOf(message) {
  return message.toString('latin1', 0, 1);
}

/**
 * Where the name of a prepared statement begins in a message that has one.
 * @param {Buffer} message
 */
function statementNameIn(message) {
  const type = typeOf(message);
  if (type === PARSE) return 5;
  if (type === BIND) return message.indexOf(0, 5) + 1;
  const isOfStatement = message.toString('latin1', 5, 6) === 'S';
  return (type === DESCRIBE || type === CLOSE) && isOfStatement ? 6 : undefined;
}
