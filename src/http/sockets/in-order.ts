import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from '@fastify/websocket';

/** Frames are dealt with one after the other, so that tasks keep their order; the client is read no further meanwhile.
 *  `take` gets null for a binary one, and never rejects. The returned function resolves when those that came so far have
 *  been dealt with. */
export function takeInOrder(socket: WebSocket, take: (text: string | null) => Promise<void>): () => Promise<void> {
  let taking: Promise<void> = Promise.resolve();
  let untaken = 0;

  async function takeNext(text: string | null): Promise<void> {
    // Between two frames everybody else has a turn.
    await nextTurn();
    // It went away, or is being closed: what it sent before that is not begun any more.
    if (socket.readyState === socket.OPEN) await take(text);
    untaken -= 1;
    if (untaken === 0) socket.resume();
  }

  socket.on('message', (data: Buffer, isBinary) => {
    untaken += 1;
    socket.pause();
    const text = isBinary ? null : data.toString();
    taking = taking.then(() => takeNext(text));
  });
  return () => taking;
}
