import { Icon } from '../shared/Icon.js';
import { profile, reputation } from './me.js';
import { say } from './messages.js';
import { live, rules } from './state.js';

/** Why booking is not possible at all just now, before anyone taps in vain. */
export function Notice() {
  const text = noticeText();
  if (text === null) return null;
  return (
    <p class="notice">
      <Icon name="info" />
      <span>{text}</span>
    </p>
  );
}

function noticeText(): string | null {
  const status = live.value?.status;
  if (status === 'scheduled') return say('scheduledNotice');
  if (status === 'ended') return say('endedNotice');
  if (profile.value?.status === 'restricted') return say('restrictedNotice');
  const minimum = rules.value?.minReputation ?? 0;
  return profile.value !== null && reputation.value < minimum
    ? say('lowReputationNotice', { reputation: reputation.value, minimum })
    : null;
}
