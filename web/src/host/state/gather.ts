/**
 * In a rush events come by the thousand a second and nobody reads that fast: what they change is noted at once
 * and shown in one go, `everyMs` after the first of them.
 */
export function gather(
  everyMs: number,
  show: () => void,
): {
  soon(): void;
  now(): void;
  stop(): void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    show();
  };
  return {
    soon() {
      timer ??= setTimeout(now, everyMs);
    },
    now,
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
