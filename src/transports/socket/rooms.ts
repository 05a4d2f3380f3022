/** Names of Socket.IO rooms. Ids have no `/`, so no two rooms share a name. */
export const liveRoom = (shopId: string, liveId: string) => `live/${shopId}/${liveId}`;
export const viewerRoom = (shopId: string, viewerId: string) => `viewer/${shopId}/${viewerId}`;
/** On `/host`: every host of the shop. */
export const shopRoom = (shopId: string) => `shop/${shopId}`;

/** The live of a room's name, or undefined for other rooms (a socket's own among them). */
export function liveOfRoom(room: string): { shopId: string; liveId: string } | undefined {
  const [kind, shopId, liveId] = room.split('/');
  return kind === 'live' && shopId && liveId ? { shopId, liveId } : undefined;
}
