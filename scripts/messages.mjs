/**
 * `npm run messages`: the words of the pages for a translator.
 *
 *   npm run messages -- export [FOLDER]   writes id.json and en.json: every text by its place, as translation tools take them
 *   npm run messages -- import FILE.json  puts the texts of such a file back; its name says the language
 *
 * A text whose placeholders are not those of the Indonesian one, and a place that does not exist, change nothing at all.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageOf, messagesOf, withTexts } from './messages-text.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [what, where] = process.argv.slice(2);

if (what === 'export') exportTo(where ?? 'messages');
else if (what === 'import' && where !== undefined) importFrom(where);
else {
  console.error('npm run messages -- export [FOLDER], or import FILE.json');
  process.exit(2);
}

/** @param {string} folder */
function exportTo(folder) {
  mkdirSync(folder, { recursive: true });
  const messages = messagesOf(root);
  for (const language of /** @type {const} */ (['id', 'en'])) {
    const texts = Object.fromEntries(messages.map((one) => [one.key, one[language].text]));
    const file = join(folder, `${language}.json`);
    writeFileSync(file, `${JSON.stringify(texts, null, 2)}\n`);
    console.log(`${file}: ${messages.length} texts`);
  }
}

/** @param {string} file */
function importFrom(file) {
  const language = languageOf(basename(file));
  const texts = JSON.parse(readFileSync(file, 'utf8'));
  const { files, problems } = withTexts(root, language, texts);
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exit(1);
  }
  for (const [path, source] of files) writeFileSync(join(root, path), source);
  if (files.size > 0) {
    spawnSync('npx', ['biome', 'format', '--write', ...files.keys()], { cwd: root });
  }
  console.log(`${files.size} files changed`);
}
