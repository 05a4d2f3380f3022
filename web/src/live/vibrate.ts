/** A short buzz where the phone can. Browsers refuse it before the first tap; nothing depends on it. */
export function vibrate(pattern: number | number[]): void {
  if ('vibrate' in navigator) navigator.vibrate(pattern);
}
