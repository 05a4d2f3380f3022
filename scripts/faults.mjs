/** `npm run faults`: sets up what is missing and makes things go wrong; see docs/reliability.md. */
import { runBenchProgram } from './bench-build.mjs';

await runBenchProgram('faults/main.js');
