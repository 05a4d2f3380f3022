import { useEffect } from 'preact/hooks';
import { undo } from '../pending.js';
import { soundOn } from '../prefs.js';
import { onKeys } from '../shell/keyboard.js';
import { pinNext, toggleOpen, togglePin } from './actions.js';
import { openSheet, selected, selectNeighbour, selectNth, sheet } from './selection.js';

/** The cockpit's keys; the letters are those of the Indonesian words where they can be (H for Harga). */
const KEYS: Record<string, () => void> = {
  ' ': () => void pinNext(),
  j: () => selectNeighbour(1),
  k: () => selectNeighbour(-1),
  ArrowDown: () => selectNeighbour(1),
  ArrowUp: () => selectNeighbour(-1),
  p: () => withSelected((item) => void togglePin(item)),
  o: () => withSelected(toggleOpen),
  r: () => openSheet('restock'),
  h: () => openSheet('price'),
  b: () => openSheet('bookFor'),
  n: () => {
    sheet.value = { what: 'add' };
  },
  z: () => undo(),
  m: () => {
    soundOn.value = !soundOn.value;
  },
};

for (let n = 1; n <= 9; n += 1) KEYS[String(n)] = () => selectNth(n - 1);

type SelectedItem = Parameters<typeof toggleOpen>[0];

function withSelected(act: (item: SelectedItem) => void): void {
  const item = selected.peek()?.details.peek();
  if (item !== undefined) act(item);
}

export function useCockpitKeys(): void {
  useEffect(() => onKeys(KEYS), []);
}
