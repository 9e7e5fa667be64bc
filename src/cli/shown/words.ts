/** ISO 8601; a dash for what has not happened. */
export function toInstant(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString();
}

/** An instant as `5s ago`, `in 2h`; what is none stays as it is. */
export function toAge(cell: string, now: number): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(cell)) return cell;
  const ms = now - Date.parse(cell);
  const [count, unit] = toRough(Math.abs(ms) / 1_000);
  return ms < 0 ? `in ${count}${unit}` : `${count}${unit} ago`;
}

function toRough(seconds: number): readonly [number, string] {
  if (seconds < 60) return [Math.floor(seconds), 's'];
  if (seconds < 3_600) return [Math.floor(seconds / 60), 'm'];
  return seconds < 86_400 ? [Math.floor(seconds / 3_600), 'h'] : [Math.floor(seconds / 86_400), 'd'];
}

export function toDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(seconds / 3_600)}h${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')}m`;
}

export function toUsd(microUsd: number): string {
  return (microUsd / 1e6).toFixed(4);
}

/** `1 conversation`, `2 conversations`. */
export function toCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Of memory. */
export function toMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Of a file, small or large. */
export function toSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What the agent asks, on one line. */
export function toSummary(tool: string, input: Readonly<Record<string, unknown>>): string {
  const [first] = [input['command'], input['file_path'], input['url'], input['question'], input['plan']].filter(
    (value) => typeof value === 'string',
  );
  const said = String(first ?? JSON.stringify(input)).replaceAll(/\s+/g, ' ');
  return `${tool}: ${said.length > 100 ? `${said.slice(0, 99)}…` : said}`;
}
