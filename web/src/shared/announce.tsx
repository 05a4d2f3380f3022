import { signal } from '@preact/signals';

const polite = signal('');
const assertive = signal('');

/** A screen reader says a text again only if the region changed, so the same words alternate a blank. */
const BLANK = '\u00a0';

/** Says something to a screen reader; `urgent` interrupts. Nothing is shown. */
export function announce(text: string, options: { urgent?: boolean } = {}): void {
  const region = options.urgent === true ? assertive : polite;
  region.value = region.peek() === text ? text + BLANK : text;
}

/** The live regions; once per page, there from the start, or readers miss the first change. */
export function Announcer() {
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite" aria-atomic="true">
        {polite}
      </div>
      <div role="alert" aria-live="assertive" aria-atomic="true">
        {assertive}
      </div>
    </div>
  );
}
