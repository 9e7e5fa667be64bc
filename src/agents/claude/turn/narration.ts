import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Step } from '../transcript/steps.ts';
import { toSummary } from './tool-summary.ts';

/** Tells what the agent says and does in a turn: each piece of its text and each use of a tool, once. */
export interface Narration {
  /** An agent hook of this turn. */
  hear(payload: HookPayload): void;
  /** An earlier process told this much. Nobody knows which pieces it missed, so from here on texts are told whole, as
   *  the transcript holds them. */
  restore(told: readonly Notice[]): void;
  /** Pieces were missed: what was said is to be read from the transcript. */
  readonly isBehind: boolean;
  /** Tells what of these has not been told; all of the turn so far, in order. */
  catchUp(steps: readonly Step[]): void;
  /** The turn is over: tells what is missing of the answer that it ended with. */
  close(): void;
}

/** Readers of events hold many of them in memory. */
const PIECE_MAX = 4_000;

/** A message as it is shown. */
interface Message {
  readonly id: string;
  text: string;
  /** The place of the piece that comes next. */
  next: number;
  /** Pieces that overtook it. */
  readonly early: Map<number, HookPayload>;
  isWhole: boolean;
}

export function narrate(noticed: (notice: Notice) => void): Narration {
  /** All text that was told. */
  let told = '';
  let message: Message = toMessage('');
  /** What the last Stop brought. */
  let answer: { readonly id: string; readonly text: string } | null = null;
  let isBehind = false;
  /** Uses of tools, by id. */
  const started = new Map<string, string>();
  const ended = new Set<string>();

  function say(messageId: string, text: string, final: boolean): void {
    told += text;
    const pieces = cut(text);
    for (const [index, piece] of pieces.entries())
      noticed({ type: 'agent.said', data: { messageId, text: piece, final: final && index === pieces.length - 1 } });
  }

  function hearPiece(payload: HookPayload): void {
    const id = payload.message_id ?? '';
    if (id !== message.id) {
      // What is missing of the one before does not come any more.
      if (message.early.size > 0) isBehind = true;
      message = toMessage(id);
    }
    const index = payload.index ?? message.next;
    if (isBehind || message.isWhole || index < message.next) return;
    message.early.set(index, payload);
    for (let piece = message.early.get(message.next); piece !== undefined; piece = message.early.get(message.next)) {
      message.early.delete(message.next);
      message.next += 1;
      message.text += piece.delta ?? '';
      message.isWhole = piece.final;
      if (piece.delta !== null && (piece.delta !== '' || piece.final)) say(id, piece.delta, piece.final);
    }
  }

  /** Its hook may overtake the last piece, and a piece may be lost. */
  function complete(): void {
    if (answer === null) return;
    const said = message.text.trimStart();
    const whole = answer.text.trimStart();
    if (!said.trimEnd().endsWith(whole.trimEnd())) {
      const isPart = said !== '' && !message.isWhole && whole.startsWith(said);
      if (!isPart) message = toMessage(answer.id);
      say(message.id, isPart ? whole.slice(said.length) : answer.text, true);
      message.text = whole;
    }
    message.isWhole = true;
    message.early.clear();
    answer = null;
  }

  function start(id: string | null, tool: string, input: HookPayload['tool_input'], subagent: string | null): void {
    if (id === null || started.has(id)) return;
    started.set(id, tool);
    noticed({ type: 'tool.started', data: { toolUseId: id, tool, summary: toSummary(input), subagent } });
  }

  function end(id: string | null, ok: boolean, ms: number | null): void {
    const tool = started.get(id ?? '');
    if (id === null || tool === undefined || ended.has(id)) return;
    ended.add(id);
    noticed({ type: 'tool.ended', data: { toolUseId: id, tool, ok, ms } });
  }

  /** Only what goes on exactly where the told text ends. */
  function catchUpText(steps: readonly Step[]): ReadonlyMap<Step, string> {
    const missing = new Map<Step, string>();
    let known = told;
    for (const step of steps) {
      if (step.kind !== 'said') continue;
      if (known.startsWith(step.text)) {
        known = known.slice(step.text.length);
        continue;
      }
      if (!step.text.startsWith(known)) return new Map();
      missing.set(step, step.text.slice(known.length));
      known = '';
    }
    return missing;
  }

  return {
    get isBehind() {
      return isBehind;
    },
    hear(payload) {
      switch (payload.hook_event_name) {
        case 'MessageDisplay':
          return hearPiece(payload);
        case 'PreToolUse':
          return start(payload.tool_use_id, payload.tool_name ?? 'unknown', payload.tool_input, payload.agent_id);
        case 'PostToolUse':
        case 'PostToolUseFailure':
          return end(payload.tool_use_id, payload.hook_event_name === 'PostToolUse', payload.duration_ms);
        case 'Stop':
          if (payload.last_assistant_message === null) return;
          answer = { id: `answer-${payload.prompt_id ?? ''}`, text: payload.last_assistant_message };
          // The text before it is still to be found in the transcript.
          if (!isBehind) complete();
          return;
        default:
          return;
      }
    },
    restore(earlier) {
      isBehind = true;
      for (const { type, data } of earlier) {
        const id = String(data['toolUseId']);
        if (type === 'tool.started') started.set(id, String(data['tool']));
        if (type === 'tool.ended') ended.add(id);
        if (type !== 'agent.said') continue;
        if (data['messageId'] !== message.id) message = toMessage(String(data['messageId']));
        message.text += String(data['text']);
        message.isWhole = data['final'] === true;
        told += String(data['text']);
      }
    },
    catchUp(steps) {
      const missing = catchUpText(steps);
      for (const step of steps) {
        if (step.kind === 'started') start(step.id, step.tool, step.input, null);
        if (step.kind === 'ended') end(step.id, step.ok, null);
        const text = missing.get(step);
        if (step.kind !== 'said' || text === undefined) continue;
        // The rest of a message that was being shown, or a message of its own.
        if (text.length === step.text.length) message = toMessage(step.id);
        say(message.id, text, true);
        message.text = step.text;
        message.isWhole = true;
      }
    },
    close: complete,
  };
}

function toMessage(id: string): Message {
  return { id, text: '', next: 0, early: new Map(), isWhole: false };
}

/** Never inside of a character that takes two units. */
function cut(text: string): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > PIECE_MAX) {
    const end = at + PIECE_MAX;
    const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    pieces.push(text.slice(at, isSplit ? end - 1 : end));
    at = isSplit ? end - 1 : end;
  }
  return [...pieces, text.slice(at)];
}
