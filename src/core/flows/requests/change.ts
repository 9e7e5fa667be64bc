import { normalisePrompt } from '../../model/prompt.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { FlowParts } from '../parts.ts';

/** Another prompt for a request that waits; null: it waits no longer.
 *  @throws GatewayError `invalid_field`, `prompt_too_large` */
export async function changeRequest(
  { store, clock, log }: Pick<FlowParts, 'store' | 'clock' | 'log'>,
  id: string,
  given: string,
  promptField: string,
): Promise<RequestRecord | null> {
  const { text: prompt, altered } = normalisePrompt(given, promptField);
  if (!(await store.changePrompt(id, { prompt, altered }, clock.now()))) return null;
  log.info({ requestId: id, prompt }, 'request.changed');
  return store.readRequest(id);
}
