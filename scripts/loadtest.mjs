/** `npm run loadtest`: sets up what is missing and loads a server; see docs/loadtest.md. */
import { runBenchProgram } from './bench-build.mjs';

// A server somewhere else has its own build and its own Redis; whoever joins a load brings no server.
const withServer = !process.argv.some((argument) => /^--(url|join)\b/.test(argument));
await runBenchProgram('loadtest/main.js', { withServer });
