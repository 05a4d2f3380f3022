import { claims } from '../session.js';

/** Where viewers watch this live; on the server that served the console. */
export function viewerPage(liveId: string): string {
  const shop = claims.value?.shop ?? '';
  return `/live/${encodeURIComponent(shop)}/${encodeURIComponent(liveId)}`;
}
