import type { Log } from '../../src/core/ports/log.ts';

/** A log that can be read. */
export interface KeptLog extends Log {
  /** The fields of the lines with this event name, oldest first. */
  of(event: string): readonly Readonly<Record<string, unknown>>[];
  /** All of it, as text. */
  text(): string;
}

export function createKeptLog(): KeptLog {
  const lines: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const keep = (fields: object, event: string): void => void lines.push({ event, fields: { ...fields } });
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    text: () => JSON.stringify(lines),
    of: (event) => lines.filter((line) => line.event === event).map(({ fields }) => fields),
  };
}
