import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endChild, spawnChild } from '../../../test/support/child.js';

const PROGRAM = fileURLToPath(new URL('./bystander-process.js', import.meta.url));
const COUNT = 60;

/** Watchers in a process of their own, which can be made to read nothing. */
export class Bystanders {
  private readonly child: ReturnType<typeof spawnChild>;

  private constructor(child: ReturnType<typeof spawnChild>) {
    this.child = child;
  }

  /** Resolves when all are in the live. */
  static async join(where: { url: string; shopId: string; liveId: string }): Promise<Bystanders> {
    const args = [where.url, where.shopId, where.liveId, String(COUNT)];
    const child = spawnChild(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const bystanders = new Bystanders(child);
    const here = child.stdout ? once(child.stdout, 'data') : Promise.resolve();
    const ended = once(child, 'exit').then(() => {
      throw new Error('the bystanders could not join');
    });
    await Promise.race([here, ended]);
    ended.catch(() => {});
    return bystanders;
  }

  /** Connections stay open and nobody reads. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  async leave(): Promise<void> {
    await endChild(this.child, 'SIGKILL');
  }
}
