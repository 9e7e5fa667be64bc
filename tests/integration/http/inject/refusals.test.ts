import { describe, expect, test } from '@jest/globals';
import { sendLines } from '../../../helpers/raw-http.ts';
import { openInjectRig, requestsOf } from './inject-rig.ts';

const JSON_TYPE = 'Content-Type: application/json';
const TASK = '{"prompt":"one"}';

describe('a page in a browser cannot drive it:', () => {
  test.each(['https://evil.example', 'null', 'http://127.0.0.1:9111', 'http://localhost', ''])(
    'any request with the Origin %j is refused',
    async (origin) => {
      await using rig = await openInjectRig({ channel: 'workspace' });
      for (const line of ['POST /inject', 'GET /sessions', 'GET /health', 'OPTIONS /inject', 'GET /nothing']) {
        const head = [`${line} HTTP/1.1`, 'Host: 127.0.0.1', `Origin: ${origin}`, JSON_TYPE];
        const answer = await sendLines(rig.port, head, line.startsWith('POST') ? TASK : '');
        expect([line, answer.status]).toEqual([line, 403]);
        expect(answer.body).toContain('"code":"origin_refused"');
      }
      expect(await requestsOf(rig)).toEqual([]);
    },
  );

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json+x',
    '',
  ])('a form that sends %j is refused, also by a browser that names no origin', async (type) => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    const head = ['POST /inject HTTP/1.1', 'Host: 127.0.0.1', ...(type === '' ? [] : [`Content-Type: ${type}`])];
    expect((await sendLines(rig.port, head, TASK)).status).toBe(415);
    expect(await requestsOf(rig)).toEqual([]);
  });

  test('no answer lets a page of another origin read it', async () => {
    await using rig = await openInjectRig();
    const { headers } = await rig.get('/sessions');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each([
    'evil.example',
    'evil.example:9111',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::2]',
    '127.0.0.1:80:80',
    '127.1',
    '',
  ])('the Host %j is refused, as DNS may have been turned against it', async (host) => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    for (const line of ['POST /inject', 'GET /sessions', 'GET /health']) {
      const answer = await sendLines(
        rig.port,
        [`${line} HTTP/1.1`, `Host: ${host}`, JSON_TYPE],
        line.startsWith('P') ? TASK : '',
      );
      expect([line, answer.status]).toEqual([line, 403]);
      expect(answer.body).toContain('"code":"host_refused"');
    }
    expect(await requestsOf(rig)).toEqual([]);
  });

  test.each(['127.0.0.1', '127.0.0.1:9111', '127.9.9.9:1', 'localhost', 'LocalHost:9111', '[::1]', '[::1]:9111'])(
    'the Host %s is this machine',
    async (host) => {
      await using rig = await openInjectRig({ channel: 'workspace' });
      expect((await sendLines(rig.port, ['POST /inject HTTP/1.1', `Host: ${host}`, JSON_TYPE], TASK)).status).toBe(200);
    },
  );
});

describe('what is no task', () => {
  test.each([
    ['an array', '[1]'],
    ['text', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
  ])('%s is 400', async (_what, body) => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    expect(await rig.inject(body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });

  test('bytes that are no UTF-8 are 400', async () => {
    await using rig = await openInjectRig();
    const body = Buffer.from('{"prompt":"\xff"}', 'latin1');
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${rig.baseUrl}/inject`, { method: 'POST', headers, body })).status).toBe(400);
  });

  test('a body over 2 MiB is 413', async () => {
    await using rig = await openInjectRig();
    expect(await rig.inject({ prompt: 'x'.repeat(2 * 1024 * 1024) })).toMatchObject({ status: 413 });
  });

  test('a prompt of 256 kB is taken, however it is escaped', async () => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    const { status, body } = await rig.inject(`{"prompt":"${'\\u0041'.repeat(262_144)}"}`);
    expect(status).toBe(200);
    expect((await rig.house.store.readRequest(body.requestId))?.prompt).toBe('A'.repeat(262_144));
  });

  test('names that JavaScript gives a meaning are refused', async () => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    expect(await rig.inject('{"prompt":"one","__proto__":{"thread_id":1}}')).toMatchObject({ status: 400 });
  });

  test('GET /inject is refused with the method that it has', async () => {
    await using rig = await openInjectRig();
    expect(await rig.get('/inject')).toMatchObject({ status: 405, body: { error: expect.stringContaining('POST') } });
  });

  test.each(['/', '/status', '/execute'])('GET %s is not there, and says what is', async (path) => {
    await using rig = await openInjectRig();
    expect(await rig.get(path)).toMatchObject({ status: 404, body: { error: expect.stringMatching(/POST \/inject/) } });
  });
});
