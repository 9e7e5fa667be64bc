import type { Schemas } from '../../../client/client.ts';
import type { connect } from '../connection.ts';

const PAGE = 1_000;

/** All behind a line, in order. */
export async function* readLines(
  { ask, client }: Awaited<ReturnType<typeof connect>>,
  behind: number,
): AsyncGenerator<Schemas['AuditLine']> {
  let after: number | null = behind;
  while (after !== null) {
    const query: { after: number; limit: number } = { after, limit: PAGE };
    const page: Schemas['AuditPage'] = await ask(client.GET('/audit', { params: { query } }));
    yield* page.lines;
    after = page.next;
  }
}
