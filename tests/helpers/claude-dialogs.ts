import { readScreen } from '../../src/agents/claude/screen/screen.ts';
import type { View } from '../../src/agents/claude/screen/terminal.ts';

/** Dialogs as Claude Code draws them, without their colours. `marked` counts from 0. */
export type Lines = readonly string[];

export const RULE = '─'.repeat(120);

export function viewOf(lines: Lines): View {
  return { screen: readScreen(lines.join('\n')), typedAgoMs: null, keyAt: null, hasTasks: false, mode: null };
}

const TOOL_OPTIONS = ['Yes', 'Yes, and always allow access to work/ from this project', 'No'];
const AMEND = ' Esc to cancel · Tab to amend';
const CUT = '╌'.repeat(120);

/** As 2.1.197 draws it. */
export function bashDialog(command: string, marked = 0, labels: Lines = TOOL_OPTIONS): Lines {
  const shown = command.split('\n').map((line) => `   ${line}`);
  const question = ['', ' Do you want to proceed?', ...optionLines(labels, marked)];
  return [RULE, ' Bash command', '', ...shown, '   What it does', ...question, '', `${AMEND} · ctrl+e to explain`];
}

/** As 2.1.332 draws it: with an option that switches to auto mode. */
export function bashDialogWithAuto(command: string, marked = 0, no = 'No'): Lines {
  const labels = [
    'Yes',
    'Yes, and always allow access to /work from this project',
    'Yes, and switch to auto mode · auto mode handles these prompts for you',
    no,
  ];
  const tip = ' Tip: auto mode handles these prompts for you — choose "switch to auto mode" below';
  const shown = command.split('\n').map((line) => ` ${line}`);
  const about = [RULE, ' Bash command', tip, ' What it does', CUT, ...shown, CUT];
  return [...about, ' Do you want to proceed?', ...optionLines(labels, marked), '', AMEND];
}

export function readDialog(file: string): Lines {
  const labels = ['Yes', 'Yes, allow reading from etc/ during this session', 'No'];
  return [
    RULE,
    ' Read file',
    '',
    `  Read(${file})`,
    '',
    ' Do you want to proceed?',
    ...optionLines(labels, 0),
    '',
    AMEND,
  ];
}

export function writeDialog(name: string, content: string): Lines {
  const numbered = content.split('\n').map((line, index) => `  ${index + 1} ${line}`);
  const question = [` Do you want to create ${name}?`, ...optionLines(TOOL_OPTIONS, 0), '', AMEND];
  return [RULE, ' Create file', ` ${name}`, CUT, ...numbered, CUT, ...question];
}

export function fetchDialog(url: string, marked = 0): Lines {
  const host = new URL(url).hostname;
  const labels = ['Yes', `Yes, and don't ask again for ${host}`, 'No, and tell Claude what to do differently (esc)'];
  return [
    RULE,
    ' Fetch',
    '',
    `   url: "${url}", prompt: "what"`,
    `   Claude wants to fetch content from ${host}`,
    '',
    ' Do you want to allow Claude to fetch this content?',
    ...optionLines(labels, marked),
  ];
}

export function planDialog(marked = 0): Lines {
  const options = optionLines(['Yes', 'No'], marked).map((line) => ` ${line}`);
  return [RULE, ' Exit plan mode?', '', '  Claude wants to exit plan mode', '', ...options];
}

/** The same as 2.1.332 draws it. */
export function planDialogWithMode(marked = 0): Lines {
  const options = optionLines(['Yes, and switch to default (ask each time) for this session', 'No'], marked);
  return [RULE, ' Exit plan mode?', '', ' Claude wants to exit plan mode', '', ...options];
}

const PLAN_OPTIONS = ['Yes, and use auto mode', 'Yes, manually approve edits'];

/** The dialog of a plan that is shown with it; what is written into its last option is told to the agent. */
export function longPlanDialog(marked = 0, own = '', labels: Lines = PLAN_OPTIONS): Lines {
  const options = optionLines([...labels, own === '' ? 'Tell Claude what to change' : own], marked);
  const plan = [RULE, ' Ready to code?', '', " Here is Claude's plan:", CUT, ' 1. do it', CUT, RULE];
  const question = ' Claude has written up a plan and is ready to execute. Would you like to proceed?';
  return [
    ...plan,
    question,
    '',
    ...options,
    '      shift+tab to approve with this feedback',
    '',
    ' ctrl+g to edit in Editor',
  ];
}

const TABS = '←  ☐ Colour  ☐ Sizes  ✔ Submit  →';
const QUESTION_FOOTER = 'Enter to select · Tab/Arrow keys to navigate · Esc to cancel';

/** `own`: what stands in the field of own words. */
export function questionDialog(question: string, labels: Lines, marked = 0, own = 'Type something.'): Lines {
  const options = [...labels, own].flatMap((label, index) => [optionLine(label, index, marked), `     about ${index}`]);
  return [RULE, TABS, '', question, '', ...options, RULE, chatLine(labels.length + 1), '', QUESTION_FOOTER];
}

export interface Boxes {
  readonly marked: number;
  readonly ticked: ReadonlySet<string>;
  readonly own?: string;
}

export function severalDialog(question: string, labels: Lines, { marked, ticked, own = '' }: Boxes): Lines {
  const boxed = [...labels, own === '' ? 'Type something' : own].map(
    (label, index) => `[${ticked.has(label) || (own !== '' && index === labels.length) ? '✔' : ' '}] ${label}`,
  );
  const options = boxed.flatMap((label, index) => [optionLine(label, index, marked), `  about ${index}`]);
  const submit = ['     Submit', RULE, chatLine(labels.length + 1), '', QUESTION_FOOTER];
  return [RULE, TABS, '', question, '', ...options, ...submit];
}

export function reviewDialog(): Lines {
  const answers = [' ● Which colour?', '   → Blue'];
  const options = optionLines(['Submit answers', 'Cancel'], 0).map((line) => line.slice(1));
  return [RULE, TABS, '', 'Review your answers', '', ...answers, '', 'Ready to submit your answers?', '', ...options];
}

function chatLine(index: number): string {
  return `  ${index + 1}. Chat about this`;
}

function optionLines(labels: Lines, marked: number): Lines {
  return labels.map((label, index) => ` ${optionLine(label, index, marked)}`);
}

function optionLine(label: string, index: number, marked: number): string {
  return `${index === marked ? '❯' : ' '} ${index + 1}. ${label}`;
}
