import type { Fault } from './fault.js';
import { ARCHIVE_FAULTS } from './kinds/archive.js';
import { CLIENT_FAULTS } from './kinds/clients.js';
import { CLOCK_FAULTS } from './kinds/clocks.js';
import { GATEWAY_FAULTS } from './kinds/gateway.js';
import { NETWORK_FAULTS } from './kinds/network.js';
import { PROCESS_FAULTS } from './kinds/processes.js';
import { REDIS_FAULTS } from './kinds/redis.js';
import { STORAGE_FAULTS } from './kinds/storage.js';

/** Every fault, in the order of the table. */
export const FAULTS: Fault[] = [
  ...PROCESS_FAULTS,
  ...NETWORK_FAULTS,
  ...STORAGE_FAULTS,
  ...REDIS_FAULTS,
  ...CLOCK_FAULTS,
  ...CLIENT_FAULTS,
  ...GATEWAY_FAULTS,
  ...ARCHIVE_FAULTS,
];
