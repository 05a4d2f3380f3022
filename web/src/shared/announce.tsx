import { type Signal, signal } from '@preact/signals';

interface Announcement {
  id: number;
  text: string;
}

const polite = signal<readonly Announcement[]>([]);
const assertive = signal<readonly Announcement[]>([]);
/** Long enough to be read out; then it goes, so that nobody stumbles over old news while browsing. */
const KEPT_MS = 8_000;
let lastId = 0;

/**
 * Says something to a screen reader; `urgent` interrupts. Nothing is shown. Announcements that come
 * together are all said: each is an addition to its region, none replaces another.
 */
export function announce(text: string, options: { urgent?: boolean } = {}): void {
  const region: Signal<readonly Announcement[]> = options.urgent === true ? assertive : polite;
  lastId += 1;
  const id = lastId;
  region.value = [...region.peek(), { id, text }];
  setTimeout(() => {
    region.value = region.peek().filter((other) => other.id !== id);
  }, KEPT_MS);
}

/** The live regions; once per page, there from the start, or readers miss the first change. */
export function Announcer() {
  return (
    <div class="visually-hidden">
      <div role="log" aria-live="polite">
        {polite.value.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
      <div role="log" aria-live="assertive">
        {assertive.value.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
    </div>
  );
}
