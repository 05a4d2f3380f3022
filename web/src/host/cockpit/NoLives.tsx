import { cockpit } from '../messages/cockpit.js';
import { href } from '../route.js';
import { Glyph } from '../ui/Glyph.js';

export function NoLives() {
  return (
    <div class="empty-page">
      <Glyph name="live" size={56} />
      <h1>{cockpit('noLives')}</h1>
      <p class="muted">{cockpit('noLivesLead')}</p>
      <a class="button button-primary" href={href('lives', 'new')}>
        {cockpit('newLive')}
      </a>
    </div>
  );
}
