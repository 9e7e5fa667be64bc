import type { RequestRecord } from '../../../core/model/request.ts';
import { cut } from '../../../core/model/words/cut.ts';
import type { TelegramPiece } from '../../markdown/telegram.ts';
import { join } from './pieces.ts';

const PROMPT_MAX = 3_500;

/** What somebody else gave to this thread. */
export function showPrompt({ prompt, source, identity }: RequestRecord): TelegramPiece {
  const who = identity.user_id === null ? '' : ` (${cut(identity.user_id, 64)})`;
  return join([
    { text: `Task from ${source}${who}`, as: 'bold' },
    { text: '\n\n' },
    { text: cut(prompt.trim(), PROMPT_MAX), as: 'blockquote' },
  ]);
}
