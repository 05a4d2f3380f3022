import type { ComponentChildren } from 'preact';

export function PageHead({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        <p class="muted">{lead}</p>
      </div>
      {children !== undefined && <div class="page-tools">{children}</div>}
    </header>
  );
}
