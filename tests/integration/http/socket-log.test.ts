import { expect, test } from '@jest/globals';
import { until } from '../../helpers/until.ts';
import { openBotRig } from './bot-rig.ts';

test('A6: a WebSocket has a line when it opens, for each frame that is refused, and when it ends', async () => {
  await using rig = await openBotRig();
  const told = (event: string) => rig.lines.filter((line) => line.event === event).map(({ fields }) => fields);
  const client = await rig.connect();
  client.send('{');
  client.send({ type: 'shout' });
  await client.gets({ type: 'error', field: 'type' });
  await client.close();
  await until(() => told('http.websocket_closed').length === 1);
  const who = { route: '/ws', keyId: 'one' };
  expect(told('http.websocket_opened')).toEqual([who]);
  expect(told('http.frame_refused')).toEqual([
    { ...who, code: 'malformed_json' },
    { ...who, code: 'invalid_field' },
  ]);
  expect(told('http.websocket_closed')).toEqual([{ ...who, code: expect.any(Number), ms: expect.any(Number) }]);
});
