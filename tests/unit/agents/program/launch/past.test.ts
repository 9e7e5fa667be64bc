import { expect, test } from '@jest/globals';
import { toPast } from '../../../../../src/agents/program/launch/past.ts';
import type { LaunchRecord, LostConversation } from '../../../../../src/agents/program/launch/launch-record.ts';

const FILE = '/home/.claude/projects/w/s1.jsonl';
const lost: LostConversation = { agentSessionId: 's0', why: 'gone' };
const record = (change: Partial<LaunchRecord> = {}): LaunchRecord => ({
  agentSessionId: 's1',
  token: 't',
  agent: null,
  version: null,
  said: true,
  lost: null,
  ...change,
});

test.each([
  ['a session that had none', [null, null, null, null], null],
  ['one that is there', [record(), 's1', FILE, null], null],
  ['one whose file is gone', [record(), 's1', null, null], { agentSessionId: 's1', why: 'gone' }],
  ['one that cannot be read', [record(), null, null, 's1'], { agentSessionId: 's1', why: 'unreadable' }],
  ['one in which nothing was said', [record({ said: false }), 's1', null, null], null],
  ['one that cannot be read, in which nothing was said', [record({ said: false }), null, null, 's1'], null],
  ['one of which nothing is known', [null, 's1', null, null], { agentSessionId: 's1', why: 'gone' }],
  [
    'another one than the record is of',
    [record({ agentSessionId: 's2', said: false }), 's1', null, null],
    { agentSessionId: 's1', why: 'gone' },
  ],
  ['one whose loss no request was told', [record({ said: false, lost }), 's1', null, null], lost],
  ['the same, of a session that has a file by now', [record({ lost }), 's1', FILE, null], lost],
] satisfies readonly (readonly [string, Parameters<typeof toPast>, LostConversation | null])[])(
  'what is lost of %s',
  (_name, args: Parameters<typeof toPast>, expected) => {
    expect(toPast(...args).lost).toEqual(expected);
  },
);
