import type { Guarantee } from './guarantees.js';
import type { Random } from './random.js';
import type { Needs, Scene } from './scene.js';

/** One thing that goes wrong while viewers book. */
export interface Fault {
  name: string;
  /** In a few words, for the table. */
  does: string;
  needs?: Partial<Needs>;
  /** What may be lost of what was acknowledged, in words; undefined: nothing. */
  mayLose?: string;
  /** Guarantees that do not hold for the clients that were there, and why. */
  except?: Partial<Record<Guarantee, string>>;
  /** Some server and Redis serve all the time, so holds end on time, not only as soon as that is over. */
  onTime?: boolean;
  /** Does it. What lies inside of `scene.during()` is the fault; what follows brings back what is still away. */
  act(scene: Scene, random: Random): Promise<void>;
}
