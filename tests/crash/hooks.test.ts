import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import { readNotes, writeHook } from '../helpers/hook-files.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';

const KILLS = Number(process.env['CRASH_HOOKS'] ?? 50);
const WITHIN_MS = 60_000;

/** Hooks that kill the gateway: the process that started them. */
describe('a gateway that is killed with -9', () => {
  let root = '';
  let house: GatewayHouse;

  beforeEach(async () => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-crash-')));
    const agent = await installScriptedAgent(root);
    house = await openGatewayHouse({ agent, env: { HOOKS_FILE: path.join(root, 'hooks.json'), LOG_LEVEL: 'warn' } });
  });
  afterEach(async () => {
    await house.close();
    rmSync(root, { recursive: true });
  });

  function setHook(event: string, lines: string): void {
    writeHook(root, 'deadly.sh', lines);
    const hook = { ref: 'deadly.sh', events: [event], timeout_ms: 30_000, fail_closed: true };
    writeFileSync(path.join(root, 'hooks.json'), JSON.stringify({ hooks: [hook] }));
  }

  const notes = () => readNotes(path.join(root, 'notes'));

  async function submit(at: number, live: GatewayProcess): Promise<string> {
    await live.ready();
    const answer = await house.call('POST', '/execute', { json: { workspace: `w${at % 4}`, command: `job ${at}` } });
    return String(answer.body.requestId);
  }

  function deliveries(): readonly { readonly id: string; readonly request_id: string; readonly state: string }[] {
    const db = new DatabaseSync(house.database, { readOnly: true });
    try {
      return db.prepare(`SELECT id, request_id, state FROM deliveries WHERE kind = 'hook'`).all() as never;
    } finally {
      db.close();
    }
  }

  test(
    `between the end of a turn and its post hook, ${KILLS} times: each is told at least once, with one event_id`,
    async () => {
      // The first call of each event_id kills the gateway before the hook has noted anything; and so may the second.
      setHook(
        'post_session',
        `cd ${root}
        told=$(cat)
        id=$(printf '%s' "$told" | sed 's/.*"event_id":"\\([^"]*\\)".*/\\1/')
        if [ ! -e "killed-$id" ]; then : > "killed-$id"; kill -9 $PPID; exit 1; fi
        printf '%s\\n' "$told" >> notes`,
      );
      const ids: string[] = [];
      let live = house.start();
      for (let at = 0; at < KILLS; at += 1) {
        ids.push(await submit(at, live));
        expect(await live.exited).toBe('SIGKILL');
        live = house.start();
      }
      await live.ready();
      await until(
        () => deliveries().length === KILLS && deliveries().every(({ state }) => state === 'sent'),
        WITHIN_MS,
      );
      const owed = new Map(deliveries().map(({ id, request_id }) => [request_id, id]));
      expect([...owed.keys()].toSorted()).toEqual(ids.toSorted());
      expect(new Set(notes().map(({ event_id }) => event_id))).toEqual(new Set(owed.values()));
    },
    WITHIN_MS * KILLS,
  );

  test(
    'between a pre hook’s word and the claim’s way to the agent: it is asked again, and never skipped',
    async () => {
      // It says yes and kills the gateway, twice, and then says no.
      setHook(
        'pre_session',
        `cd ${root}
        cat >> notes; echo >> notes
        case $(wc -l < notes) in
          1 | 2) echo '{"allow": true}'; kill -9 $PPID ;;
          *) echo '{"allow": false, "reason": "the third word"}' ;;
        esac`,
      );
      let live = house.start();
      const id = await submit(0, live);
      for (let kill = 1; kill <= 2; kill += 1) {
        expect(await live.exited).toBe('SIGKILL');
        live = house.start();
      }
      await live.ready();
      await until(async () => (await house.call('GET', `/status/${id}`)).body.state === 'failed', WITHIN_MS);
      const { body } = await house.call('GET', `/status/${id}`);
      expect(body).toMatchObject({ reason: 'hook_denied', error: 'the third word' });
      expect(notes().map(({ event_id }) => event_id)).toEqual(Array(3).fill(`pre-${id}`));
      expect(house.journal().filter((entry) => JSON.stringify(entry).includes('job 0'))).toEqual([]);
    },
    WITHIN_MS * 3,
  );
});
