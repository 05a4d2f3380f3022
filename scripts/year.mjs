/** `npm run year`: sets up what is missing and lets a shop live through a year; see docs/archive.md. */
import { runBenchProgram } from './bench-build.mjs';

await runBenchProgram('year/main.js');
