import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type AuditLine, FIRST_HASH, toHashed } from '../../src/core/model/audit/audit.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { CANCELLED } from '../../src/core/flows/requests/ends.ts';
import { aClaim, aRequest, enqueue, type OpenStore, ROOMY, T0, withStore } from './store-fixtures.ts';

const ATTACHED = { at: T0, who: 'key:one', action: 'terminal.attached', workspace: 'demo', subject: null } as const;
const SESSION = {
  workspace: 'demo',
  agent: 'claude',
  agentSessionId: null,
  createdAt: T0,
  lastActivityAt: T0,
} as const;

async function actionsOf(store: Store): Promise<readonly string[]> {
  return (await store.listAudit(0, 1_000)).map(({ who, action, subject }) => `${who} ${action} ${subject ?? '-'}`);
}

/** The number of the first line that does not follow from the one before; null when all do. */
function findBreak(lines: readonly AuditLine[]): number | null {
  let before = FIRST_HASH;
  for (const [index, line] of lines.entries()) {
    const hash = createHash('sha256').update(toHashed(before, line)).digest('hex');
    if (line.seq !== index + 1 || line.hash !== hash) return index + 1;
    before = hash;
  }
  return null;
}

export function describeAudit(open: OpenStore): void {
  describe('the audit log', () => {
    test('has lines in order, each with a hash over the one before, also of what came in one moment', async () => {
      await withStore(open, async ({ store }) => {
        await Promise.all([
          ...Array.from({ length: 50 }, (_, i) => store.accept(aRequest(`r${i}`, { workspace: `w${i}` }), ROOMY, null)),
          ...Array.from({ length: 50 }, () => store.noteAudit({ ...ATTACHED, detail: { write: true, name: '"🚪' } })),
        ]);
        const lines = await store.listAudit(0, 1_000);
        expect(lines).toHaveLength(100);
        expect(findBreak(lines)).toBeNull();
        expect(await store.listAudit(97, 2)).toEqual(lines.slice(97, 99));
      });
    });

    test('has what is accepted, once, and without its prompt unless that is wanted', async () => {
      await withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim({ key: 'same' }));
        await store.accept(aRequest('again'), ROOMY, aClaim({ key: 'same' }));
        await store.accept({ ...aRequest('b', { prompt: 'a secret' }), notesPrompt: true }, ROOMY, null);
        const lines = await store.listAudit(0, 10);
        expect(lines.map(({ subject }) => subject)).toEqual(['a', 'b']);
        expect(lines[0]?.detail).not.toHaveProperty('prompt');
        expect(lines[1]?.detail).toMatchObject({ prompt: 'a secret' });
      });
    });

    test('has nothing of what was refused, and no gap because of it', async () => {
      await withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), { total: 0, perSession: 0 }, null);
        await store.accept(aRequest('b'), ROOMY, null);
        await store.accept(aRequest('b'), ROOMY, null).catch(() => {});
        await store.accept(aRequest('c'), ROOMY, null);
        const lines = await store.listAudit(0, 10);
        expect(lines.map(({ seq, subject }) => [seq, subject])).toEqual([
          [1, 'b'],
          [2, 'c'],
        ]);
        expect(findBreak(lines)).toBeNull();
      });
    });

    test('has what somebody changed, and not what the gateway did by itself', async () => {
      await withStore(open, async ({ store }) => {
        await store.ensureSession({ ...SESSION, workspace: 'alone' });
        await store.ensureSession(SESSION, 'key:one');
        await store.ensureSession(SESSION, 'key:two');
        await enqueue(store, aRequest('a'));
        await store.endQueued('a', CANCELLED, T0, 'telegram:7');
        await store.endQueued('a', CANCELLED, T0, 'telegram:8');
        await store.deleteSession('demo', T0, 'key:one');
        await store.deleteSession('demo', T0, 'key:two');
        await store.deleteSession('alone', T0);
        const told = (await actionsOf(store)).filter((line) => !line.includes('request.accepted'));
        expect(told).toEqual([
          'key:one session.created -',
          'telegram:7 request.cancelled a',
          'key:one session.deleted -',
        ]);
      });
    });
  });
}
