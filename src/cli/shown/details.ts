/** What a check found, in words: `total 3, max 10, hook listener`. What is null or empty is not said. */
export function describeDetails(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => describe(toWords(name), value))
    .filter((words) => words !== '')
    .join(', ');
}

function describe(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? name : `no ${name}`;
  if (Array.isArray(value)) return value.length === 0 ? '' : `${name} ${value.map(describeEach).join('; ')}`;
  if (typeof value === 'object') return named(name, describeDetails(value as Readonly<Record<string, unknown>>));
  return `${name} ${String(value)}`;
}

/** One of several; what has a name begins with it. */
function describeEach(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, ...more } = value as Readonly<Record<string, unknown>>;
  const said = describeDetails(more);
  return typeof name === 'string' ? named(name, said) : said;
}

function named(name: string, said: string): string {
  return said === '' ? name : `${name} (${said})`;
}

/** `sessionsCount`: sessions count. */
function toWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
