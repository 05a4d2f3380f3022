import { type CommandError, errorText } from '../shared/errorText.js';
import { Icon } from '../shared/Icon.js';

/** Why a step was refused, beside the button that asked for it. */
export function Refusal({ error }: { error: CommandError | null }) {
  return (
    <div role="alert">
      {error !== null && (
        <p class="refusal">
          <Icon name="alert" size={18} />
          {errorText(error)}
        </p>
      )}
    </div>
  );
}
