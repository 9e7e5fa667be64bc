import { expect } from '@jest/globals';
import type { AgentRule, ApprovalRecord, Decision } from '../../../../../src/core/model/approval.ts';
import type { GivenDecision } from '../../../../../src/core/ports/gateway/approvals.ts';
import { createAskingAgent, type AgentDialog, type AskingAgent } from '../../../../helpers/asking-agent.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

export const ALLOW: Decision = { allow: true, message: null, remember: false, answers: null, mode: null };
export const DENY: Decision = { ...ALLOW, allow: false, message: 'not this one' };
export const GIVEN_DENY: GivenDecision = { allow: false, message: 'not this one' };
export const LS: AgentRule = {
  type: 'addRules',
  behavior: 'allow',
  rules: [{ toolName: 'Bash', ruleContent: 'ls:*' }],
};

export interface AskingHouse extends House {
  readonly id: string;
  readonly agent: AskingAgent;
}

/** A house in which one turn runs, whose agent is about to ask. */
export async function openAsking(options: HouseOptions & { readonly timeoutMs?: number } = {}): Promise<AskingHouse> {
  const agent = createAskingAgent();
  const house = await openHouse({ ...agent, ...options });
  await house.start();
  const id = await house.ask('a', 'hello', options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs });
  await house.reached(id, 'working');
  return { ...house, id, agent };
}

/** The next process, so much later: the agent lives and its turn is rejoined. */
export async function reopen(before: AskingHouse, folder: string, laterMs = 0): Promise<AskingHouse> {
  await before[Symbol.asyncDispose]();
  const agent = createAskingAgent();
  const house: House = await openHouse({
    ...agent,
    folder,
    trace: async ({ workspace }) => ({ kind: 'alive', session: house.driver.leave(workspace) }),
  });
  house.clock.advance(before.clock.now() - house.clock.now() + laterMs);
  return { ...house, id: before.id, agent };
}

/** Asks, and waits for the approval. */
export async function ask(
  house: AskingHouse,
  toolUseId = 'use-1',
  more: Partial<AgentDialog['ask']> = {},
): Promise<{ readonly dialog: AgentDialog; readonly id: string }> {
  const dialog = await house.agent.ask(toolUseId, more);
  const { id } = await until(async () => {
    const { approvals } = await house.api.approvals.list({ state: 'open' }, 100);
    return approvals.find((approval) => approval.toolUseId === toolUseId);
  });
  await pastWrites(house);
  return { dialog, id };
}

/** Writes go to disk in their order: all that follows from an earlier one has happened then. */
export async function pastWrites({ store }: House): Promise<void> {
  await store.probe();
  await store.probe();
}

/** Once an end that is under way is stored. */
export async function stateOf(house: AskingHouse): Promise<string | undefined> {
  await pastWrites(house);
  return (await house.store.readRequest(house.id))?.state;
}

export const read = (house: House, id: string): Promise<ApprovalRecord> => house.api.approvals.read(id);

export function hasState(house: House, id: string, state: ApprovalRecord['state']): Promise<ApprovalRecord> {
  return until(async () => {
    const approval = await read(house, id);
    return approval.state === state ? approval : null;
  });
}

/** Allows LS for the session. */
export async function remember(house: AskingHouse): Promise<void> {
  const { dialog, id } = await ask(house, 'remembered', { rules: [LS] });
  const deciding = house.api.approvals.decide(id, { allow: true, remember: true });
  expect(await dialog.decided).toEqual({ ...ALLOW, remember: true });
  dialog.settle({ allowed: true, by: 'decision' });
  await deciding;
}
