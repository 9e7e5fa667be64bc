/** `Prefer: wait=N` in seconds, at most 60 (RFC 7240); null when it is absent or makes no sense. */
export function parseWait(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const found = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(text);
  return found === null ? null : Math.min(60, Number(found[1]));
}
