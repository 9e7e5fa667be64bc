import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentSession } from '../../src/core/ports/agent.ts';
import { never, run } from '../contract/driver/fixtures.ts';
import { claudeProgram, claudeVersion } from '../helpers/claude-program.ts';
import { openDriverRig, type DriverRig } from '../helpers/driver-rig.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { startScriptedModel } from '../helpers/scripted-model.ts';
import { surfaceOf } from '../helpers/surface-by-version.ts';

/** Below the workspace. */
const FILES: Readonly<Record<string, string>> = {
  'CLAUDE.md': 'of the workspace itself',
  'inside.txt': 'what stands in a file',
  'below/CLAUDE.md': 'of a folder below',
  'below/notes.txt': 'notes',
  '.claude/settings.json': JSON.stringify({ outputStyle: 'terse' }),
  '.claude/skills/baking/SKILL.md': '---\nname: baking\ndescription: how bread is baked\n---\nKnead.',
  '.claude/output-styles/terse.md': '---\nname: terse\ndescription: short\n---\nas few words as can be',
};

describe('what the model is told beside the prompt, with the real CLI', () => {
  const { told } = surfaceOf(claudeVersion());
  const bodies: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  let rig: DriverRig;
  let session: AgentSession;

  beforeAll(async () => {
    const model = await startScriptedModel((prompt) =>
      prompt.startsWith('look below')
        ? { tool: 'Read', input: { file_path: path.join(cwd, 'below/notes.txt') }, answer: 'read' }
        : 'seen',
    );
    const proxy = await startFaultyProxy(
      model.url,
      () => null,
      (body) => bodies.push(body),
    );
    rig = await openDriverRig({ bin: claudeProgram(), extraArgs: [], baseUrl: proxy.url });
    closers.push(
      () => rig.close(),
      () => proxy.close(),
      () => model.close(),
    );
    const cwd = await rig.workspace('w');
    for (const [name, text] of Object.entries(FILES)) {
      await mkdir(path.dirname(path.join(cwd, name)), { recursive: true });
      await writeFile(path.join(cwd, name), text);
    }
    session = await rig.driver.open({ workspace: 'w', cwd, agentSessionId: null }, never);
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  /** All that goes to the model in the turn of this prompt. */
  async function ask(prompt: string): Promise<string> {
    const before = bodies.length;
    expect(await run(session, prompt)).toMatchObject({ kind: 'completed' });
    return bodies.slice(before).join('\n');
  }

  test('a mention attaches no file, neither from outside of the workspace nor from inside', async () => {
    const outside = path.join(rig.home, 'outside.txt');
    await writeFile(outside, 'what stands outside');
    const prompt = `what is in @${outside}, @inside.txt, @below/ and @/etc/hostname ?`;
    const asked = await ask(prompt);
    expect(asked).toContain(prompt);
    expect(
      ['what stands outside', 'what stands in a file', 'notes.txt'].filter((text) => asked.includes(text)),
    ).toEqual([]);
  });

  test('its instructions, its skills and its style', async () => {
    const asked = await ask('who are you?');
    expect(asked).toContain('of the workspace itself');
    expect(asked.includes('how bread is baked')).toBe(told.skills);
    expect(asked.includes('as few words as can be')).toBe(told.outputStyle);
  });

  test('the instructions of a folder in which it reads', async () => {
    expect((await ask('look below')).includes('of a folder below')).toBe(told.nestedInstructions);
  });
});
