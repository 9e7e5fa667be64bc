import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApprovalRecord } from '../../../src/core/model/approval.ts';
import { toDecision } from '../../../src/core/flows/approvals/decision.ts';
import { createApiCall, type Answer, type ApiCall } from '../../helpers/api-call.ts';
import { createFakeGateway, type FakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { KEY, openHttpServer, type TestServer } from '../../helpers/http-server.ts';
import { OPEN_APPROVAL as OPEN } from '../../helpers/examples.ts';

const QUESTIONS = [
  {
    question: 'Which colour?',
    header: 'Colour',
    multiSelect: false,
    options: [{ label: 'Red', description: 'r' }],
  },
];
const QUESTION: ApprovalRecord = {
  ...OPEN,
  kind: 'question',
  tool: 'AskUserQuestion',
  input: { questions: QUESTIONS },
};
const PLAN: ApprovalRecord = { ...OPEN, kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'all of it' } };

interface Opened extends AsyncDisposable {
  readonly call: ApiCall;
  readonly gateway: FakeGateway;
}

/** With these approvals, oldest first. */
async function openWith(...approvals: readonly ApprovalRecord[]): Promise<Opened> {
  const http = await openHttpServer();
  for (const approval of approvals) http.gateway.addApproval(approval);
  return {
    call: createApiCall(http.baseUrl, KEY),
    gateway: http.gateway,
    [Symbol.asyncDispose]: () => http.server.close(),
  };
}

const ids = ({ body }: Answer): readonly string[] => body.approvals.map(({ id }: { readonly id: string }) => id);

describe('GET /approvals', () => {
  const all = [
    { ...OPEN, id: '1', state: 'denied' },
    { ...OPEN, id: '2' },
    { ...OPEN, id: '3', workspace: 'other', requestId: 'req-2' },
    { ...OPEN, id: '4', workspace: 'other', requestId: 'req-2', state: 'expired' },
  ] as const;

  test('is empty before an agent asks', async () => {
    await using http = await openWith();
    expect(await http.call('GET', '/approvals')).toMatchObject({ status: 200, body: { approvals: [], total: 0 } });
  });

  test.each([
    ['', ['4', '3', '2', '1']],
    ['?state=open', ['3', '2']],
    ['?workspace=demo', ['2', '1']],
    ['?requestId=req-2', ['4', '3']],
    ['?requestId=req-2&workspace=other&state=expired', ['4']],
    ['?workspace=nobody', []],
  ])('%s lists those that match, the newest first', async (query, expected) => {
    await using http = await openWith(...all);
    const answer = await http.call('GET', `/approvals${query}`);
    expect([answer.status, ids(answer), answer.body.total]).toEqual([200, expected, expected.length]);
  });

  test('is cut at a limit, and says how many there are', async () => {
    await using http = await openWith(...all);
    const answer = await http.call('GET', '/approvals?limit=2');
    expect([ids(answer), answer.body.total]).toEqual([['4', '3'], 4]);
  });

  test('is cut at 100 without a limit', async () => {
    await using http = await openWith(...Array.from({ length: 101 }, (_, index) => ({ ...OPEN, id: `apr-${index}` })));
    const answer = await http.call('GET', '/approvals');
    expect([ids(answer).length, answer.body.total]).toEqual([100, 101]);
  });

  test.each([
    ['state=closed', 'state'],
    ['state=', 'state'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=many', 'limit'],
    ['stat=open', 'stat'],
  ])('refuses ?%s by the name of the field', async (query, field) => {
    await using http = await openWith();
    const answer = await http.call('GET', `/approvals?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_field', field } });
  });
});

// A fraction is cut to a whole number, as in every query.
test('GET /approvals refuses ?limit=1.5', async () => {
  await using http = await openWith();
  expect((await http.call('GET', '/approvals?limit=1.5')).status).toBe(400);
});

describe('GET /approvals/:id', () => {
  test('shows what is asked, and nothing of how the gateway knows it', async () => {
    await using http = await openWith({ ...OPEN, subagent: 'sub-1' });
    const { status, body } = await http.call('GET', '/approvals/apr-1');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'apr-1',
      state: 'open',
      kind: 'tool',
      requestId: 'req-1',
      workspace: 'demo',
      tool: 'Bash',
      input: OPEN.input,
      subagent: 'sub-1',
      canRemember: true,
      rules: OPEN.rules,
      questions: null,
      decision: null,
      message: null,
      answers: null,
      decidedBy: null,
      decidedAt: null,
      createdAt: 1_800_000_000_000,
      expiresAt: 1_800_000_600_000,
    });
  });

  test('says when there is nothing to remember', async () => {
    await using http = await openWith({ ...OPEN, rules: [] });
    expect((await http.call('GET', '/approvals/apr-1')).body.canRemember).toBe(false);
  });

  test('shows the questions with their options', async () => {
    await using http = await openWith(QUESTION);
    expect((await http.call('GET', '/approvals/apr-1')).body.questions).toEqual(QUESTIONS);
  });

  test('shows an input of any form', async () => {
    await using http = await openWith({
      ...QUESTION,
      input: { questions: [7, { question: 'Why?' }, { header: 'x' }] },
    });
    const { body } = await http.call('GET', '/approvals/apr-1');
    expect(body.questions).toEqual([{ question: 'Why?', header: '', multiSelect: false, options: [] }]);
  });

  test('shows what was decided and is about to be given', async () => {
    const decision = { allow: false, message: 'no', remember: false, answers: null, mode: null } as const;
    await using http = await openWith({ ...OPEN, decision, decidedBy: 'api', decidedAt: 1_800_000_000_001 });
    expect((await http.call('GET', '/approvals/apr-1')).body).toMatchObject({
      state: 'open',
      decision: 'deny',
      message: 'no',
      decidedBy: 'api',
    });
  });

  test('is 404 for an id that nobody knows', async () => {
    await using http = await openWith();
    expect(await http.call('GET', '/approvals/apr-1')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('POST /approvals/:id', () => {
  test.each<[string, ApprovalRecord, object, object]>([
    ['allows', OPEN, { decision: 'allow' }, { state: 'allowed', decision: 'allow', message: null }],
    ['denies', OPEN, { decision: 'deny' }, { state: 'denied', decision: 'deny', message: null }],
    ['denies with a message', OPEN, { decision: 'deny', message: 'no' }, { state: 'denied', message: 'no' }],
    [
      'answers questions',
      QUESTION,
      { decision: 'allow', answers: { 'Which colour?': 'Red', 'Which sizes?': ['S', 'L'] } },
      { state: 'allowed', answers: { 'Which colour?': 'Red', 'Which sizes?': ['S', 'L'] } },
    ],
  ])('%s, and answers with the approval as decided', async (_name, approval, json, expected) => {
    await using http = await openWith(approval);
    const { status, body } = await http.call('POST', '/approvals/apr-1', { json });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...expected, decidedBy: 'api', decidedAt: expect.any(Number) });
    expect((await http.call('GET', '/approvals/apr-1')).body).toEqual(body);
  });

  test.each([
    ['remember', OPEN, { decision: 'allow', remember: true }, { allow: true, remember: true }],
    ['mode', PLAN, { decision: 'allow', mode: 'accept_edits' }, { allow: true, mode: 'accept_edits' }],
    ['nothing but the decision', OPEN, { decision: 'deny' }, { allow: false }],
  ])('hands over %s', async (_name, approval, json, expected) => {
    const given: unknown[] = [];
    const gateway = createFakeGateway({
      approvals: {
        async decide(_id, decision) {
          given.push(decision);
          return approval;
        },
      },
    });
    await using http = await openHttpServer({}, gateway);
    await createApiCall(http.baseUrl, KEY)('POST', '/approvals/apr-1', { json });
    expect(given).toEqual([expected]);
  });

  test('is 409 the second time, and the first stands', async () => {
    await using http = await openWith(OPEN);
    await http.call('POST', '/approvals/apr-1', { json: { decision: 'deny' } });
    const second = await http.call('POST', '/approvals/apr-1', { json: { decision: 'allow' } });
    expect(second).toMatchObject({ status: 409, body: { code: 'approval_decided' } });
    expect((await http.call('GET', '/approvals/apr-1')).body.state).toBe('denied');
  });

  test('is 404 for an id that nobody knows', async () => {
    await using http = await openWith();
    const answer = await http.call('POST', '/approvals/apr-1', { json: { decision: 'allow' } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test.each([
    ['nothing', {}, 'decision'],
    ['another word', { decision: 'yes' }, 'decision'],
    ['another case', { decision: 'Allow' }, 'decision'],
    ['true', { decision: true }, 'decision'],
    ['an unknown field', { decision: 'allow', remeber: true }, 'remeber'],
    ['a text as remember', { decision: 'allow', remember: 'true' }, 'remember'],
    ['null as message', { decision: 'deny', message: null }, 'message'],
    ['an empty message', { decision: 'deny', message: '' }, 'message'],
    ['a message over 10,000 characters', { decision: 'deny', message: 'x'.repeat(10_001) }, 'message'],
    ['a list as answers', { decision: 'allow', answers: ['Red'] }, 'answers'],
    ['an object as an answer', { decision: 'allow', answers: { 'Which colour?': {} } }, 'answers/Which colour?'],
    ['a number in an answer', { decision: 'allow', answers: { 'Which colour?': [7] } }, 'answers/Which colour?'],
    ['an unknown mode', { decision: 'allow', mode: 'bypassPermissions' }, 'mode'],
  ])('refuses %s by the name of the field, and decides nothing', async (_name, json, field) => {
    await using http = await openWith(OPEN);
    const answer = await http.call('POST', '/approvals/apr-1', { json });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_field', field } });
    expect((await http.call('GET', '/approvals/apr-1')).body.state).toBe('open');
  });

  test.each([
    ['a message with a permission', { decision: 'allow', message: 'go' }, 'denial'],
    ['a lone surrogate', { decision: 'deny', message: 'a\ud800' }, 'surrogate'],
  ])('refuses what does not fit the prompt by the name of the field: %s', async (_name, json, why) => {
    const gateway = createFakeGateway({
      approvals: {
        async decide(_id, given) {
          toDecision(OPEN, given);
          return OPEN;
        },
      },
    });
    await using http = await openHttpServer({}, gateway);
    const answer = await createApiCall(http.baseUrl, KEY)('POST', '/approvals/apr-1', { json });
    expect(answer).toMatchObject({ status: 400, body: { field: 'message', error: expect.stringContaining(why) } });
  });

  test.each(['{', '', 'null', '[]', '"allow"'])('refuses the body %j', async (raw) => {
    await using http = await openWith(OPEN);
    expect((await http.call('POST', '/approvals/apr-1', { raw })).status).toBe(400);
  });

  test('refuses another content type', async () => {
    await using http = await openWith(OPEN);
    const answer = await http.call('POST', '/approvals/apr-1', {
      raw: 'decision=allow',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });
});

describe('without a valid key', () => {
  let http: TestServer;
  beforeAll(async () => {
    http = await openHttpServer();
    http.gateway.addApproval(OPEN);
  });
  afterAll(() => http.server.close());

  test.each([
    ['GET', '/approvals'],
    ['GET', '/approvals/apr-1'],
    ['POST', '/approvals/apr-1'],
  ])('%s %s is 401, and nothing is decided', async (method, path) => {
    const call = createApiCall(http.baseUrl, KEY);
    for (const key of [null, 'wrong', `${KEY}x`]) {
      const json = method === 'POST' ? { json: { decision: 'allow' } } : {};
      expect(await call(method, path, { ...json, key })).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
    expect((await call('GET', '/approvals/apr-1')).body.state).toBe('open');
  });
});
