import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { Icon } from './Icon.js';
import { common } from './messages.js';

export type ToastTone = 'good' | 'bad' | 'info';

interface Toast {
  id: number;
  tone: ToastTone;
  text: string;
  shownMs: number;
  topic?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
}

interface ToastOptions {
  action?: Toast['action'];
  shownMs?: number;
  /** The next message of the same topic takes this one's place. */
  topic?: string;
}

const SHOWN_MS = 5_000;
/** Where messages wait for their turn, none is shown for longer than this while others wait. */
const TURN_MS = 2_500;
const MOST_AT_ONCE = 3;

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;
let places = MOST_AT_ONCE;
/** Of those that are shown: since when, and what will take them away. */
const running = new Map<number, { since: number; timer: ReturnType<typeof setTimeout> }>();

/**
 * Shows a message for five seconds, with an action where one fits (undo). Screen readers hear it too, so
 * callers need not announce it again. The same message again, while it is shown, is the same news.
 */
export function toast(
  text: string,
  tone: ToastTone = 'info',
  { action, shownMs = SHOWN_MS, topic }: ToastOptions = {},
): () => void {
  const isSame = (shown: Toast) => shown.text === text && shown.tone === tone;
  const same = toasts.peek().find(isSame);
  if (same === undefined) lastId += 1;
  const id = same?.id ?? lastId;
  stop(id);
  const isReplaced = (shown: Toast) => topic !== undefined && shown.topic === topic;
  const others = toasts.peek().filter((shown) => shown.id !== id && !isReplaced(shown));
  show([...others, { id, tone, text, shownMs, topic, action }].slice(-MOST_AT_ONCE));
  return () => dismiss(id);
}

function dismiss(id: number): void {
  show(toasts.peek().filter((shown) => shown.id !== id));
}

function stop(id: number): void {
  clearTimeout(running.get(id)?.timer);
  running.delete(id);
}

/** The first ones are shown, and their time runs; shorter while others wait for the place. */
function show(next: readonly Toast[]): void {
  for (const id of running.keys()) if (!next.some((shown) => shown.id === id)) stop(id);
  toasts.value = next;
  const others = next.length > places;
  for (const { id, shownMs } of next.slice(0, places)) {
    const since = running.get(id)?.since ?? Date.now();
    stop(id);
    const left = since + (others ? Math.min(shownMs, TURN_MS) : shownMs) - Date.now();
    running.set(id, { since, timer: setTimeout(() => dismiss(id), left) });
  }
}

/** Where toasts appear; once per page. `atOnce` is how many there is room for: the others wait for their turn. */
export function Toasts({ atOnce = MOST_AT_ONCE }: { atOnce?: number }) {
  useLayoutEffect(() => {
    places = atOnce;
  }, [atOnce]);
  return (
    <section class="toasts" aria-label={common('notifications')}>
      <div role="status" aria-live="polite">
        {toasts.value.slice(0, atOnce).map((shown) => (
          <div key={shown.id} class={`toast toast-${shown.tone}`}>
            <Icon
              name={shown.tone === 'good' ? 'check' : shown.tone === 'bad' ? 'alert' : 'info'}
            />
            <p>{shown.text}</p>
            {shown.action !== undefined && (
              <button
                type="button"
                class="toast-action"
                onClick={() => {
                  shown.action?.run();
                  dismiss(shown.id);
                }}
              >
                {shown.action.label}
              </button>
            )}
            <button
              type="button"
              class="toast-close"
              aria-label={common('dismiss')}
              onClick={() => dismiss(shown.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </section>
  );
}
