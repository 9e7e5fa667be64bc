/** A number of JSON that is written as it is, however many digits it has. */
export function toExactNumber(digits: string): object {
  return JSON.rawJSON(digits);
}

/** Ids of threads become text as they are read: as a number, a long one would be another one. */
export function keepThreadIds(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return key === 'thread_id' && typeof value === 'number' ? (context?.source ?? value) : value;
}

declare global {
  interface JSON {
    rawJSON(text: string): object;
  }
}
