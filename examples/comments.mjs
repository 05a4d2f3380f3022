// Books for comments that come as JSON lines, one comment a line, from whatever captures them:
//   capture-tool | TOKEN=… LIVE=… node examples/comments.mjs
// Each line: {"source":"tiktok","commentId":"1","authorId":"ani","authorName":"Ani","text":"keep A1 2"}
import { createInterface } from 'node:readline';
import { Api } from 'livehold/client';

const { URL: url = 'http://localhost:3000', TOKEN: token, LIVE: liveId } = process.env;
const api = new Api({ url, token });
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const comment = { liveId, ...JSON.parse(line) };
  for (;;) {
    try {
      const { outcomes, claimUrl } = await api.call('POST /comments', { body: comment });
      for (const { reply } of outcomes)
        if (reply) console.log(`@${comment.authorName} ${reply}`, claimUrl ?? '');
      break;
    } catch ({ code, message, details }) {
      // The same comment again is safe: it is handled once.
      if (!['OFFLINE', 'TIMEOUT', 'STORE_UNAVAILABLE', 'RATE_LIMITED'].includes(code)) {
        console.error(comment.commentId, message);
        break;
      }
      await new Promise((next) => setTimeout(next, details?.retryAfterMs ?? 1000));
    }
  }
}
