import { useComputed } from '@preact/signals';
import { say } from '../messages.js';
import { live } from '../state.js';

/** The page that the live embeds, if it names one. Without a video nothing takes its place. */
export function Video() {
  // It must not be drawn again (it would start over) when anything else of the live changes.
  const src = useComputed(() => live.value?.videoUrl).value;
  if (src === undefined) return null;
  return (
    <iframe
      class="video"
      src={src}
      title={say('videoTitle', { title: live.peek()?.title ?? '' })}
      sandbox="allow-scripts allow-same-origin allow-presentation allow-popups"
      allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
      referrerpolicy="strict-origin-when-cross-origin"
      loading="eager"
    />
  );
}
