/** Why the private Redis of local mode could not be had; the message is one line, meant for a person. */
export class LocalRedisError extends Error {
  override readonly name = 'LocalRedisError';
}
