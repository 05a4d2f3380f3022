/** Which live this page shows: `/live/:shopId/:liveId`. */
const [, , shopSegment = '', liveSegment = ''] = location.pathname.split('/');

export const shopId = decodeURIComponent(shopSegment);
export const liveId = decodeURIComponent(liveSegment);
