import type { ComponentChildren } from 'preact';
import type { Settings } from '../../../../src/protocol/settings.js';
import { settings as words } from '../messages/settings.js';
import { replaceRoute } from '../route.js';
import { fieldsOf, SECTIONS, type Section } from './fields.js';
import { isChanged, type SettingsForm } from './settingsForm.js';

/** The four tabs; arrow keys move between them, as in every tab list. */
export function SettingsTabs({
  section,
  wrong,
  form,
  settings,
  children,
}: {
  section: Section;
  wrong: ReadonlySet<string>;
  form: SettingsForm;
  settings: Settings;
  children: ComponentChildren;
}) {
  const open = (next: Section, focus: boolean) => {
    replaceRoute('settings', next);
    if (focus) document.getElementById(`tab-${next}`)?.focus();
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? SECTIONS.length - 1 : undefined;
    const next = SECTIONS[to ?? (index + (by ?? 0) + SECTIONS.length) % SECTIONS.length];
    if ((by === undefined && to === undefined) || next === undefined) return;
    event.preventDefault();
    open(next, true);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={words('tabs')}>
        {SECTIONS.map((one, index) => (
          <button
            key={one}
            type="button"
            id={`tab-${one}`}
            class="tab"
            role="tab"
            aria-selected={one === section}
            aria-controls="tab-panel"
            tabIndex={one === section ? 0 : -1}
            onClick={() => open(one, false)}
            onKeyDown={(event) => onKey(event, index)}
          >
            {words(`tab_${one}`)}
            <TabMark section={one} wrong={wrong} form={form} settings={settings} />
          </button>
        ))}
      </div>
      <div
        id="tab-panel"
        class="tab-panel card"
        role="tabpanel"
        aria-labelledby={`tab-${section}`}
        key={section}
      >
        {children}
      </div>
    </>
  );
}

/** What waits in a tab that is not shown: something wrong, or something not saved yet. */
function TabMark({
  section,
  wrong,
  form,
  settings,
}: {
  section: Section;
  wrong: ReadonlySet<string>;
  form: SettingsForm;
  settings: Settings;
}) {
  const fields = fieldsOf(section);
  const bad = fields.filter((field) => wrong.has(field.path)).length;
  const changed = fields.filter((field) => isChanged(form, settings, field)).length;
  if (bad === 0 && changed === 0) return null;
  return (
    <span class={`tab-mark${bad > 0 ? ' tab-mark-bad' : ''}`}>
      <span class="visually-hidden">
        {bad > 0 ? words('badCount', { count: bad }) : words('changed', { count: changed })}
      </span>
    </span>
  );
}
