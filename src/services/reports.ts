import { AppError } from '../protocol/errors.js';
import type { LiveReport, Period, PeriodsQuery } from '../protocol/report.js';
import type { PastRecords } from '../store/past.js';
import type { Store } from '../store/store.js';

/** What evenings, days and months came to. Redis does not keep what that takes; the archive does. */
export class Reports {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** @throws NOT_FOUND */
  async live(shopId: string, liveId: string): Promise<LiveReport> {
    const report = await this.archive.liveReport(shopId, liveId);
    if (!report) throw new AppError('NOT_FOUND');
    return report;
  }

  /** @throws NOT_FOUND where nothing is archived */
  periods(shopId: string, query: PeriodsQuery): Promise<Period[]> {
    return this.archive.periodReport(shopId, query);
  }

  private get archive(): PastRecords {
    if (!this.store.past) throw new AppError('NOT_FOUND', { archive: 'none' });
    return this.store.past;
  }
}
