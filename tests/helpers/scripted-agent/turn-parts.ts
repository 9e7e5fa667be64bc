import type { AgentHooks } from './agent-hooks.ts';
import type { BackgroundTasks, Task } from './background.ts';
import type { Journal } from './journal.ts';
import type { Launch } from './launch.ts';
import type { Script } from './script.ts';
import type { Transcript } from './transcript.ts';
import type { View } from './view.ts';

export interface TurnParts {
  readonly launch: Launch;
  readonly hooks: AgentHooks;
  readonly transcript: Transcript;
  readonly journal: Journal;
  readonly script: Script;
  readonly view: View;
  readonly background: BackgroundTasks;
  /** Ends the program without a further word. */
  readonly crash: (code: number) => never;
}

/** A prompt that was taken. */
export interface Taken {
  readonly prompt: string;
  readonly promptId: string;
  /** What is said whatever the script says. */
  readonly answer: string | null;
}

/** How far a turn got; an interrupt looks at it. */
export interface TurnState {
  /** Said and not yet noted as an answer. */
  spoken: string;
  /** Something of it stands on the screen, so an interrupt comes late. */
  begun: boolean;
  /** The person said No at the dialog. */
  refused: boolean;
  /** What this turn left running. */
  task: Task | null;
}

export function beginOutput(view: View, state: TurnState): void {
  state.begun = true;
  view.say(...view.shown.head, '');
  view.show({ head: [] });
}
