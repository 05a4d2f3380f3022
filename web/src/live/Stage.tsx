import { useComputed } from '@preact/signals';
import { ConnectionDot } from '../shared/ConnectionDot.js';
import { say } from './messages.js';
import { connection, live } from './state.js';

/** The stream's place: the embedded page that the live names, or a poster. */
export function Stage() {
  // The video must not be drawn again (it would start over) when anything else of the live changes.
  const video = useComputed(() => live.value?.videoUrl);
  return (
    <section class={`stage${video.value === undefined ? ' stage-poster' : ''}`}>
      {video.value === undefined ? <Poster /> : <Video src={video.value} />}
      <div class="stage-marks">
        <StatusBadge />
        <span class="stage-connection">
          <ConnectionDot status={connection.value} />
        </span>
      </div>
    </section>
  );
}

function Video({ src }: { src: string }) {
  return (
    <iframe
      class="stage-video"
      src={src}
      title={say('videoTitle', { title: live.peek()?.title ?? '' })}
      sandbox="allow-scripts allow-same-origin allow-presentation allow-popups"
      allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
      referrerpolicy="strict-origin-when-cross-origin"
      loading="eager"
    />
  );
}

function Poster() {
  return (
    <div class="poster">
      <p class="poster-title" aria-hidden="true">
        {live.value?.title ?? ' '}
      </p>
      <p class="poster-hint">{say('posterHint')}</p>
    </div>
  );
}

function StatusBadge() {
  const status = live.value?.status;
  if (status === undefined) return null;
  return status === 'live' ? (
    <span class="badge badge-live">
      <span class="live-pulse" aria-hidden="true" />
      {say('live')}
    </span>
  ) : (
    <span class="badge">{say(status)}</span>
  );
}
