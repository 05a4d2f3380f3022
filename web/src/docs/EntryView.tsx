import type { Entry } from './reference.js';
import { ShapeView } from './ShapeView.js';
import { Text } from './Text.js';

/** One call, command or event, with all that goes in and comes out. */
export function EntryView({ entry }: { entry: Entry }) {
  return (
    <article id={entry.id} class="card docs-entry">
      <h4>
        <span class="docs-kind">{entry.kind}</span> <code>{entry.name}</code>
      </h4>
      <p class="docs-summary">{entry.summary}</p>
      <Text text={entry.description} />
      {entry.parts.map(({ title, shape }) => (
        <section key={title}>
          <h5>{title}</h5>
          <ShapeView shape={shape} />
        </section>
      ))}
      {entry.refusals.length > 0 && (
        <details>
          <summary>Refusals</summary>
          <dl class="docs-fields">
            {entry.refusals.map(({ status, text }) => (
              <div key={status} class="docs-field">
                <dt>{status}</dt>
                <dd>
                  <Text text={text} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}
