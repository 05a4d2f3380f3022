import { signal } from '@preact/signals';
import type { HandledComment } from '../../../../src/protocol/comment.js';
import { gather } from './gather.js';

/** Comments that were read since the console was opened, newest first: what was asked for and what came of it. */
export const comments = signal<readonly HandledComment[]>([]);

const KEPT = 300;

let heard: HandledComment[] = [];
const show = gather(200, () => {
  comments.value = heard;
});

export const keyOf = ({ source, commentId }: HandledComment) => `${source} ${commentId}`;

export function noteComment(comment: HandledComment): void {
  const key = keyOf(comment);
  if (heard.some((other) => keyOf(other) === key)) return;
  heard = [comment, ...heard].slice(0, KEPT);
  show.soon();
}

export function resetComments(): void {
  heard = [];
  show.now();
}
