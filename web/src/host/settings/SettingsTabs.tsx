import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Settings } from '../../../../src/protocol/settings.js';
import {
  SETTING_ENTRIES,
  SETTINGS_TABS,
  type SettingsTab,
} from '../../../../src/protocol/settings-table.js';
import { inLocale } from '../../shared/i18n.js';
import { settings as words } from '../messages/settings.js';
import { replaceRoute } from '../route.js';
import { isOwner } from '../state/session.js';
import { isChanged, type SettingsForm } from './settingsForm.js';

const FORM_TABS = Object.keys(SETTINGS_TABS) as SettingsTab[];
/** The owner's alone, and saved by themselves. */
const OWN_TABS = ['gateway', 'webhooks', 'team', 'changes'] as const;
export const TABS = [...FORM_TABS, ...OWN_TABS];
type Tab = (typeof TABS)[number];

/** Whether it has fields of the one form. */
export function isFormTab(tab: Tab): tab is SettingsTab {
  return FORM_TABS.some((one) => one === tab);
}

/** One tab for each part of the table; arrow keys move between them, as in every tab list. */
export function SettingsTabs({
  tab,
  wrong,
  form,
  settings,
  children,
}: {
  tab: Tab;
  wrong: ReadonlySet<string>;
  form: SettingsForm;
  settings: Settings;
  children: ComponentChildren;
}) {
  // On a phone the tabs are wider than the screen.
  useEffect(() => {
    document.getElementById(`tab-${tab}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
  const tabs = isOwner.value ? TABS : FORM_TABS;
  const open = (next: Tab, focus: boolean) => {
    replaceRoute('settings', next);
    if (focus) document.getElementById(`tab-${next}`)?.focus();
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : undefined;
    const next = tabs[to ?? (index + (by ?? 0) + tabs.length) % tabs.length];
    if ((by === undefined && to === undefined) || next === undefined) return;
    event.preventDefault();
    open(next, true);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={words('tabs')}>
        {tabs.map((one, index) => (
          <button
            key={one}
            type="button"
            id={`tab-${one}`}
            class="tab"
            role="tab"
            aria-selected={one === tab}
            aria-controls="tab-panel"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => open(one, false)}
            onKeyDown={(event) => onKey(event, index)}
          >
            {isFormTab(one) ? inLocale(SETTINGS_TABS[one]) : words(`tab_${one}`)}
            <TabMark tab={one} wrong={wrong} form={form} settings={settings} />
          </button>
        ))}
      </div>
      <div
        id="tab-panel"
        class="tab-panel card"
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        key={tab}
      >
        {children}
      </div>
    </>
  );
}

/** What waits in a tab that is not shown: something wrong, or something not saved yet. */
function TabMark({
  tab,
  wrong,
  form,
  settings,
}: {
  tab: Tab;
  wrong: ReadonlySet<string>;
  form: SettingsForm;
  settings: Settings;
}) {
  const bad = [...wrong].filter((path) => path.split('.')[0] === tab).length;
  const changed = SETTING_ENTRIES.filter(
    (entry) => entry.tab === tab && isChanged(form, settings, entry),
  ).length;
  if (bad === 0 && changed === 0) return null;
  return (
    <span class={`tab-mark${bad > 0 ? ' tab-mark-bad' : ''}`}>
      <span class="visually-hidden">
        {bad > 0 ? words('badCount', { count: bad }) : words('changed', { count: changed })}
      </span>
    </span>
  );
}
