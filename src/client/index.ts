/** What `livehold/client` is made of: the package's one entry, for browsers and Node. */
export {
  type AnswerOf,
  Api,
  type ApiOptions,
  type CallOptions,
  type Endpoint,
  everyRow,
  type PageOf,
  type RequestOptions,
} from './api.js';
export { type Moment, ServerClock } from './clock.js';
export { type CommandOptions, newRequestId } from './command.js';
export {
  Connection,
  type ConnectionEvents,
  type ConnectionOptions,
  type ConnectionStatus,
} from './connection.js';
export { type ClientErrorCode, LiveholdError, type Outcome, settle } from './errors.js';
export { connectHost, type HostClient, type HostClientEvents, type HostOptions } from './host.js';
export type { Phase, StateEvents } from './live-client.js';
export type { Token } from './token.js';
export {
  connectViewer,
  type OrderWishes,
  type ViewerClient,
  type ViewerEvents,
  type ViewerOptions,
} from './viewer.js';
