/** What a word of a comment says about what its writer wants. */
export type WordKind =
  /** Asks for something to be booked, and can hardly mean anything else. */
  | 'keep'
  /** Asks for it in words that have other uses, too. */
  | 'want'
  | 'question'
  | 'negation'
  /** Tells of what was, may be, or is another person's. */
  | 'tale'
  /** How, when and with what it is paid and sent: says nothing behind "keep A1", and is talk without it. */
  | 'aside'
  /** Says nothing about it, beside a code alone neither. */
  | 'filler'
  /** Size or colour. */
  | 'attribute'
  /** What follows is a size or a number, not how many. */
  | 'intro'
  | 'unit'
  | 'other';

const WORDS: Record<Exclude<WordKind, 'other'>, string> = {
  keep: `keep kep kip keepin kepin book boking booking bokin bukin buking order orderin ordr odr pesan pesen psn pesenin ambil
    amankan amanin fix fiks fixed lock take checkout masukin masukkan simpenin sisihin sisain angkut claim klaim beli
    bungkusin
    simpan simpen simpanin tandain tandai list war rebut checkoutin njaluk jupuk sikat embat comot catat catet`,
  want: `mau mo mw maw pengin minta gas gaskeun gaskan deal co want jadi jd boleh pengen pgn pingin nitip titip mine punyaku punyaq milikku
    arep meh hoyong hayang tambah tambahin tmbh tmbah nambah nambahin sekalian skalian`,
  question: `habis abis hbs ada adakah ready redi rdy ready berapa brp brapa brpa harga hrg hrga price bahan bhn muat stok
    stock stoknya sisa sisanya masih msh kosong kapan kpn gimana gmn gmna bagaimana kenapa knp mengapa apa apakah ap
    apanya siapa mana dimana beda bedanya diskon promo ongkir gratis tanya nanya tny lihat liat lht liatin spil spill
    tunjukin tunjuk tunjukkan tampilin tampilkan tampil show detail detil dtl zoom review deket dekat coba cobain cek
    info bisa bs restock restok rstk ld pb lp bb tb look kok kah how what when available nett real pict foto lagi
    mahal atau ato or bingung pilih mending bagusan
    ukurannya sizenya warnanya harganya bahannya`,
  negation: `ga gak gk g ngga nggak ngak enggak engga tidak tdk tak ndak gajadi gjd batal batalin batalkan cancel cncl cancelin
    bukan bkn jangan jgn hapus lepas lepasin skip kecuali not dont belum blm blom kurang tukar tuker ganti`,
  tale: `sudah udah udh sdh dah barusan dapat dapet dpt kebagian sampai sampe
    nyampe dibayar paid dikirim diproses masuk tercatat dikeep diambil dibooking
    diorder dipesan dibeli laku terjual sold soldout dia mereka orang dy temen temenku teman
    kalau kalo klo klau kl jika misal misalnya seandainya semoga moga if sih doang waktu pas pernah rebutan`,
  aside: `tadi td kemarin kmrn kemaren semalam bayar byr byar transfer tf trf nanti ntar ntr besok bsk cod gabung gabungin
    digabung bareng barengin keranjang rekening rek ongkirnya resi alamat kirim`,
  filler: `kak ka kk kakak kakk sis sist min mimin admin bang bng bund bun bunda mbak mba mb mas cece ce cc ci cici koh ko
    gan bos bosku boss om tante tan ya yaa yah yak dong donk dnk dongs deh nih ni aja aj saja sj pls plis pliss please
    plz tolong tlg tlong aku saya sy ak aq abdi kulo aye w gue gw gua sya akuu halo hai hi hallo helo permisi misi makasih mksh makasi thx
    thanks tq trims sama dan n and dn sm ama plus ok oke okay okey siap iya iy yes oh eh lah kode kodenya kd cepet cepat
    buruan banget bgt bgtt bngt total jumlah qty isi masing msg msng each langsung lgsg ikut ikutan buat untuk utk bwt juga jg terus trus trs me i
    yg yang bu buk pak dek mama mamah mams tete teteh dulu duluan pertama gercep ajah maaf ralat maksudnya disimpan say beb teh neng kang sepasang sepaket`,
  attribute: `xs s m l xl xxl xxxl xxxxl jumbo allsize hitam item putih merah biru navy hijau kuning pink ungu coklat abu
    cream krem maroon mustard sage army tosca lilac orange peach salem mocca moka khaki nude silver gold ijo botol bata tua muda polos motif kotak bunga denim dusty milo`,
  intro: 'size sz uk ukuran nomor nomer no nmr warna wrn wa jam hp umur usia',
  unit: 'pcs pc pics biji bj bh buah potong ptg set stel pasang psg x unit lembar lbr bungkus pack pak lusin',
};

/** As squeezed, so that "keeeep" is "keep". */
const KIND_OF = new Map<string, WordKind>();
// Of a word in two lists the later one here decides.
for (const kind of [
  'filler',
  'attribute',
  'unit',
  'intro',
  'want',
  'keep',
  'question',
  'aside',
  'tale',
  'negation',
] as const) {
  for (const word of WORDS[kind].split(/\s+/)) KIND_OF.set(squeezed(word), kind);
}

/** Long enough that one wrong letter leaves them what they are. */
const OFTEN_MISTYPED = ['keep', 'booking', 'order', 'pesan', 'ambil', 'amankan'];

export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  satu: 1,
  dua: 2,
  tiga: 3,
  empat: 4,
  lima: 5,
  enam: 6,
  tujuh: 7,
  delapan: 8,
  sembilan: 9,
  sepuluh: 10,
  siji: 1,
  hiji: 1,
  sebiji: 1,
  loro: 2,
  telu: 3,
  selusin: 12,
  one: 1,
  two: 2,
};

/** Runs of one letter as one: people hold a key down. */
function squeezed(word: string): string {
  // Sizes are distinguished by their runs.
  return /^x+[sl]$/.test(word) ? word : word.replace(/(\p{L})\1+/gu, '$1');
}

export function kindOf(word: string): WordKind {
  const known = KIND_OF.get(squeezed(word));
  if (known) return known;
  // "Keepkan", "checkoutin": for me.
  const stem = KIND_OF.get(squeezed(word.replace(/(?:in|kan|kn|en)$/, '')));
  if (stem === 'keep') return stem;
  return word.length > 3 &&
    OFTEN_MISTYPED.some((right) => isOneOff(squeezed(word), squeezed(right)))
    ? 'keep'
    : 'other';
}

/** Whether one letter more, less or another, or two that changed places, make `a` of `b`. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const rest = (text: string, skip: number) => text.slice(from + skip);
  return (
    rest(a, 1) === rest(b, 1) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2))
  );
}
