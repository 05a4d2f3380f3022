import { signal } from '@preact/signals';
import { Icon } from './Icon.js';
import { common } from './messages.js';

export type ToastTone = 'good' | 'bad' | 'info';

interface Toast {
  id: number;
  timer: ReturnType<typeof setTimeout>;
  tone: ToastTone;
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 5_000;
const MOST_AT_ONCE = 3;

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

/**
 * Shows a message for five seconds, with an action where one fits (undo). Screen readers hear it too, so
 * callers need not announce it again. The same message again, while it is shown, is the same news.
 */
export function toast(
  text: string,
  tone: ToastTone = 'info',
  options: { action?: Toast['action']; shownMs?: number } = {},
): () => void {
  const same = toasts.value.find((shown) => shown.text === text && shown.tone === tone);
  clearTimeout(same?.timer);
  if (same === undefined) lastId += 1;
  const id = same?.id ?? lastId;
  const dismiss = () => {
    toasts.value = toasts.value.filter((shown) => shown.id !== id);
  };
  const timer = setTimeout(dismiss, options.shownMs ?? SHOWN_MS);
  const others = toasts.value.filter((shown) => shown.id !== id);
  toasts.value = [...others, { id, timer, tone, text, action: options.action }].slice(
    -MOST_AT_ONCE,
  );
  return dismiss;
}

/** Where toasts appear; once per page. */
export function Toasts() {
  const dismiss = (id: number) => {
    toasts.value = toasts.value.filter((shown) => shown.id !== id);
  };
  return (
    <section class="toasts" aria-label={common('notifications')}>
      <div role="status" aria-live="polite">
        {toasts.value.map((shown) => (
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
