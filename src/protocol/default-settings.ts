import type { Settings } from './settings.js';
import { nestSettings, SETTING_ENTRIES } from './settings-table.js';

/** What a new shop begins with. A file of its own, so that pages get the values without the schemas. */
export const DEFAULT_SETTINGS = nestSettings(
  SETTING_ENTRIES.map(({ path, setting }) => [path, setting.default]),
) as Settings;
