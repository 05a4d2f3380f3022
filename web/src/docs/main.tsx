import '../shared/theme.css';
import './docs.css';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { startTheme, ThemeButton } from '../shared/Preferences.js';
import { type Chapter, type Entry, loadChapters } from './reference.js';
import { ShapeView, Text } from './ShapeView.js';

function DocsPage() {
  const [chapters, setChapters] = useState<Chapter[] | 'failed' | null>(null);
  useEffect(() => {
    loadChapters().then(setChapters, () => setChapters('failed'));
  }, []);
  return (
    <>
      <header class="docs-header">
        <p class="docs-brand">
          <a href="/">Livehold</a>
        </p>
        <ThemeButton />
      </header>
      <main class="docs">
        <h1>API reference</h1>
        {chapters === 'failed' && (
          <p role="alert">The documents could not be loaded. Load the page again.</p>
        )}
        {Array.isArray(chapters) && <Chapters chapters={chapters} />}
      </main>
    </>
  );
}

function Chapters({ chapters }: { chapters: Chapter[] }) {
  // What the address names was not there yet when the browser looked for it.
  useEffect(() => {
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <>
      <Contents chapters={chapters} />
      {chapters.map((chapter) => (
        <ChapterView key={chapter.title} chapter={chapter} />
      ))}
      <Shapes chapters={chapters} />
    </>
  );
}

function Contents({ chapters }: { chapters: Chapter[] }) {
  return (
    <nav aria-label="Contents" class="docs-contents">
      {chapters.flatMap(({ groups }) =>
        groups.map((group) => (
          <section key={group.title}>
            <h2>{group.title}</h2>
            <ul>
              {group.entries.map(({ id, kind, name }) => (
                <li key={id}>
                  <a href={`#${id}`}>
                    <span class="docs-kind">{kind}</span> {name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )),
      )}
    </nav>
  );
}

function ChapterView({ chapter }: { chapter: Chapter }) {
  return (
    <section class="docs-chapter">
      <h2>{chapter.title}</h2>
      <Text text={chapter.intro} />
      <p>
        For tools: <a href={chapter.source}>{chapter.source}</a>
      </p>
      {chapter.groups.map((group) => (
        <section key={group.title} class="docs-group">
          <h3>{group.title}</h3>
          {group.entries.map((entry) => (
            <EntryView key={entry.id} entry={entry} />
          ))}
        </section>
      ))}
    </section>
  );
}

/** Both documents use the same shapes. */
function Shapes({ chapters }: { chapters: Chapter[] }) {
  const shapes = Object.assign({}, ...chapters.map((chapter) => chapter.shapes));
  return (
    <section class="docs-chapter">
      <h2>Shapes</h2>
      {Object.keys(shapes)
        .sort()
        .map((name) => (
          <article key={name} id={`shape-${name}`} class="card docs-entry">
            <h3>{name}</h3>
            {shapes[name].description !== undefined && <Text text={shapes[name].description} />}
            <ShapeView shape={shapes[name]} />
          </article>
        ))}
    </section>
  );
}

/** One call, command or event, with all that goes in and comes out. */
function EntryView({ entry }: { entry: Entry }) {
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

startTheme();

const root = document.getElementById('page');
if (root !== null) render(<DocsPage />, root);
