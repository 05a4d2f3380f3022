type AnyListener = (...args: never[]) => void;

/** Listeners by event. One that throws keeps no other from hearing; its error goes to the host's own handler. */
export class Emitter {
  private readonly listeners = new Map<string, Set<AnyListener>>();

  /** Call the answer to stop listening. */
  on(event: string, listener: AnyListener): () => void {
    let ofEvent = this.listeners.get(event);
    if (ofEvent === undefined) {
      ofEvent = new Set();
      this.listeners.set(event, ofEvent);
    }
    ofEvent.add(listener);
    return () => ofEvent.delete(listener);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) {
      try {
        listener(...(args as never[]));
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}
