/**
 * `npm run docs`: writes what documents take from the code: tables in README.md and docs/operations.md, `.env.example`,
 * and the API documents. With `--check` it writes nothing, and fails when a file is not up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { envExample, environmentTable } from './docs-environment.mjs';

/** @typedef {import('../src/protocol/settings-table.ts').SettingEntry} SettingEntry */
/** @typedef {import('../src/protocol/settings-kinds.ts').Setting} Setting */
/** @typedef {typeof import('../src/protocol/settings-table.ts')} SettingsTable */

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {SettingsTable} */
const table = await load('protocol/settings-table.ts');
/** @type {typeof import('../src/reference/openapi.ts')} */
const { openApi } = await load('reference/openapi.ts');
/** @type {typeof import('../src/reference/asyncapi.ts')} */
const { asyncApi } = await load('reference/asyncapi.ts');
/** @type {typeof import('../src/environment.ts')} */
const { Environment } = await load('environment.ts');
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

replace('README.md', 'settings', settingsTable());
replace('docs/operations.md', 'environment', environmentTable(Environment));
write('.env.example', envExample(Environment));
write('docs/api/openapi.json', `${JSON.stringify(openApi(version), null, 2)}\n`);
write('docs/api/asyncapi.json', `${JSON.stringify(asyncApi(version), null, 2)}\n`);

/** @param {string} file */
async function load(file) {
  const options = { configFile: /** @type {const} */ (false), root };
  return (await runnerImport(`${root}src/${file}`, options)).module;
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  const path = root + file;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  if (process.argv.includes('--check')) {
    console.error(`${file} is not what the code says: run npm run docs.`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(path, text);
}

/**
 * Writes what stands in a file between `<!-- name -->` and `<!-- /name -->`.
 * @param {string} file
 * @param {string} name
 * @param {string} content
 */
function replace(file, name, content) {
  const text = readFileSync(root + file, 'utf8');
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks of ${name}`);
  write(file, `${text.slice(0, from + start.length)}${content}\n${text.slice(to)}`);
}

function settingsTable() {
  const rows = [];
  let tab = '';
  for (const entry of table.SETTING_ENTRIES) {
    const first = entry.tab !== tab;
    tab = entry.tab;
    const title = first ? table.SETTINGS_TABS[entry.tab].id : '';
    // The links of a tab differ in nothing but their names.
    if (entry.setting.type !== 'link') rows.push(settingRow(title, entry));
    else if (first) rows.push(linksRow(title, entry.tab));
  }
  const head = [
    '| tab | setting | default | allowed | viewers | what it does |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}

/**
 * @param {string} title
 * @param {SettingEntry} entry
 */
function settingRow(title, { path, setting }) {
  const { label, help } = setting;
  const shown = setting.type !== 'list' && setting.viewers ? 'yes' : '';
  const cells = [`\`${path}\` ${label.id}`, value(setting.default), allowed(setting), shown];
  return `| ${title} | ${cells.join(' | ')} | ${help.en} |`;
}

/**
 * @param {string} title
 * @param {string} tab
 */
function linksRow(title, tab) {
  const names = table.SETTING_ENTRIES.filter((entry) => entry.tab === tab).map(
    ({ path }, index) => `\`${index === 0 ? path : path.split('.')[1]}\``,
  );
  return `| ${title} | ${names.join(' ')} | \`""\` | an \`https\` address, or \`""\` | yes | Links on the viewer's page. |`;
}

/** @param {unknown} value */
function value(value) {
  return `\`${JSON.stringify(value)}\``;
}

/**
 * @param {Setting} setting
 * @returns {string}
 */
function allowed(setting) {
  switch (setting.type) {
    case 'number': {
      const { min, max, aboveMin, unit, decimals } = setting;
      const bounds = aboveMin ? `above ${min}, up to ${count(max)}` : `${min} to ${count(max)}`;
      const places = { 0: '', 2: ', two decimals', any: ', decimals' }[decimals];
      return `${bounds} ${unit}${places}${zero(setting.zero)}`;
    }
    case 'flag':
      return '`true`, `false`';
    case 'choice':
      return Object.keys(setting.options).map(value).join(', ');
    case 'list': {
      const fields = Object.entries(setting.fields).map(
        ([name, field]) => `\`${name}\` (${allowed(field)})`,
      );
      const unique = setting.uniqueField ? `, no two of one \`${setting.uniqueField}\`` : '';
      return `up to ${setting.maxRows} of ${fields.join(', ')}${unique}`;
    }
    default:
      return `up to ${count(setting.maxLength)} characters`;
  }
}

/** @param {string | undefined} meaning */
function zero(meaning) {
  if (meaning === 'noLimit') return '; 0 = no limit';
  return meaning === 'asShop' ? "; 0 = the shop's" : '';
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString('en');
}
