import { useSignal } from '@preact/signals';
import { Placeholder } from './placeholder.js';
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
