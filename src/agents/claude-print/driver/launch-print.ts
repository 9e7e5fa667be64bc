import { toSessionName } from '../../../core/model/workspace.ts';
import { AgentStartError } from '../../../core/ports/agent.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { ProgramOptions } from '../../program/driver/options.ts';
import type { ProgramStart } from '../../program/driver/program-driver.ts';
import { lastLines } from '../../program/ending/last-lines.ts';
import type { StreamFiles } from '../../program/files/stream-files.ts';
import type { LaunchRecord, LaunchRecords } from '../../program/launch/launch-record.ts';
import { toAgentEnvironment, toAgentVariables } from '../../program/launch/launch.ts';
import { prepare } from '../../program/launch/prepare.ts';
import { startAgent } from '../../program/launch/start.ts';
import { PINS } from '../../program/settings/pins.ts';
import { modeIn, TOKEN_VARIABLE, toSessionSettings } from '../../program/settings/session-settings.ts';
import { readLines, splitLines } from '../stream/read-lines.ts';
import { tryAgain } from '../stream/try-again.ts';
import { toRequest } from '../stream/words.ts';
import { refuseUnboundRoot, toCommandLine } from './command-line.ts';

/** Tells when the agent works, waits, and does nothing. */
const OWN_VARIABLES = { CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1' };

/** Starts the CLI for this session, or resumes its conversation, and waits until it takes input. Its launch is written
 *  before, and its program as soon as it runs, so that a later process can take it over, or end it.
 *  @throws AgentStartError */
export async function launchPrint(
  options: ProgramOptions,
  launches: LaunchRecords,
  { spec, unreadable }: Pick<ProgramStart, 'spec' | 'unreadable'>,
  signal: AbortSignal,
): Promise<LaunchRecord> {
  const { files } = options;
  const { workspace, cwd, rules = [] } = spec;
  refuseUnboundRoot(options, spec, await files.isRoot());
  const { record, earlier, isResumed } = await prepare(options, launches, spec, unreadable);
  const { agentSessionId, token, version } = record;
  const variables = { ...toAgentVariables(version), ...OWN_VARIABLES };
  const trace = await files.trace.prepare(workspace);
  const settings = await files.writeSettings(workspace, {
    ...toSessionSettings(rules, modeIn(rules) ?? options.permissionMode, variables, trace),
    ...PINS,
  });
  await launches.write(workspace, { ...record, agent: earlier });
  const paths = await files.stream.prepare(workspace);
  await files.stream.say(workspace, toRequest(START, 'initialize'));
  const heard = new AbortController();
  const started = hearStart(options, workspace, heard.signal);
  // A start that fails before its word is waited for leaves nobody to hear that it was called off.
  started.catch(() => {});
  try {
    const { agent } = await startAgent(
      {
        ...options,
        pane: {
          session: toSessionName(workspace),
          cwd,
          env: { ...toAgentEnvironment(options, version), ...OWN_VARIABLES, [TOKEN_VARIABLE]: token },
          argv: toCommandLine(options, settings, { ...spec, agentSessionId }, isResumed, paths),
        },
        earlier,
        onRunning: (mark: ProcessMark) => launches.write(workspace, { ...record, agent: mark }),
        started,
        attendDialog: async () => false,
      },
      signal,
    );
    return { ...record, agent };
  } catch (error) {
    throw await withWords(error, files.stream, workspace).catch(() => error);
  } finally {
    heard.abort();
  }
}

/** What a program that could not start said where its answers go. */
async function withWords(error: unknown, stream: StreamFiles, workspace: string): Promise<unknown> {
  if (!(error instanceof AgentStartError)) return error;
  const words: string[] = [];
  for await (const { line, text } of readLines(stream, workspace)) {
    if (line.kind === 'result') words.push(line.result.text, ...line.result.errors);
    else if (!text.startsWith('{')) words.push(text);
  }
  const last = lastLines(words.join('\n'));
  return last === '' ? error : new AgentStartError(error.reason, `${error.message}\n${last}`);
}

const START = 'start';
const LOOK_MS = 1_000;

/** Its first words are the answer to ours: whoever gives it reads the next line, too. */
async function hearStart({ files, log }: ProgramOptions, workspace: string, signal: AbortSignal): Promise<void> {
  const failed = (error: unknown): void => log.warn({ workspace, error: String(error) }, 'agent.not_heard');
  for (let at = 0; !signal.aborted;) {
    const from = at;
    const heard = await tryAgain(() => files.stream.hear(workspace, from, LOOK_MS, signal), { signal, failed });
    for (const { line } of splitLines(heard, at)) if (line.kind === 'answers' && line.requestId === START) return;
    at = heard.end;
  }
}
