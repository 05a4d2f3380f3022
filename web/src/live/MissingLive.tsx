import { say } from './messages.js';

export function MissingLive() {
  return (
    <main class="empty">
      <h2>{say('missingTitle')}</h2>
      <p class="muted">{say('missingText')}</p>
      <a class="button button-primary" href="/">
        {say('allLives')}
      </a>
    </main>
  );
}
