import { defineMessages } from '../../shared/i18n.js';

/** All there is to know of an item: the words of its sheet, which is loaded after the page. */
export const tell = defineMessages({
  id: {
    placeMeans:
      'Begitu ada {count} yang lepas untukmu, kami tahan {minutes} menit supaya kamu sempat bayar.',
    leaveLine: 'Keluar dari antrean',
    othersWait: '{count} antrean',
    keptFor: 'Ditahan {minutes} menit sejak kamu keep.',
    cancelCosts: 'Batal mengurangi reputasi {penalty} per barang.',
    freeFor: 'Batal gratis dalam {seconds} detik pertama.',
    lapseCosts: 'Lewat waktu mengurangi {penalty} per barang.',
    youAre: 'Kamu urutan ke-{sequence}',
    heldForYou: '{count} barang ditahan untukmu',
  },
  en: {
    placeMeans:
      'As soon as {count} {count|comes|come} free for you, we hold {count|it|them} for {minutes} minutes, so that you can pay.',
    leaveLine: 'Leave the line',
    othersWait: '{count} in line',
    keptFor: 'Held for {minutes} minutes from when you keep it.',
    cancelCosts: 'A cancel takes {penalty} reputation for each unit.',
    freeFor: 'It is free in the first {seconds} seconds.',
    lapseCosts: 'Letting the time run out takes {penalty} for each unit.',
    youAre: 'You are number {sequence}',
    heldForYou: '{count} {count|unit|units} held for you',
  },
});
