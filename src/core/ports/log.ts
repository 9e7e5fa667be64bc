/** Event name as the message, data as fields. A prompt only as `prompt`, an answer only as `text`, the input of a tool only as
 *  `summary`: they are left out unless the operator asked for them. Never a secret. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, event: string): void;
  info(fields: Readonly<Record<string, unknown>>, event: string): void;
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
}
