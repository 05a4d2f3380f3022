/** A step of the set-up that a person must finish; the message is one line that says how. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * Runs a command's main function; what a person can mend ends it with one line, not a stack.
 * @param {() => Promise<void>} main
 */
export async function runCommand(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
