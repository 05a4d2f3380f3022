/** `npm run bench`: sets up what is missing and measures; further arguments go to bench/main.ts. */
import { runBenchProgram } from './bench-build.mjs';

await runBenchProgram('main.js');
