import { mayAttach, type SplitAnswer, splitAnswer } from '../../core/model/files/attached.ts';
import type { RequestRecord } from '../../core/model/request.ts';
import { findCodeLines } from './code-lines.ts';

/** The words of an answer, and the files that it names outside of code. */
export function findFiles({ text, workspace }: Pick<RequestRecord, 'text' | 'workspace'>): SplitAnswer {
  const answer = text ?? '';
  if (!mayAttach(answer)) return { text: answer, paths: [], tooMany: 0 };
  return splitAnswer(answer, { codeLines: findCodeLines(answer), workspace });
}
