import { soundOn } from './prefs.js';

/** Short tones, distinguishable without looking at the screen: a tick for a booking, a rise for money to check, a fall for trouble. */
const TONES = {
  booking: [[880, 0, 0.07]],
  order: [
    [660, 0, 0.12],
    [990, 0.14, 0.18],
  ],
  refund: [
    [520, 0, 0.2],
    [350, 0.22, 0.35],
  ],
} as const;

export type Tone = keyof typeof TONES;

const VOLUME = 0.12;
/** In a rush the ticks would become a drone. */
const LEAST_GAP_MS = 180;

let context: AudioContext | null = null;
let lastAt = 0;

export function play(tone: Tone): void {
  if (!soundOn.value || context === null || context.state !== 'running') return;
  const now = performance.now();
  if (tone === 'booking' && now - lastAt < LEAST_GAP_MS) return;
  lastAt = now;
  for (const [frequency, after, length] of TONES[tone]) beep(context, frequency, after, length);
}

function beep(on: AudioContext, frequency: number, after: number, length: number): void {
  const start = on.currentTime + after;
  const oscillator = on.createOscillator();
  const gain = on.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, start + length);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

/** Browsers let a page make sound only after the first touch or key. */
export function wakeSoundOnFirstTouch(): void {
  const wake = () => {
    context ??= new AudioContext();
    void context.resume();
  };
  addEventListener('pointerdown', wake, { once: true });
  addEventListener('keydown', wake, { once: true });
}
