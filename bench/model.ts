import { LLMock } from '@copilotkit/aimock';

export interface Model {
  readonly url: string;
  close(): Promise<void>;
}

export const ANSWER = 'The oldest task is the first one.';

/** A stand-in for the model that answers at once: what is left is the time of those around it. */
export async function startModel(): Promise<Model> {
  const mock = new LLMock({ host: '127.0.0.1', port: 0, chunkSize: 2_000, logLevel: 'silent' });
  mock.on({ predicate: () => true }, () => ({ content: ANSWER }));
  return { url: await mock.start(), close: () => mock.stop() };
}
