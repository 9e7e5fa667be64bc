import { GatewayError } from '../../model/errors.ts';

/** A field of a decision that does not fit its prompt. */
export function wrong(field: string, why: string): GatewayError {
  return new GatewayError('invalid_field', `${field} ${why}`, { field });
}
