/** ISO 8601; a dash for what has not happened. */
export function toInstant(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString();
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

export function toMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** What the agent asks, on one line. */
export function toSummary(tool: string, input: Readonly<Record<string, unknown>>): string {
  const [first] = [input['command'], input['file_path'], input['url'], input['question'], input['plan']].filter(
    (value) => typeof value === 'string',
  );
  const said = String(first ?? JSON.stringify(input)).replaceAll(/\s+/g, ' ');
  return `${tool}: ${said.length > 100 ? `${said.slice(0, 99)}…` : said}`;
}
