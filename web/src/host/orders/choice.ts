import { type ReadonlySignal, useSignal } from '@preact/signals';

/** Which rows of a list are chosen, by id. */
export interface Choice {
  readonly ids: ReadonlySignal<ReadonlySet<string>>;
  toggle(id: string): void;
  /** Chooses all of these, or none when they are chosen already. */
  toggleAll(ids: readonly string[]): void;
  drop(ids: readonly string[]): void;
}

export function useChoice(): Choice {
  const ids = useSignal<ReadonlySet<string>>(new Set());
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
