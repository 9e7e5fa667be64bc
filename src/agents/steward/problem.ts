import { GatewayError } from '../../core/model/errors.ts';

/** An error on its way from the steward to the gateway. */
export interface Problem {
  readonly message: string;
  /** Only of a GatewayError. */
  readonly code?: GatewayError['code'];
  readonly field?: string;
}

export function toProblem(error: unknown): Problem {
  if (!(error instanceof GatewayError)) return { message: error instanceof Error ? error.message : String(error) };
  const { code, field, message } = error;
  return { message, code, ...(field !== undefined && { field }) };
}

export function toError({ message, code, field }: Problem): Error {
  if (code === undefined) return new Error(message);
  return new GatewayError(code, message, field === undefined ? {} : { field });
}
