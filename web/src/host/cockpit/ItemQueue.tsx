import { Icon } from '../../shared/Icon.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { singleKeysOn } from '../prefs.js';
import { href } from '../route.js';
import { KeyHint } from '../ui/KeyHint.js';
import { pinNext } from './actions.js';
import { ItemRow } from './ItemRow.js';
import { featured, live } from './room.js';
import { nextUp, sheet } from './selection.js';

/** The items of the live in their order, and the way to the next one. */
export function ItemQueue() {
  return (
    <section class="panel item-list card" aria-labelledby="items-title">
      <div class="panel-head">
        <h2 id="items-title">
          {cockpit('itemsTitle')} <span class="count numeric">{featured.value.length}</span>
        </h2>
        <button
          type="button"
          class="button button-small"
          aria-keyshortcuts={singleKeysOn.value ? 'N' : undefined}
          onClick={() => {
            sheet.value = { what: 'add' };
          }}
        >
          <Icon name="plus" size={18} />
          {catalogue('newItem')}
          <KeyHint letter="N" />
        </button>
      </div>
      <NextButton />
      {featured.value.length === 0 ? (
        <p class="panel-empty">
          {cockpit('noItems')} <a href={href('lives', live.value?.liveId)}>{cockpit('addItems')}</a>
        </p>
      ) : (
        <ul class="panel-list">
          {featured.value.map((entry) => (
            <ItemRow key={entry.itemId} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Says what comes next before it is pressed, so that nothing comes as a surprise. */
export function NextButton() {
  const next = nextUp.value;
  if (featured.value.length === 0) return null;
  return (
    <button
      type="button"
      class="next-up"
      disabled={next === null}
      aria-keyshortcuts={singleKeysOn.value ? 'Space' : undefined}
      onClick={() => void pinNext()}
    >
      {next === null ? (
        <span>{cockpit('noNext')}</span>
      ) : (
        <>
          <span class="next-what">
            <span>{cockpit('next')}</span>
            <b>
              {next.details.value.code} <span class="next-name">{next.details.value.name}</span>
            </b>
          </span>
          <Icon name="arrow" />
          {singleKeysOn.value && (
            <span class="key" aria-hidden="true">
              {cockpit('space')}
            </span>
          )}
        </>
      )}
    </button>
  );
}
