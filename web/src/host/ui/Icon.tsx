import { LineIcon, PATHS as SHARED } from '../../shared/Icon.js';

/** The shared line icons and the console's own, on the same 24 × 24 grid. */
const PATHS = {
  ...SHARED,
  camera: 'M4 8h4l1.5-2.5h5L16 8h4v11.5H4V8ZM12 16.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  copy: 'M9 9h11v11H9V9ZM15 9V4H4v11h5',
  cockpit: 'M4 18.5a9 9 0 1 1 16 0M12 14l4.5-4.5M12 15.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  down: 'm6 9.5 6 6 6-6',
  download: 'M12 4v11m-5-4.5 5 5 5-5M4.5 20h15',
  gear: 'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM12 2.8v3m0 12.4v3m9.2-9.2h-3M5.8 12h-3m15.7-6.5-2.1 2.1M7.6 16.4l-2.1 2.1m13 0-2.1-2.1M7.6 7.6 5.5 5.5',
  keyboard: 'M3 6.5h18v11H3v-11ZM7 10.5v.01M12 10.5v.01M17 10.5v.01M8 14h8',
  live: 'M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM7.2 16.8a6.8 6.8 0 0 1 0-9.6m9.6 0a6.8 6.8 0 0 1 0 9.6M4.4 19.6a10.8 10.8 0 0 1 0-15.2m15.2 0a10.8 10.8 0 0 1 0 15.2',
  more: 'M5 12.6a.6.6 0 1 0 0-1.2.6.6 0 0 0 0 1.2ZM12 12.6a.6.6 0 1 0 0-1.2.6.6 0 0 0 0 1.2ZM19 12.6a.6.6 0 1 0 0-1.2.6.6 0 0 0 0 1.2Z',
  muted: 'M4 9.5v5h3.5L12 19V5L7.5 9.5H4ZM16 9.5l5 5m0-5-5 5',
  out: 'M10 4H5v16h5M14.5 8l4 4-4 4M18 12H9.5',
  pencil: 'm4 20 .8-4L16.5 4.3a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8 19.2 4 20Z',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.8 19.5c.5-3.5 3-5 6.2-5s5.7 1.5 6.2 5M16 4.8a3.5 3.5 0 0 1 0 6.4m2 3.6c1.8.7 2.9 2.2 3.2 4.7',
  play: 'M8 5.2v13.6L19 12 8 5.2Z',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6m2.8-8.5a8 8 0 0 1 0 11',
  stop: 'M6.5 6.5h11v11h-11v-11Z',
  tag: 'M4 4h8l8.5 8.5-8 8L4 12V4ZM8.2 8.2v.01',
  undo: 'M8 4.5 3.5 9 8 13.5M4 9h10a6 6 0 0 1 0 12h-3',
  up: 'm6 14.5 6-6 6 6',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: the words beside it, or the button's label, carry the meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return <LineIcon path={PATHS[name]} size={size} />;
}
