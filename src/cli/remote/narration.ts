import type { Schemas } from '../../client/client.ts';
import type { Terminal } from '../terminal.ts';

/** What the agent says goes to stdout as it comes, what it does and how it stands to stderr. */
export interface Narration {
  tell(event: Schemas['Event']): void;
  /** Nothing more comes. */
  end(): void;
  hasSpoken(): boolean;
}

export function createNarration(terminal: Terminal): Narration {
  let message: unknown = null;
  let last = '\n';

  function say(text: string): void {
    terminal.write(text);
    if (text !== '') last = text.at(-1) ?? last;
  }

  function endLine(): void {
    if (last !== '\n') say('\n');
  }

  function hear({ messageId, text }: Schemas['Event']['data']): void {
    if (message !== null && messageId !== message) {
      endLine();
      say('\n');
    }
    message = messageId;
    say(String(text));
  }

  return {
    tell({ type, data }) {
      if (type === 'agent.said') return hear(data);
      const told = toTold(type, data);
      if (told === null) return terminal.progress(toProgress(type, data));
      endLine();
      terminal.complain(told);
    },
    end() {
      terminal.progress(null);
      endLine();
    },
    hasSpoken: () => message !== null,
  };
}

function toTold(type: Schemas['EventType'], data: Schemas['Event']['data']): string | null {
  if (type === 'tool.started') return `· ${String(data['tool'])}: ${String(data['summary'])}`;
  if (type !== 'approval.opened') return null;
  return `? ${String(data['tool'])} waits for a decision: gatehouse approve ${String(data['approvalId'])}`;
}

const PROGRESS: Partial<Record<Schemas['EventType'], string>> = {
  'request.queued': 'waits',
  'request.moved': 'waits',
  'request.started': 'starts',
  'request.submitting': 'the agent works',
  'request.working': 'the agent works',
};

function toProgress(type: Schemas['EventType'], { position }: Schemas['Event']['data']): string | null {
  const said = PROGRESS[type] ?? null;
  return said === 'waits' && typeof position === 'number' ? `waits, place ${position}` : said;
}
