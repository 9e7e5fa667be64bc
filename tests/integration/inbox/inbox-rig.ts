import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openInbox, SETTLE_MS, type Inbox, type InboxDeps } from '../../../src/inbox/inbox.ts';
import { createFakeClock, type FakeClock } from '../../helpers/fake-clock.ts';
import { createFakeGateway, type FakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

/** The real inbox on a real folder, before a fake gateway, with a clock that the test moves. */
export interface InboxRig extends AsyncDisposable {
  readonly folder: string;
  readonly gateway: FakeGateway;
  readonly clock: FakeClock;
  readonly inbox: Inbox;
  readonly logged: readonly string[];
  path(...names: readonly string[]): string;
  /** Puts a whole file there at once. */
  drop(name: string, content: string | Buffer): void;
  /** Names in a folder of it, sorted. */
  names(...below: readonly string[]): readonly string[];
  read(...names: readonly string[]): string;
  /** The prompts that became requests, in this order; a replay is none. */
  prompts(): readonly string[];
  /** Lets time pass until it is so. */
  comes(check: () => unknown): Promise<void>;
  /** Lets little time pass until it is so; how much. */
  comesIn(check: () => unknown): Promise<number>;
  /** Lets every look happen that is due in this time. */
  pass(ms: number): Promise<void>;
}

export interface InboxRigOptions {
  readonly gateway?: FakeGateway;
  /** Stands between the inbox and the gateway. */
  readonly wrap?: (gateway: FakeGateway) => Partial<Pick<InboxDeps, 'requests' | 'keptKeys'>>;
  /** Of an earlier rig; it stays when this one is closed. */
  readonly folder?: string;
}

const STEP_MS = 50;

export async function openInboxRig({
  gateway = createFakeGateway(),
  wrap,
  folder,
}: InboxRigOptions = {}): Promise<InboxRig> {
  const own = folder === undefined ? createTempFolder() : null;
  const root = folder ?? path.join(own?.path ?? '', 'tasks');
  const clock = createFakeClock();
  const logged: string[] = [];
  const write = (_: unknown, event: string): void => void logged.push(event);
  const inbox = await openInbox({
    folder: root,
    workspace: 'bot',
    requests: gateway.requests,
    keptKeys: gateway.keptKeys,
    ...wrap?.(gateway),
    clock,
    log: { debug: write, info: write, warn: write, error: write },
  });
  const at = (...names: readonly string[]): string => path.join(root, ...names);
  return {
    folder: root,
    gateway,
    clock,
    inbox,
    logged,
    path: at,
    drop(name, content) {
      writeFileSync(at('.draft'), content);
      renameSync(at('.draft'), at(name));
    },
    names: (...below) => (existsSync(at(...below)) ? readdirSync(at(...below)).toSorted() : []),
    read: (...names) => readFileSync(at(...names), 'utf8'),
    prompts: () => [...new Set(gateway.accepted.map(({ prompt }) => prompt))],
    comes: (check) =>
      until(async () => {
        if (await check()) return true;
        clock.advance(SETTLE_MS);
        return false;
      }).then(() => {}),
    async comesIn(check) {
      const from = clock.now();
      await until(() => {
        clock.advance(10);
        return Boolean(check());
      });
      return clock.now() - from;
    },
    async pass(ms) {
      // A timer that is due begins a look, which sets the next timer when it is over: hence in small steps.
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        await until(() => clock.pending() > 0);
        clock.advance(STEP_MS);
      }
      await until(() => clock.pending() > 0);
    },
    async [Symbol.asyncDispose]() {
      await inbox.close();
      own?.[Symbol.dispose]();
    },
  };
}
