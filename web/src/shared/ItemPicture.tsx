import { useSignal } from '@preact/signals';
import type { ItemDetails } from './stock.js';

/** The item's picture; a generated one when it has none, or when it does not load. */
export function ItemPicture({
  details,
}: {
  details: Pick<ItemDetails, 'itemId' | 'code' | 'imageUrl'>;
}) {
  const broken = useSignal<string | null>(null);
  const { imageUrl, itemId, code } = details;
  if (imageUrl === undefined || broken.value === imageUrl) {
    return <Placeholder itemId={itemId} code={code} />;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: a picture that fails to load is no interaction
    <img
      src={imageUrl}
      alt=""
      width={160}
      height={160}
      loading="lazy"
      decoding="async"
      onError={() => {
        broken.value = imageUrl;
      }}
    />
  );
}

/** A picture for an item that has none: its code on a colour of its own, the same on every device. */
function Placeholder({ itemId, code }: { itemId: string; code: string }) {
  // Codes follow each other (A1, A2 …), and so do their colours, far apart; ids only turn the pattern.
  const hue = hashOf(code) % 360;
  const turn = hashOf(itemId) % 90;
  return (
    <svg class="placeholder" viewBox="0 0 120 120" aria-hidden="true" focusable="false">
      <rect width="120" height="120" fill={`hsl(${hue} 38% 86%)`} />
      <g transform={`rotate(${turn} 60 60)`}>
        <circle cx="96" cy="28" r="46" fill={`hsl(${(hue + 28) % 360} 46% 78%)`} />
        <rect x="-20" y="76" width="110" height="60" fill={`hsl(${(hue + 330) % 360} 40% 72%)`} />
      </g>
      <text
        x="60"
        y="61"
        text-anchor="middle"
        dominant-baseline="central"
        font-size={code.length > 4 ? 22 : 34}
        font-weight="800"
        fill={`hsl(${hue} 60% 18%)`}
      >
        {code}
      </text>
    </svg>
  );
}

/** FNV-1a: codes that differ in one letter come out far apart on the colour wheel. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
