import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../shared/Icon.js';
import { common } from '../shared/messages.js';
import { closeSheet, returnFocus } from './sheets.js';

interface SheetProps {
  title: string;
  /** Leads back to the step before; without it there is only closing. */
  onBack?: { label: string; go: () => void } | undefined;
  /** Stays in view below what scrolls: totals and the one primary button. */
  footer?: ComponentChildren;
  /** When this changes, so does what is shown: it begins at its top. */
  topic?: string | undefined;
  /** It may be text alone, which a keyboard must be able to scroll. */
  isText?: boolean;
  children: ComponentChildren;
}

/**
 * A bottom sheet on a phone, a panel on a desktop. Not a <dialog>: that one makes toasts and live regions
 * outside it inert, and a released item must be heard while the cart is open.
 */
export function Sheet({ title, onBack, footer, topic, children, isText = false }: SheetProps) {
  const titleId = useId();
  const panel = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useFocusReturn();
  useKeys(panel);
  useEffect(() => {
    // A sheet that is one field has the focus in it already.
    if (panel.current?.contains(document.activeElement) === false) heading.current?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the topic is the reason to scroll
  useEffect(() => {
    if (content.current !== null) content.current.scrollTop = 0;
  }, [topic]);
  return (
    <div class="sheet-layer">
      {/* A pointer's shortcut for the close button, which keyboards and readers have. */}
      <div class="sheet-scrim" aria-hidden="true" onClick={closeSheet} />
      <div ref={panel} class="sheet" role="dialog" aria-modal="true" aria-labelledby={titleId}>
        <div class="sheet-head">
          {onBack !== undefined && (
            <button type="button" class="icon-button" aria-label={onBack.label} onClick={onBack.go}>
              <Icon name="back" />
            </button>
          )}
          <h2 id={titleId} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <button
            type="button"
            class="icon-button"
            aria-label={common('close')}
            onClick={closeSheet}
          >
            <Icon name="close" />
          </button>
        </div>
        <div ref={content} class="sheet-content" {...(isText ? { tabIndex: 0 } : {})}>
          {children}
        </div>
        {footer !== undefined && <div class="sheet-foot">{footer}</div>}
      </div>
    </div>
  );
}

/** With the drawing, not a frame later: a key that is pressed as soon as the sheet is there means it. */
function useKeys(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closeSheet();
      if (event.key === 'Tab') keepFocusInside(event, panel.current);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [panel]);
}

function useFocusReturn(): void {
  useEffect(() => {
    document.documentElement.classList.add('sheet-open');
    return () => {
      document.documentElement.classList.remove('sheet-open');
      requestAnimationFrame(() => {
        // The next step of a purchase has the focus already.
        if (document.querySelector('[role="dialog"]') === null) returnFocus();
      });
    };
  }, []);
}

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** For browsers without `inert` on what lies below. */
function keepFocusInside(event: KeyboardEvent, panel: HTMLElement | null): void {
  const focusable = [...(panel?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  const first = focusable[0];
  const last = focusable.at(-1);
  const active = document.activeElement;
  if (event.shiftKey && (active === first || active?.tagName === 'H2')) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && active === last) {
    event.preventDefault();
    first?.focus();
  }
}
