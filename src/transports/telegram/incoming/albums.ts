import type { Update } from 'telegraf/types';
import type { Heard } from './read-update.ts';

/** Files that are sent together are a message each to Telegram: to us they are one, with the words of all of them. */
export function joinAlbums(heard: readonly Heard[]): readonly Heard[] {
  const joined: Heard[] = [];
  for (const one of heard) {
    const before = joined.at(-1);
    if (before?.kind === 'said' && one.kind === 'said' && before.album !== null && before.album === one.album) {
      const { message } = before;
      const text = [message.text, one.message.text].filter((words) => words.trim() !== '').join('\n');
      const files = [...message.files, ...one.message.files];
      joined.splice(-1, 1, { ...before, message: { ...message, text, files } });
    } else joined.push(one);
  }
  return joined;
}

/** More of the last message may be on its way. */
export function endsInAlbum(updates: readonly Update[]): boolean {
  const last = updates.at(-1);
  return last !== undefined && 'message' in last && 'media_group_id' in last.message;
}
