/** `npm run loadtest`: sets up what is missing and loads a server; see docs/loadtest.md. */
import { runBenchProgram } from './bench-build.mjs';

// A server somewhere else has its own build and its own Redis.
const withServer = !process.argv.some((argument) => argument.startsWith('--url'));
await runBenchProgram('loadtest/main.js', { withServer });
