import type { ComponentChildren } from 'preact';

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
