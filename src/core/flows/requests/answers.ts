import { hasEnded } from '../../model/request.ts';
import type { AnswersApi } from '../../ports/gateway/answers.ts';
import type { FlowParts } from '../parts.ts';
import type { Queue } from './queue.ts';
import type { Responses } from './responses.ts';

export interface AnswersDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly queue: Pick<Queue, 'kick'>;
  readonly responses: Pick<Responses, 'look'>;
}

export function createAnswers({ parts: { store, clock }, queue, responses }: AnswersDeps): AnswersApi {
  return {
    async leave(id) {
      const request = await store.leave(id, clock.now());
      if (request === null) return;
      if (hasEnded(request.state)) responses.look();
      // Its class may have changed, and with it the order.
      else queue.kick(request.workspace, request.agent);
    },
    handedOver: (id) => store.settleAnswer(id),
  };
}
