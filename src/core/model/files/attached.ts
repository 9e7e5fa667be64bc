/** What an agent writes to have a file sent with its answer: `attach: <path>`, alone on a line. */
const ATTACH = /^[ \t]*attach:[ \t]+(.+?)[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const QUOTED = /^(["'`])(.+)\1$/;
export const ATTACHED_MAX = 10;

/** An answer, and what is to be sent with it. */
export interface SplitAnswer {
  /** Without the lines that name files. */
  readonly text: string;
  /** As the agent wrote them, each once. */
  readonly paths: readonly string[];
  /** So many more than are sent with one answer. */
  readonly tooMany: number;
}

/** The rule of `attach:`. In a block of code it is an example, and means nothing. */
export function splitAnswer(answer: string): SplitAnswer {
  if (!answer.includes('attach:')) return { text: answer, paths: [], tooMany: 0 };
  const paths = new Set<string>();
  let fence: string | null = null;
  const kept = answer.split('\n').filter((line) => {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null) fence = mark;
    else if (mark !== null && mark.startsWith(fence)) fence = null;
    const given = fence === null && mark === null ? ATTACH.exec(line.replace(/\r$/, ''))?.[1] : undefined;
    if (given === undefined) return true;
    paths.add(QUOTED.exec(given)?.[2] ?? given);
    return false;
  });
  if (paths.size === 0) return { text: answer, paths: [], tooMany: 0 };
  const text = kept.join('\n').trim();
  return { text, paths: [...paths].slice(0, ATTACHED_MAX), tooMany: Math.max(0, paths.size - ATTACHED_MAX) };
}

/** What is said in the place of a file. */
export function sayNotAttached(path: string, why: string): string {
  return `“${path.slice(0, SHOWN_MAX).toWellFormed()}” is not attached: it ${why}.`;
}

export function sayTooMany(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} more files are not attached: an answer may have ${ATTACHED_MAX}.`];
}

const SHOWN_MAX = 300;
