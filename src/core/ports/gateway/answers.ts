/** The answers that clients wait for at their connections. */
export interface AnswersApi {
  /** The client that attended the answer went away. A queued request goes on as a background one, and the answer is
   *  written as a response file where there is a folder for them. */
  leave(id: string): Promise<void>;
  /** The client that attended the answer has it. */
  handedOver(id: string): Promise<void>;
}
