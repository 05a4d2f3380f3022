import { kindOf } from './words.js';

/** Turns of phrase that no word for word reading understands, and what is left of a comment without them. */

/** Longest text that is read, characters. */
const MOST_READ = 300;

/** Words that look like a refusal and are none. */
const IDIOMS =
  /\b(?:jangan|jgn) (?:(?:lupa|lp)(?! di(?!keep|book|catat|masuk|simpan|sisih|amankan))|sa?mpa?[ei]?|(?:di)?kasih|diambil|dilepas|lama)\b[^,.!?;\n]*|\b(?:ga|gak|gk|nggak|ngga|tanpa) (?:pake|pakai) (?:lama|mikir)\b|\b(?:gpp|gapapa|gpl)\b|(?<=\b(?:kak|kakak|ka|sis|mbak|mba|min|bun|bang)) (?:cantik|cakep|ganteng|baik|sayang)\b/g;
/** "Keep A1 if there still is one": whoever asks for it means no other case. "If there is A1" is no order yet. */
const IF_ANY =
  /(?<=\b(?:keep|kep|book|booking|fix|order|pesan|pesen|ambil|mau)\b.*|\? ?)\b(?:kalau|kalo|klo|kl) (?:(?:masih|masi|msh) )?(?:ada|ready|kebagian|bisa)\b/g;
/** "Two, not one": the number that is meant stands before. */
const NOT_SO_MANY =
  /(?<=\d.*)\b(?:jangan|jgn|bukan|bkn) (?:\d{1,2}|satu|dua|tiga)(?![\p{L}\p{N}])/gu;
/** What keeps a buyer who has just asked for it ("busy driving"). */
const BUSY =
  /(?<=\b(?:keep|kep|book|booking|fix|order|pesan|pesen|ambil)\b.*)\b(?:lagi|lg|sedang|sdg) (?:di \p{L}+|n\p{L}{3,}|m(?!a?u\b)\p{L}{3,}|kerja|jalan)[^,.!?;\n]*/gu;
/** Why a buyer who asks for it is in a hurry. */
const BEFORE_IT_IS_GONE =
  /(?<=\b(?:keep|kep|book|booking|fix|order|pesan|pesen|ambil|mau)\b.*)\b(?:sebelum|keburu|takut|nanti|ntar) (?:ke)?(?:habis|abis)(?:an)?\b/g;
/** Put on the seller's list; the word alone may ask for one. */
const ON_THE_LIST = /\b(?:masuk|masukin|ikut) list\b/g;
/** "One more" counts, and asks nothing. */
const ONE_MORE =
  /\b(?:lagi|lg)(?= (?:\d|satu|dua|tiga))|(?<=\b(?:\d{1,2}|satu|dua|tiga) )(?:lagi|lg)\b/g;
/** Which of two at different prices. */
const PRICED_AT = /\b(?:(?:yg|yang) (?:harga|hrga|hrg|seharga)|seharga)(?= ?\d)/g;
/** Who pays at once wants it. */
const PAYS_NOW =
  /\b(?:langsung|lgsg|lsg|otw|siap|gercep|gas)(?: (?:aku|saya|sy|mau))? (?:bayar|byr|transfer|trf|tf)\b/g;
/** "Tak" is "not", and in Javanese "I will". */
const I_WILL = /\btak (?=ambil|pesen|jupuk|tuku|keep)/g;
const GLUED = /(?<![\p{L}\p{N}])(keep|kep|book|booking|mau|fix|order|ambil)(?=\p{L}{0,2}\d)/gu;
/** "A1A1". */
const SAID_TWICE = /(?<![\p{L}\p{N}])(\p{L}{1,2}\d{1,3})\1+(?![\p{L}\p{N}])/gu;
/** When and how somebody who has just asked for it will pay. */
const PAYS_LATER =
  /(?<=\b(?:keep|kep|book|booking|fix|order|pesan|pesen|ambil|mau)\b.*)\b(?:(?:nanti|ntar|ntr|besok|bsk)(?: (?:aku|saya|sy))? (?:bayar|byr|tf|trf|transfer)|(?:bayar|byr|tf|trf|transfer)(?:nya)? (?:nanti|ntar|ntr|besok|bsk))\b/g;
/** By which way it is paid: a word on an order, and none on a payment that was made. */
const PAYS_BY =
  /\b(?:transfer|tf|trf|bayar|byr)(?:nya)? (?:(?:via|lewat|pakai|pake|pk|ke) )?(?:bca|bri|bni|bsi|mandiri|dana|ovo|gopay|shopeepay|qris)\b/g;
/** Whose name goes on it, or who it is meant for. */
const FOR_WHOM =
  /\b(?:atas nama|atasnama|nama|a\/n|a\.n\.?|an|buat|untuk|utk|bwt) (?:(?:bu|bpk|pak|kak|mbak) )?(\p{L}{3,})/gu;
/** A name goes on, or says where its owner lives. */
const IN_THE_NAME_OF = /\b(?:atas nama|atasnama|a\/n|a\.n\.?|an)\.? (\p{L}+(?: \p{L}{3,}){1,3})/gu;
/** "A1 nya 2", "S5 size M". */
const BETWEEN =
  /(?<=\p{L}{1,3}\d{1,3} ?)(?:nya(?= (?:\d|satu|dua|tiga))|(?:(?:yg|yang)(?: (?:size|sz|ukuran|uk))?|size|sz|ukuran|uk)(?= (?:xs|s|m|l|x+l)\b))/gu;

/** Without what only decorates, or is addressed to somebody. */
export function plain(text: string): string {
  return (
    text
      .slice(0, MOST_READ)
      .normalize('NFKC')
      .toLowerCase()
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .replace(/https?:\S+/g, ' ')
      .replace(/@(?!\d)\S+/g, ' ')
      .replace(IDIOMS, ' ')
      .replace(NOT_SO_MANY, ' ')
      // Before BUSY, which would take whom it is said to ("1 lagi mbak A1") for what keeps the buyer.
      .replace(ONE_MORE, ' ')
      .replace(BUSY, ' ')
      .replace(BEFORE_IT_IS_GONE, ' ')
      .replace(ON_THE_LIST, ' keep ')
      .replace(IF_ANY, ' ')
      .replace(PRICED_AT, 'rp')
      .replace(PAYS_NOW, ' mau ')
      .replace(PAYS_LATER, ' ')
      .replace(PAYS_BY, ' ')
      .replace(IN_THE_NAME_OF, (_, names: string) => ` ${pastNames(names)} `)
      .replace(FOR_WHOM, (all, whom: string) => (kindOf(whom) === 'other' ? ' ' : all))
      .replace(BETWEEN, '')
      .replace(I_WILL, '')
      .replace(GLUED, '$1 ')
      .replace(SAID_TWICE, '$1')
      .replace(/\s+/g, ' ')
  );
}

/** What follows the words that no rule knows, which are names. */
function pastNames(words: string): string {
  const all = words.split(' ');
  const known = all.findIndex((word) => kindOf(word) !== 'other' && kindOf(word) !== 'filler');
  return known < 0 ? '' : all.slice(known).join(' ');
}
