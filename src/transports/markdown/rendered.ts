import type { RequestRecord } from '../../core/model/request.ts';

/** What was rendered last: each message of a long answer is an attempt of its own, and needs all of it again. */
export interface Rendered<Made> {
  of(request: RequestRecord, make: (request: RequestRecord) => Made): Made;
}

/** A few answers go out at a time. */
const KEPT_MAX = 8;

export function createRendered<Made>(): Rendered<Made> {
  const kept = new Map<string, { readonly text: string | null; readonly made: Made }>();
  return {
    of(request, make) {
      const { id, state, text } = request;
      const name = `${id} ${state}`;
      const known = kept.get(name);
      const made = known !== undefined && known.text === text ? known.made : make(request);
      kept.delete(name);
      kept.set(name, { text, made });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return made;
    },
  };
}
