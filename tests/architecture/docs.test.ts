import { expect, test } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
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
