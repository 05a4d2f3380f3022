/** Talking to the server over Socket.IO: the connection, and commands over it. */
export { command, newRequestId, type Outcome } from './command.js';
export { type ConnectionStatus, connectSocket, type LiveholdSocket } from './connection.js';
