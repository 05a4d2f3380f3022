/** The checkbox with which a row of a list is chosen. */
export const ROW_CHECK = 'row-check';

/** The keys of such a list; each checkbox hands over its own. */
export type RowKeys = Parameters<typeof handleRowKeys>[1];

/**
 * Keys in a list of rows with checkboxes: arrows, Home and End go from row to row, Shift chooses on the way, Space is the
 * checkbox's own, Ctrl+A chooses all, Enter does `onEnter`.
 */
export function handleRowKeys(
  event: KeyboardEvent & { currentTarget: HTMLInputElement },
  { onAll, onEnter }: { onAll: () => void; onEnter: () => void },
): void {
  const list = event.currentTarget.closest('ul');
  const checks = [...(list?.querySelectorAll<HTMLInputElement>(`.${ROW_CHECK}`) ?? [])];
  const index = checks.indexOf(event.currentTarget);
  const isAll = event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey);
  const next = checks[placeAfter(event.key, index, checks.length)];
  if (isAll) onAll();
  else if (event.key === 'Enter' && !event.repeat) onEnter();
  else if (next !== undefined) {
    next.focus();
    if (event.shiftKey && !next.checked) next.click();
  } else return;
  event.preventDefault();
}

function placeAfter(key: string, index: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, count - 1);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
}
