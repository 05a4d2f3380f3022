/** Finds the texts that come in both languages, `{ id: 'Simpan', en: 'Save' }` or two tables of them, in the sources of the pages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** @typedef {'id' | 'en'} Language */
/** @typedef {{ text: string, start: number, end: number, isTemplate: boolean }} Place A text, and where its literal stands. */
/** @typedef {{ key: string, file: string, id: Place, en: Place }} Message */
/** @typedef {any} Node A node of the syntax tree. */

/** Folders, and how the files begin that have texts. */
const PLACES = /** @type {const} */ ([
  ['web/src', ''],
  ['src/protocol', 'settings'],
]);

/** @param {string} root @returns {Message[]} */
export function messagesOf(root) {
  const files = PLACES.flatMap(([folder, start]) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.startsWith(start) && /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return files.sort().flatMap((file) => messagesIn(file, readFileSync(join(root, file), 'utf8')));
}

/** @param {string} file @param {string} source @returns {Message[]} */
function messagesIn(file, source) {
  if (!/\ben: /.test(source)) return [];
  /** @type {Message[]} */
  const found = [];
  const stem = file.replace(/^(web\/)?src\//, '').replace(/\.tsx?$/, '');
  /** @param {Node} node @param {string} path */
  const visit = (node, path) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const one of node) visit(one, path);
      return;
    }
    if (node.type === 'ObjectExpression' && pair(node, path)) return;
    const name = nameOf(node);
    const here = name === undefined ? path : `${path}.${name}`;
    // Rows of a list, and several arguments, are known by their number.
    const rows = node.type === 'ArrayExpression' ? node.elements : node.arguments;
    if (rows?.length > 1) {
      for (const [index, row] of rows.entries()) visit(row, `${here}.${index}`);
    } else for (const child of Object.values(node)) visit(child, here);
  };
  /** @param {Node} object @param {string} path */
  const pair = (object, path) => {
    const id = entryOf(object, 'id');
    const en = entryOf(object, 'en');
    if (id === undefined || en === undefined) return false;
    if (isText(id) && isText(en)) found.push({ key: path, file, id: placeOf(id), en: placeOf(en) });
    else if (id.type !== 'ObjectExpression' || en.type !== 'ObjectExpression') return false;
    else {
      for (const property of id.properties) {
        const key = keyOf(property);
        const other = key === undefined ? undefined : entryOf(en, key);
        if (other === undefined || !isText(property.value) || !isText(other)) continue;
        found.push({
          key: `${path}.${key}`,
          file,
          id: placeOf(property.value),
          en: placeOf(other),
        });
      }
    }
    return true;
  };
  visit(parseSync(file, source).program.body, stem);
  return found;
}

/** @param {Node} node */
function nameOf(node) {
  if (node.type === 'VariableDeclarator') return node.id.name;
  return node.type === 'Property' ? keyOf(node) : undefined;
}

/** @param {Node} property @returns {string | undefined} */
function keyOf(property) {
  return property.key?.name ?? property.key?.value;
}

/** @param {Node} object @param {string} name @returns {Node | undefined} */
function entryOf(object, name) {
  return object.properties.find((/** @type {Node} */ one) => keyOf(one) === name)?.value;
}

/** @param {Node} node */
function isText(node) {
  if (node.type === 'TemplateLiteral') {
    return node.expressions.every((/** @type {Node} */ one) => one.type === 'Identifier');
  }
  return node.type === 'Literal' && typeof node.value === 'string';
}

/** What a template fills in is a placeholder for the translator as well. @param {Node} node @returns {Place} */
function placeOf({ type, value, quasis, expressions, start, end }) {
  const isTemplate = type === 'TemplateLiteral';
  const text = isTemplate
    ? quasis
        .map((/** @type {Node} */ one, /** @type {number} */ index) =>
          index === 0 ? one.value.cooked : `{${expressions[index - 1].name}}${one.value.cooked}`,
        )
        .join('')
    : value;
  return { text, start, end, isTemplate };
}

/** A text as a literal. @param {string} text @param {boolean} isTemplate */
function literalOf(text, isTemplate) {
  if (!isTemplate) return JSON.stringify(text);
  return `\`${text.replace(/[\\`$]/g, '\\$&').replace(/\{\w+\}/g, '$$$&')}\``;
}

/** @param {string} file @returns {Language} */
export function languageOf(file) {
  const language = file.replace(/\.json$/, '');
  if (language !== 'id' && language !== 'en')
    throw new Error(`${file} is neither id.json nor en.json`);
  return language;
}

/**
 * The sources with other texts in them: those that change alone, and what is wrong with the texts.
 *
 * @param {string} root @param {Language} language @param {Record<string, unknown>} texts
 * @returns {{ files: Map<string, string>, problems: string[] }}
 */
export function withTexts(root, language, texts) {
  const messages = messagesOf(root);
  const known = new Map(messages.map((one) => [one.key, one]));
  /** @type {string[]} */
  const problems = [];
  for (const [key, text] of Object.entries(texts)) {
    const message = known.get(key);
    if (message === undefined) problems.push(`${key}: no such text`);
    else if (typeof text !== 'string' || text.trim() === '') problems.push(`${key}: empty`);
    else if (placeholders(text) !== placeholders(message.id.text)) {
      problems.push(`${key}: placeholders are not {${placeholders(message.id.text)}}`);
    }
  }
  /** @type {Map<string, string>} */
  const files = new Map();
  // From the end of a file to its start, so that the places before stay where they are.
  for (const message of messages.toReversed()) {
    const { text, start, end, isTemplate } = message[language];
    const next = texts[message.key];
    if (typeof next !== 'string' || next === text) continue;
    const source = files.get(message.file) ?? readFileSync(join(root, message.file), 'utf8');
    files.set(
      message.file,
      source.slice(0, start) + literalOf(next, isTemplate) + source.slice(end),
    );
  }
  return { files: problems.length === 0 ? files : new Map(), problems };
}

/** The names between braces; plural forms name theirs twice. @param {string} text */
function placeholders(text) {
  const names = [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name);
  return [...new Set(names)].sort().join('}, {');
}
