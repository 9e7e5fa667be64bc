const LAST_LINES = 15;

/** What a person needs to see of a screen. */
export function lastLines(screen: string): string {
  return screen
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-LAST_LINES)
    .join('\n');
}
