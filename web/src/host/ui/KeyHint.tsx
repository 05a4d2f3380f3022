import { singleKeysOn } from '../prefs.js';

/** The letter that does the same as the button; shown only, for `aria-keyshortcuts` says it. */
export function KeyHint({ letter }: { letter: string }) {
  if (!singleKeysOn.value) return null;
  return (
    <span class="key" aria-hidden="true">
      {letter}
    </span>
  );
}
