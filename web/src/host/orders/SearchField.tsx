import type { Signal } from '@preact/signals';
import { trade } from '../messages/trade.js';

/** Looks for orders. Arrow down goes into the list below. */
export function SearchField({
  value,
  onEnter,
  onCtrlEnter,
}: {
  value: Signal<string>;
  onEnter?: () => void;
  onCtrlEnter?: () => void;
}) {
  return (
    <label class="search-field">
      <span class="visually-hidden">{trade('search')}</span>
      <input
        class="input"
        name="q"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={trade('searchHint')}
        value={value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('.lines .row-check')?.focus();
          } else if (event.key !== 'Enter' || event.repeat) return;
          else if (event.ctrlKey || event.metaKey) onCtrlEnter?.();
          else onEnter?.();
          event.preventDefault();
        }}
      />
    </label>
  );
}
