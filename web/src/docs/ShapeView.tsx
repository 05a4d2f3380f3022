import { type ComponentChildren, Fragment } from 'preact';
import { nameOf, type Shape } from './reference.js';

/** The fields of a shape; what has a name of its own is a link to it. */
export function ShapeView({ shape }: { shape: Shape }) {
  if (!shape.properties) {
    return (
      <p class="docs-type">
        <Type shape={shape} />
      </p>
    );
  }
  return (
    <dl class="docs-fields">
      {Object.entries(shape.properties).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          shape={field}
          required={shape.required?.includes(name) ?? false}
        />
      ))}
    </dl>
  );
}

function Field({ name, shape, required }: { name: string; shape: Shape; required: boolean }) {
  const within = nested(shape);
  return (
    <div class="docs-field">
      <dt>
        <code>{name}</code> <Type shape={shape} />
        {!required && <span class="docs-optional"> optional</span>}
      </dt>
      <dd>
        {shape.description !== undefined && <Text text={shape.description} />}
        <Limits shape={shape} />
        {within && <ShapeView shape={within} />}
      </dd>
    </div>
  );
}

/** An object that stands in the field itself, as it is or in a list. */
function nested(shape: Shape): Shape | undefined {
  const alternatives = [shape, shape.items, ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
  return alternatives.find((one) => one?.properties !== undefined);
}

function Type({ shape }: { shape: Shape }): ComponentChildren {
  if (shape.$ref !== undefined) {
    const name = nameOf(shape.$ref);
    return <a href={`#shape-${name}`}>{name}</a>;
  }
  const alternatives = shape.anyOf ?? shape.oneOf;
  if (alternatives) {
    return alternatives.map((one, i) => (
      <Fragment key={JSON.stringify(one)}>
        {i > 0 && ' or '}
        <Type shape={one} />
      </Fragment>
    ));
  }
  if (shape.items) {
    return (
      <>
        list of <Type shape={shape.items} />
      </>
    );
  }
  if (shape.const !== undefined) return <code>{JSON.stringify(shape.const)}</code>;
  if (shape.enum) return <code>{shape.enum.map((one) => JSON.stringify(one)).join(' | ')}</code>;
  return <span>{[shape.type ?? 'anything'].flat().join(' or ')}</span>;
}

function Limits({ shape }: { shape: Shape }) {
  const limits = limitsOf(shape);
  return limits.length === 0 ? null : <p class="docs-limits">{limits.join(' · ')}</p>;
}

function limitsOf(shape: Shape): string[] {
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, maxItems, pattern } = shape;
  const said = (value: unknown, text: string) => (value === undefined ? [] : [text]);
  return [
    ...said(shape['x-unit'], `${shape['x-unit']}`),
    ...said(minimum, `at least ${minimum}`),
    ...said(exclusiveMinimum, `more than ${exclusiveMinimum}`),
    ...said(maximum, `at most ${maximum}`),
    ...said(minLength, `at least ${minLength} characters`),
    ...said(maxLength, `at most ${maxLength} characters`),
    ...said(maxItems, `at most ${maxItems} entries`),
    ...said(pattern, `pattern ${pattern}`),
    ...said(shape.default, `default ${JSON.stringify(shape.default)}`),
  ];
}

/** The little Markdown that the documents have: paragraphs, lists, `code` and **words that stand out**. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {text.split('\n\n').map((part) =>
        part.startsWith('- ') ? (
          <ul key={part} class="docs-list">
            {part.split('\n').map((line) => (
              <li key={line}>{inline(line.slice(2))}</li>
            ))}
          </ul>
        ) : (
          <p key={part}>{inline(part)}</p>
        ),
      )}
    </>
  );
}

function inline(text: string): ComponentChildren[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, i) => {
    const key = `${i} ${part}`;
    if (part.startsWith('`')) return <code key={key}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**')) return <strong key={key}>{part.slice(2, -2)}</strong>;
    return part;
  });
}
