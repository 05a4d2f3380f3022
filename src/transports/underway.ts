/** Counts the commands and requests under way, for the shutdown to wait for. */
export class Underway {
  private count = 0;
  private whenNone: (() => void)[] = [];

  begin(): void {
    this.count++;
  }

  end(): void {
    this.count--;
    if (this.count === 0) for (const done of this.whenNone.splice(0)) done();
  }

  /** Resolves once nothing is under way. */
  none(): Promise<void> {
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenNone.push(resolve));
  }
}
