import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { SETTING_ENTRIES } from '../../protocol/settings-table.js';
import { MAX_STOCK } from '../../protocol/units.js';

/** How long what a request id was answered is kept, s. */
const REQUEST_KEPT_SECONDS = 2 * 86_400;

/** One atomic transition: Lua text, and the schema of what it answers when it accepts. */
export interface Script<Reply> {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
  readonly reply: z.ZodType<Reply>;
}

const FOLDER = new URL('./', import.meta.url);

function lua(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

function library(...names: string[]): string {
  return names.map((name) => lua(`lib/${name}.lua`)).join('\n');
}

/** The defaults as a Lua table: `{['order.ppnPercent']=0,…}`. Scripts know a setting's kind by its default. */
function defaultsInLua(): string {
  const entries = SETTING_ENTRIES.map(({ path, setting }) => {
    const value = Array.isArray(setting.default) ? '{}' : JSON.stringify(setting.default);
    return `['${path}']=${value}`;
  });
  return `local DEFAULT_SETTINGS = {${entries.join(',')}}`;
}

/** Numbers that the scripts share with TypeScript. */
function constantsInLua(): string {
  return `local CONSTANTS = {maxStock=${MAX_STOCK},requestKept=${REQUEST_KEPT_SECONDS}}`;
}

/** What every script begins with. */
const BEGINNING = `${constantsInLua()}\n${defaultsInLua()}\n${lua('lib/unit.lua')}`;
/** The library in layers; the order matters, for Lua's locals must stand before their use. */
const COMMITTING = library('items', 'viewers', 'rules', 'release', 'commit', 'look');
const ENDINGS = library(
  'payments',
  'totals',
  'parcels',
  'orders',
  'refunds',
  'waitlist',
  'lives',
  'due',
);

function scriptOf<Reply>(name: string, reply: z.ZodType<Reply>, source: string): Script<Reply> {
  return { name, source, sha: createHash('sha1').update(source).digest('hex'), reply };
}

/**
 * Each layer in a function within the one before. Lua gives no function more than 200 locals, and the library has more; nor
 * more than 60 from further out, so there are few layers. All functions are made again in each call: Lua looks for what one
 * uses of the locals around it one after the other, while what stands further out is at hand.
 */
function inLayers(layers: string[]): string {
  return layers.reduceRight((inner, layer) => `${layer}\nreturn (function()\n${inner}\nend)()`);
}

/** The library with a script's own text in a function of its own: what is due ends, and then that runs. */
function behindLibrary(text: string): string {
  return inLayers([BEGINNING, COMMITTING, ENDINGS, text]);
}

/**
 * The same for a script that frees no units itself and that thousands call: almost half of the library's functions are for
 * what is due.
 */
function behindShortLibrary(text: string): string {
  const whole = inLayers(['', ENDINGS, text]);
  return inLayers([BEGINNING, COMMITTING, `if #due > 0 then ${whole} end\n${text}`]);
}

export function define<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, behindLibrary(lua(`${name}.lua`)));
}

export function defineQuick<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, behindShortLibrary(lua(`${name}.lua`)));
}

/** A script that is about no shop, and stands without the library. */
export function defineAlone<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, lua(`${name}.lua`));
}

/** What saves items or photos, with what those have in common. */
export function defineCatalogue<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, behindLibrary(`${lua('lib/catalogue.lua')}\n${lua(`${name}.lua`)}`));
}

/** What answers all that a viewer has. */
export function defineMe<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, behindLibrary(`${lua('lib/me.lua')}\n${lua(`${name}.lua`)}`));
}

/** A step of the audit, with what those have in common. */
export function defineAudit<Reply>(name: string, reply: z.ZodType<Reply>): Script<Reply> {
  return scriptOf(name, reply, behindLibrary(`${lua('lib/audit.lua')}\n${lua(`${name}.lua`)}`));
}
