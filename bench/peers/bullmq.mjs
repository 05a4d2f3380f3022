/** BullMQ: delayed jobs that are all due at one instant, and a worker that notes when it gets each. */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { serve } from '../../dist/bench/bench/rig/serve.js';

const QUEUE = 'holds';
const PORTION = 1_000;
/** Jobs in hand at once: of 1, 10, 50, 100, 250 and 1,000 the one with which all came soonest, at the least CPU time. */
const CONCURRENCY = 100;

const path = (process.env.REDIS_URL ?? '').replace('unix://', '');
const connect = () => new Redis({ path, maxRetriesPerRequest: null });
const queue = new Queue(QUEUE, { connection: connect() });
/** @type {number[]} */
let lateness = [];
const worker = new Worker(
  QUEUE,
  async (job) => {
    lateness.push(Date.now() - job.data.due);
  },
  { connection: connect(), concurrency: CONCURRENCY, removeOnComplete: { count: 0 } },
);
worker.on('error', () => {});
await worker.waitUntilReady();

serve(
  {
    ready: () => true,
    /**
     * @param {number} count
     * @param {number} due epoch ms
     */
    async add(count, due) {
      lateness = [];
      for (let added = 0; added < count; added += PORTION) {
        const timestamp = Date.now();
        const jobs = Array.from({ length: Math.min(PORTION, count - added) }, (_, i) => ({
          name: 'release',
          data: { bookingId: `bk_${added + i}`, due },
          opts: { timestamp, delay: due - timestamp },
        }));
        await queue.addBulk(jobs);
      }
    },
    /**
     * How late each was, once all have come or time is up.
     * @param {number} count
     * @param {number} withinMs
     */
    async taken(count, withinMs) {
      const end = performance.now() + withinMs;
      while (lateness.length < count && performance.now() < end) await delay(10);
      return lateness;
    },
  },
  () => process.exit(0),
);
