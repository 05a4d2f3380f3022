import { toast } from '../../shared/toast.js';
import { pay } from './messages.js';

/** A QR code as a picture for the gallery of the phone that shows it: banks' apps read codes from there. */

const WIDTH = 720;
const CODE_WIDTH = 600;
const LINE_HEIGHT = 44;

/** @param lines the words under the code: what it pays for */
async function pictureOf(text: string, lines: readonly string[]): Promise<Blob> {
  const { encode } = await import('uqr');
  const { size, data } = encode(text, { ecc: 'M', border: 2 });
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = CODE_WIDTH + 100 + lines.length * LINE_HEIGHT;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  // Whole pixels, or a reader sees grey edges.
  const module = Math.floor(CODE_WIDTH / size);
  const left = Math.floor((WIDTH - module * size) / 2);
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) pen.fillRect(left + x * module, 40 + y * module, module, module);
    });
  });
  pen.font = '600 30px system-ui, sans-serif';
  pen.textAlign = 'center';
  lines.forEach((line, at) => {
    pen.fillText(line, WIDTH / 2, CODE_WIDTH + 80 + at * LINE_HEIGHT, WIDTH - 40);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}

interface Picture {
  text: string;
  lines: readonly string[];
  /** Without its ending. */
  name: string;
}

export async function saveQr({ text, lines, name }: Picture): Promise<void> {
  const url = URL.createObjectURL(await pictureOf(text, lines));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast(pay('qrSaved'), 'good');
}

/** Hands the picture to another app; where the browser cannot, saves it. */
export async function shareQr(picture: Picture): Promise<void> {
  const blob = await pictureOf(picture.text, picture.lines);
  const file = new File([blob], `${picture.name}.png`, { type: 'image/png' });
  if (navigator.canShare?.({ files: [file] }) !== true) return saveQr(picture);
  // Whoever closes the phone's own dialogue has changed their mind; that is no failure.
  await navigator.share({ files: [file], title: picture.name }).catch(() => undefined);
}
