import { defineMessages } from '../../shared/i18n.js';

/** Words of a live's report. */
export const report = defineMessages({
  id: {
    title: 'Laporan {live}',
    back: 'Semua live',
    notStarted: 'Belum dimulai.',
    since: 'Sejak {from}, masih berlangsung.',
    between: '{from} sampai {to}',
    booked: 'Di-Book',
    released: 'Lepas kembali',
    sold: 'Terjual',
    paidTotal: 'Sudah dibayar',
    open: 'Laporan',
    openOf: 'Laporan {title}',
    chartTitle: 'Selama live',
    chartBookings: 'Di-book',
    chartReleases: 'Lepas',
    chartPaid: 'Dibayar',
    chartSummary:
      'Sejak live dimulai: {bookings} unit di-book, {releases} lepas kembali, {paid} dibayar.',
    chartEmpty: 'Grafik muncul begitu ada booking.',
  },
  en: {
    title: 'Report of {live}',
    back: 'All lives',
    notStarted: 'Not started yet.',
    since: 'Since {from}, still on.',
    between: '{from} to {to}',
    booked: 'Booked',
    released: 'Released again',
    sold: 'Sold',
    paidTotal: 'Paid so far',
    open: 'Report',
    openOf: 'Report of {title}',
    chartTitle: 'Over the live',
    chartBookings: 'Booked',
    chartReleases: 'Released',
    chartPaid: 'Paid',
    chartSummary:
      'Since the live started: {bookings} units booked, {releases} released, {paid} paid.',
    chartEmpty: 'The chart appears with the first booking.',
  },
});
