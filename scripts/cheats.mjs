/** `npm run cheats`: sets up what is missing and lets cheats meet honest viewers; see docs/fairness.md. */
import { runBenchProgram } from './bench-build.mjs';

await runBenchProgram('cheats/main.js');
