/** The agent cannot be given a prompt; nothing was submitted. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}
