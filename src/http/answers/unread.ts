import type { App } from './app.ts';

/** Cuts off who takes nothing of an answer for so long: it waits in memory meanwhile. Streams, which have no end, have a
 *  patience of their own. Node ends the time with the answer, for a connection that is used again. */
export function endUnreadAnswers(app: App, unreadMs: number): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.raw.socket?.setTimeout(unreadMs);
    done();
  });
}
