#!/usr/bin/env node
// Stands in for the Claude Code CLI 2.1.332 where hundreds of runs are needed: the same screen, keys, hooks and
// transcript, and answers by a script instead of a model. See script.ts for what it can be told.
import { existsSync } from 'node:fs';
import { openActivityFile } from './activity.ts';
import { readAgentHooks } from './agent-hooks.ts';
import { createBackgroundTasks } from './background.ts';
import { enterText } from './commands.ts';
import { createComposer } from './composer.ts';
import { createConversation } from './conversation.ts';
import { openJournal } from './journal.ts';
import { createKeyReader } from './key-reader.ts';
import { createKeyboard } from './keyboard.ts';
import { editOutside } from './editor.ts';
import { readLaunch } from './launch.ts';
import { createPrompts } from './prompts.ts';
import { createScreen } from './screen.ts';
import { readScript } from './script.ts';
import { openTranscript } from './transcript.ts';
import { createView, promptLines } from './view.ts';

const END_MS = 500;

const { stdin, stdout, env } = process;
if (process.argv.includes('--version')) {
  stdout.write('2.1.332 (Claude Code)\n');
  process.exit(0);
}
const launch = readLaunch(process.argv.slice(2), process.cwd(), env['HOME'] ?? '/');
const conversation = createConversation(launch);
refuseWrongId();

const common = (): object => ({
  session_id: conversation.id,
  transcript_path: conversation.file,
  cwd: launch.cwd,
});
const hooks = readAgentHooks(launch.settings, common, env);
const transcript = openTranscript(conversation, launch);
const script = readScript(launch.script);
const composer = createComposer();
const screen = createScreen(stdout);
const activity = openActivityFile(launch.home, conversation);
const view = createView(screen, composer, launch.permissionMode, (shown) => activity.tell(shown));
const prompts = createPrompts({
  launch,
  hooks,
  transcript,
  script,
  view,
  background: createBackgroundTasks({ hooks, transcript, view }),
  journal: openJournal(launch.journal, conversation),
  crash: (code) => process.exit(code),
  restore(text) {
    const after = composer.text();
    composer.clear();
    composer.edit(after === '' ? text : `${text}\n${after}`);
  },
});
const quit = (): void => void end('prompt_input_exit', 0);
/** Keeps it alive while it does not read. */
let suspended: NodeJS.Timeout | null = null;
const suspend = (): void => {
  suspended = setInterval(() => {}, 2 ** 30);
  stdin.pause().setRawMode(false);
  screen.suspend();
};
const commands = { launch, hooks, transcript, view, quit, submit: (text: string) => prompts.submit(text) };
const keyboard = createKeyboard({
  composer,
  prompts,
  script,
  view,
  columns: () => screen.columns,
  enter: (text, by) => enterText(commands, text, by),
  edit: (text) => editOutside(launch.settings, text),
  quit,
  suspend,
});

stdin.setRawMode(true);
stdout.write('\u001b[?2004h');
stdin.on('data', createKeyReader(keyboard));
stdin.on('end', () => void end('other', 129));
process.on('SIGCONT', () => {
  if (suspended === null) return;
  clearInterval(suspended);
  suspended = null;
  stdin.setRawMode(true).resume();
  screen.resume();
});
process.on('SIGTERM', () => void end('other', 143));
process.on('SIGHUP', () => void end('other', 129));
view.say(' ▐▛███▜▌   Claude Code v2.1.332', '▝▜█████▛▘  Scripted agent', `  ▘▘ ▝▝    ${launch.cwd}`, '', '');
for (const prompt of launch.resumed ? transcript.prompts() : []) view.say(...promptLines(prompt), '');
view.show({});
void hooks.run('SessionStart', { source: launch.resumed ? 'resume' : 'startup', model: 'claude-scripted' });

/** An id works once with --session-id; afterwards it is resumed. */
function refuseWrongId(): void {
  const known = existsSync(conversation.file);
  if (known === launch.resumed) return;
  stdout.write(
    launch.resumed
      ? `No conversation found with session ID: ${launch.sessionId}\n`
      : `Error: Session ID ${launch.sessionId} is already in use.\n`,
  );
  process.exit(1);
}

async function end(reason: string, code: number): Promise<void> {
  transcript.flush();
  await hooks.run('SessionEnd', { reason }, AbortSignal.timeout(END_MS)).catch(() => {});
  screen.end();
  process.exit(code);
}
