/** What an agent writes to have a file sent with its answer: `attach: <path>`, alone on a line. */
const ATTACH = /^[ \t]*attach:[ \t]+(.+?)[ \t]*$/;
const QUOTED = /^(["'`])(.+)\1$/;
export const ATTACHED_MAX = 10;

/** An answer, and what is to be sent with it. */
export interface SplitAnswer {
  /** Without the lines that name files. */
  readonly text: string;
  /** As the agent wrote them, each file once. */
  readonly paths: readonly string[];
  /** So many more than are sent with one answer. */
  readonly tooMany: number;
}

/** What is asked of an answer beside its words. */
export interface AnswerContext {
  /** Lines of code, counted from 0. */
  readonly codeLines: ReadonlySet<number>;
  readonly workspace: string;
}

/** Whether there is anything to find. */
export function mayAttach(answer: string): boolean {
  return answer.includes('attach:');
}

/** The rule of `attach:`. In code it is an example, and means nothing. */
export function splitAnswer(answer: string, { codeLines, workspace }: AnswerContext): SplitAnswer {
  const paths = new Map<string, string>();
  const kept = answer.split(/(?<=\n|\r(?!\n))/).filter((line, at) => {
    const given = codeLines.has(at) ? undefined : ATTACH.exec(line.replace(/[\r\n]+$/, ''))?.[1];
    if (given === undefined) return true;
    const path = QUOTED.exec(given)?.[2] ?? given;
    const key = toKey(path, workspace);
    if (!paths.has(key)) paths.set(key, path);
    return false;
  });
  if (paths.size === 0) return { text: answer, paths: [], tooMany: 0 };
  const text = kept
    .join('')
    .replace(/^\s*\n/, '')
    .trimEnd();
  const all = [...paths.values()];
  return { text, paths: all.slice(0, ATTACHED_MAX), tooMany: Math.max(0, all.length - ATTACHED_MAX) };
}

/** The same for each spelling of a file of the workspace; a whole path ends like one from there. */
function toKey(path: string, workspace: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const from = path.startsWith('/') ? parts.indexOf(workspace) + 1 : 0;
  // What ends like a folder is another thing.
  return `${parts.slice(from).join('/')}${/\/\.{0,2}$/.test(path) ? '/' : ''}`;
}

/** What is said in the place of a file. */
export function sayNotAttached(path: string, why: string): string {
  return `“${path.slice(0, SHOWN_MAX).toWellFormed()}” is not attached: it ${why}.`;
}

export function sayTooMany(count: number): readonly string[] {
  if (count === 0) return [];
  const more = count === 1 ? '1 more file is' : `${count} more files are`;
  return [`${more} not attached: an answer may have ${ATTACHED_MAX}.`];
}

const SHOWN_MAX = 300;
