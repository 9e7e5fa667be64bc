import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Conversation } from './conversation.ts';
import type { Launch } from './launch.ts';

/** How far the real CLI's file lags behind what it does. */
const LAG_MS = 100;

/** The conversation's file, line by line as the real CLI writes it. */
export interface Transcript {
  /** Goes to the file a little later, or by so much more. Returns the line's uuid. */
  note(line: Readonly<Record<string, unknown>>, moreMs?: number): string;
  /** Forgets this line and all behind it, as far as they are not in the file yet. */
  drop(uuid: string): void;
  /** Writes what is not in the file yet. */
  flush(): void;
  /** Goes on in the file of a new conversation. */
  renew(): void;
  /** The user's prompts in the file. */
  prompts(): readonly string[];
}

export function openTranscript(conversation: Conversation, { cwd, permissionMode }: Launch): Transcript {
  let pending: { readonly uuid: string; readonly due: number; readonly line: string }[] = [];
  let parentUuid: string | null = null;
  let timer: NodeJS.Timeout | null = null;

  function add(uuid: string, line: Readonly<Record<string, unknown>>, moreMs = 0): void {
    pending.push({ uuid, due: performance.now() + LAG_MS + moreMs, line: `${JSON.stringify(line)}\n` });
    timer ??= setTimeout(writeDue, LAG_MS);
  }

  function writeDue(): void {
    timer = null;
    const now = performance.now() + 1;
    write(pending.filter(({ due }) => due <= now));
    pending = pending.filter(({ due }) => due > now);
    const next = Math.min(...pending.map(({ due }) => due));
    if (pending.length > 0) timer = setTimeout(writeDue, Math.max(1, next - performance.now()));
  }

  function write(lines: readonly { readonly line: string }[]): void {
    if (lines.length === 0) return;
    const { file, id: sessionId } = conversation;
    mkdirSync(path.dirname(file), { recursive: true });
    const isNew = !existsSync(file);
    const first = isNew
      ? [
          { type: 'mode', mode: 'normal', sessionId },
          { type: 'permission-mode', permissionMode, sessionId },
        ]
      : [];
    appendFileSync(file, first.map((line) => `${JSON.stringify(line)}\n`).join('') + lines.map((l) => l.line).join(''));
  }

  function flush(): void {
    write(pending);
    pending = [];
  }

  return {
    note(line, moreMs) {
      const uuid = randomUUID();
      const timestamp = new Date().toISOString();
      const sessionId = conversation.id;
      if (line['type'] === 'queue-operation') {
        add(uuid, { ...line, timestamp, sessionId });
        return uuid;
      }
      const place = { userType: 'external', entrypoint: 'cli', cwd, sessionId, version: '2.1.332', gitBranch: 'HEAD' };
      add(uuid, { parentUuid, isSidechain: false, ...line, uuid, timestamp, ...place }, moreMs);
      parentUuid = uuid;
      return uuid;
    },
    drop(uuid) {
      const from = pending.findIndex((entry) => entry.uuid === uuid);
      if (from >= 0) pending = pending.slice(0, from);
    },
    flush,
    renew() {
      flush();
      conversation.renew();
      parentUuid = null;
    },
    prompts() {
      if (!existsSync(conversation.file)) return [];
      return readFileSync(conversation.file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"kind":"human"'))
        .map((line) => (JSON.parse(line) as { message: { content: string } }).message.content);
    },
  };
}

export function userLine(prompt: string, promptId: string, source: string, kind = 'human'): Record<string, unknown> {
  return {
    promptId,
    type: 'user',
    message: { role: 'user', content: prompt },
    permissionMode: 'default',
    origin: { kind },
    promptSource: source,
  };
}

export function assistantLine(content: readonly object[], stopReason = 'end_turn'): Record<string, unknown> {
  return {
    message: {
      id: `msg_${randomUUID()}`,
      type: 'message',
      role: 'assistant',
      content,
      model: 'claude-scripted',
      stop_reason: stopReason,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    },
    type: 'assistant',
  };
}

/** What the CLI itself says in the model's name: a part of an answer, or an error. */
export function syntheticLine(text: string, error: string | null): Record<string, unknown> {
  const line = assistantLine([{ type: 'text', text }], 'stop_sequence');
  const message = { ...(line['message'] as object), model: '<synthetic>' };
  const failure = error === null ? {} : { error, apiErrorStatus: API_STATUS[error] ?? 400 };
  return { ...line, message, ...failure, isApiErrorMessage: error !== null };
}

const API_STATUS: Readonly<Record<string, number>> = {
  rate_limit: 429,
  billing_error: 402,
  authentication_failed: 401,
  server_error: 500,
  overloaded: 529,
};

export function interruptedLine(promptId: string, forTool: boolean): Record<string, unknown> {
  const text = forTool ? '[Request interrupted by user for tool use]' : '[Request interrupted by user]';
  return { promptId, type: 'user', message: { role: 'user', content: [{ type: 'text', text }] } };
}

/** Where the answer of a PermissionRequest hook counted. */
export function hookDecisionLine(toolUseID: string, decision: 'allow' | 'deny'): Record<string, unknown> {
  const attachment = { type: 'hook_permission_decision', decision, toolUseID, hookEvent: 'PermissionRequest' };
  return { type: 'attachment', attachment };
}

/** `more`: what the tool returned beside its words. */
export function toolResultLine(
  promptId: string,
  id: string,
  content: string,
  error: boolean,
  more: object | string = content,
): Record<string, unknown> {
  const result = { type: 'tool_result', content, is_error: error, tool_use_id: id };
  return { promptId, type: 'user', message: { role: 'user', content: [result] }, toolUseResult: more };
}

export function stopSummaryLine(names: readonly string[], errors: readonly string[]): Record<string, unknown> {
  return {
    type: 'system',
    subtype: 'stop_hook_summary',
    hookCount: names.length,
    hookInfos: names.map((command) => ({ command })),
    hookErrors: errors,
    hookAdditionalContext: [],
    preventedContinuation: false,
    stopReason: '',
    hasOutput: true,
    level: 'suggestion',
  };
}

export function systemLine(subtype: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { type: 'system', subtype, ...fields, isMeta: false };
}
