import { hasEnded } from '../../model/request.ts';
import type { AnswersApi } from '../../ports/gateway/answers.ts';
import type { FlowParts } from '../parts.ts';
import type { Queue } from './queue.ts';

export interface AnswersDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly queue: Pick<Queue, 'kick'>;
}

export function createAnswers({ parts: { store, clock }, queue }: AnswersDeps): AnswersApi {
  return {
    async leave(id) {
      const request = await store.leave(id, clock.now());
      if (request === null) return;
      // Its class may have changed, and with it the order.
      if (!hasEnded(request.state)) queue.kick(request.workspace, request.agent);
    },
    handedOver: (id) => store.settleAnswer(id),
  };
}
