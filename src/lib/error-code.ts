/** For people, too: `EACCES`, or what the error says of itself. */
export function toCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(toCode(error));
}
