import { type ReadonlySignal, type Signal, signal, useSignal } from '@preact/signals';

/** Which rows of a list are chosen, by id. */
export interface Choice {
  readonly ids: ReadonlySignal<ReadonlySet<string>>;
  toggle(id: string): void;
  /** Chooses all of these, or none when they are chosen already. */
  toggleAll(ids: readonly string[]): void;
  drop(ids: readonly string[]): void;
}

/** Of the list of orders, as it was filtered: who comes back from printing goes on with them, to mark them as packed. */
export const chosenOrders = { ids: signal<ReadonlySet<string>>(new Set()), filter: '' };

/** @param kept where the choice is kept over visits to other pages; without it it goes with the list */
export function useChoice(kept?: Signal<ReadonlySet<string>>): Choice {
  const own = useSignal<ReadonlySet<string>>(new Set());
  const ids = kept ?? own;
  const change = (edit: (next: Set<string>) => void) => {
    const next = new Set(ids.peek());
    edit(next);
    ids.value = next;
  };
  return {
    ids,
    toggle: (id) => change((next) => void (next.delete(id) || next.add(id))),
    toggleAll(all) {
      const isWhole = all.every((id) => ids.peek().has(id));
      change((next) => {
        for (const id of all) {
          if (isWhole) next.delete(id);
          else next.add(id);
        }
      });
    },
    drop: (gone) =>
      change((next) => {
        for (const id of gone) next.delete(id);
      }),
  };
}
