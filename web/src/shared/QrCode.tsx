import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

type Encode = typeof import('uqr')['encode'];

/** Apart from the page, which most people leave without having seen a code. */
const encode = signal<Encode | null>(null);

/** Loads what draws codes; call it when one is likely to be asked for soon. */
export async function loadQrCode(): Promise<void> {
  if (encode.peek() === null) encode.value = (await import('uqr')).encode;
}

interface QrCodeProps {
  text: string;
  label: string;
}

/** A QR code; its place is kept until it can be drawn. */
export function QrCode(props: QrCodeProps) {
  useEffect(() => void loadQrCode(), []);
  if (encode.value === null) return <svg class="qr" viewBox="0 0 1 1" aria-hidden="true" />;
  return <Code {...props} encoder={encode.value} />;
}

/** One path: black on white in both themes, for scanners expect that. */
function Code({ text, label, encoder }: QrCodeProps & { encoder: Encode }) {
  const { size, path } = useMemo(() => drawn(text, encoder), [text, encoder]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

/** Neighbours in a row become one rectangle: a third of the path that single modules would take. */
function drawn(text: string, encoder: Encode): { size: number; path: string } {
  const { size, data } = encoder(text, { ecc: 'M', border: 2 });
  let path = '';
  data.forEach((row, y) => {
    let x = 0;
    while (x < size) {
      let run = 0;
      while (row[x + run] === true) run += 1;
      if (run > 0) path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run + 1;
    }
  });
  return { size, path };
}
