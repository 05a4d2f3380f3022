import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { messagesOf, withTexts } from '../scripts/messages-text.mjs';
import { SETTING_ENTRIES } from '../src/protocol/settings-table.js';

const project = fileURLToPath(new URL('..', import.meta.url));

/** The sources of the texts, in a folder of their own. */
function copy(): string {
  const root = mkdtempSync(join(tmpdir(), 'livehold-messages-'));
  for (const folder of ['web/src', 'src/protocol']) {
    cpSync(join(project, folder), join(root, folder), { recursive: true });
  }
  return root;
}

const SAVE = 'host/messages/shell.shell.save';
const UNDO = 'host/messages/shell.shell.undoIn';

function texts(root: string, language: 'id' | 'en'): Record<string, string> {
  return Object.fromEntries(messagesOf(root).map((one) => [one.key, one[language].text]));
}

describe('texts for a translator', () => {
  it('are all that the pages say, each by a key of its own', () => {
    const messages = messagesOf(project);
    expect(new Set(messages.map((one) => one.key)).size).toBe(messages.length);
    expect(messages.length).toBeGreaterThan(1_000);
    expect(texts(project, 'id')).toMatchObject({ [SAVE]: 'Simpan' });
    const said = new Set(messages.map((one) => one.id.text));
    for (const {
      setting: { label, help },
    } of SETTING_ENTRIES) {
      if (label.id !== label.en) expect(said).toContain(label.id);
      const written = [help.id, help.id.replaceAll(label.id, '{name}')];
      expect(
        written.some((text) => said.has(text)),
        help.id,
      ).toBe(true);
    }
  });

  it('change nothing when they come back as they went, and nothing but what was translated', () => {
    const root = copy();
    const before = texts(root, 'en');
    expect(withTexts(root, 'en', before)).toEqual({ files: new Map(), problems: [] });

    // Quotes and a break, and another change behind it in the same file.
    const LINK = 'protocol/settings-table.linkTo.help';
    const words = { [SAVE]: 'Say "save"\nit’s', [UNDO]: '{seconds} s: {what}' };
    const translated = { ...words, [LINK]: 'The `page` of {name}, or $5.' };
    const changed = { ...before, ...translated };
    const { files, problems } = withTexts(root, 'en', changed);
    expect(problems).toEqual([]);
    expect([...files.keys()]).toEqual([
      'web/src/host/messages/shell.ts',
      'src/protocol/settings-table.ts',
    ]);
    for (const [path, source] of files) writeFileSync(join(root, path), source);
    expect(texts(root, 'en')).toEqual(changed);
    expect(texts(root, 'id')).toEqual(texts(project, 'id'));
  });

  it('are refused as a whole when one has lost a placeholder, is empty, or is of no place', () => {
    const wrong = { [UNDO]: 'in {second} s', [SAVE]: ' ', 'host/nowhere.words.no': 'No' };
    const { files, problems } = withTexts(project, 'en', { ...texts(project, 'en'), ...wrong });
    expect(files.size).toBe(0);
    expect(problems).toHaveLength(3);
    expect(problems.join()).toContain(`${UNDO}: placeholders are not {seconds}, {what}`);
  });
});
