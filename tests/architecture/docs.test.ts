import { expect, test } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';

/** Files that a page links to, relative to the root; addresses and anchors left out. */
function linksOf(page: string): readonly string[] {
  const links = readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g);
  return [...links]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => normalize(join(dirname(page), link)));
}

function reachFrom(page: string, seen: Set<string>): ReadonlySet<string> {
  seen.add(page);
  for (const link of linksOf(page)) {
    if (link.endsWith('.md') && existsSync(link) && !seen.has(link)) reachFrom(link, seen);
  }
  return seen;
}

test('every page is reachable from the README', () => {
  const reached = reachFrom('README.md', new Set());
  const pages = [...globSync('docs/**/*.md'), ...globSync('*.md')];
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test('every link leads to a file', () => {
  const pages = [...globSync('docs/**/*.md'), ...globSync('*.md')];
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => !existsSync(link))
      .map((link) => `${page} → ${link}`),
  );
  expect(broken).toEqual([]);
});

test('every file that CONTRIBUTING names is there', () => {
  const named = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|cjs|mjs))`/g)];
  const files = named.map(([, file]) => file ?? '').filter((file) => !file.includes('a/b'));
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter((file) => !['', 'src/', 'tests/'].some((root) => existsSync(`${root}${file}`)))).toEqual([]);
});

test('CONTRIBUTING draws every room that the rules name', () => {
  const halls = createRequire(import.meta.url)('./rooms.cjs') as Readonly<Record<string, readonly string[][]>>;
  const page = readFileSync('CONTRIBUTING.md', 'utf8');
  const rooms = Object.values(halls).flatMap((floors) => floors.flat());
  const names = rooms.map((room) => room.replace('./', '').replace('.ts', ''));
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});

test('docs/streams.md names every event', () => {
  const page = readFileSync('docs/streams.md', 'utf8');
  // One row may name several of a kind: `approval.opened`, `.allowed`.
  const named = page.split('\n').flatMap((row) => {
    let kind = '';
    return [...row.matchAll(/`([a-z]*)\.([a-z_]+)`/g)].map(([, own = '', name]) => {
      kind = own === '' ? kind : own;
      return `${kind}.${name}`;
    });
  });
  const events = readFileSync('src/core/model/event.ts', 'utf8').matchAll(/^ +\| '([a-z]+\.[a-z_]+)'/gm);
  const known = [...events].map(([, type]) => type ?? '');
  expect(known.length).toBeGreaterThan(20);
  expect(known.filter((type) => !named.includes(type))).toEqual([]);
});

test('A20: no line that may be typed holds a placeholder that a shell takes for a redirection', () => {
  const pages = [...globSync('docs/**/*.md'), ...globSync('*.md')];
  const wrong = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
      block
        .split('\n')
        .filter((line) => /<[A-Za-z][\w -]*>/.test(line))
        .map((line) => `${page}: ${line}`),
    ),
  );
  expect(wrong).toEqual([]);
});
