import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createChain } from '../../../../../src/cli/remote/audit/chain.ts';
import { type AuditLine, FIRST_HASH, toHashed } from '../../../../../src/core/model/audit/audit.ts';

function makeLog(count: number): readonly AuditLine[] {
  const lines: AuditLine[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const line = {
      seq,
      at: seq,
      who: 'key:one',
      action: 'request.accepted',
      workspace: 'w',
      subject: `r${seq}`,
      detail: {},
    } as const;
    const hash = createHash('sha256')
      .update(toHashed(lines.at(-1)?.hash ?? FIRST_HASH, line))
      .digest('hex');
    lines.push({ ...line, hash });
  }
  return lines;
}

function firstWrong(lines: readonly AuditLine[], known?: AuditLine): string | null {
  const chain = createChain(known);
  return lines.map((line) => chain.add(line)).find((wrong) => wrong !== null) ?? null;
}

const LOG = makeLog(5);

test('a log as it was written holds', () => {
  expect(firstWrong(LOG)).toBeNull();
});

test.each([0, 1, 3])('a line that was taken out at place %d is missed', (at) => {
  expect(firstWrong(LOG.toSpliced(at, 1))).toBe(`line ${at + 1} is missing`);
});

test.each<[string, Partial<AuditLine>]>([
  ['who', { who: 'key:two' }],
  ['when', { at: 99 }],
  ['what', { action: 'request.cancelled' }],
  ['where', { workspace: null }],
  ['to what', { subject: null }],
  ['a detail', { detail: { source: 'http' } }],
])('a line that says otherwise %s is found', (_name, change) => {
  expect(firstWrong(LOG.map((line) => (line.seq === 3 ? { ...line, ...change } : line)))).toContain(
    'line 3 was changed',
  );
});

test('a log that was written anew is found by a line that was noted before', () => {
  const anew = makeLog(6).map((line) => line);
  const noted = { ...(LOG[3] as AuditLine), hash: 'f'.repeat(64) };
  expect(firstWrong(anew, noted)).toBe('line 4 is another one than is known');
});

test('the last lines that were taken off are found by a line that was noted before', () => {
  const chain = createChain(LOG[4]);
  for (const line of LOG.slice(0, 3)) chain.add(line);
  expect(chain.end().isKnownFound).toBe(false);
});
