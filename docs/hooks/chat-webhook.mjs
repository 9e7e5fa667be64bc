// After a session: says in a chat how it ended, by an incoming webhook as Slack, Mattermost and others have them.
// config: { url }

/** @type {import('gatehouse/hooks').PostSession} */
export async function postSession({ config, project, status, error, duration_ms: ms, event_id: eventId }) {
  const why = error === null ? '' : `: ${error}`;
  const text = `${project}: ${status} after ${Math.round(ms / 1000)} s${why}`;
  const response = await fetch(String(config.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': eventId },
    body: JSON.stringify({ text }),
  });
  // Then it is called again.
  if (!response.ok) throw new Error(`the chat answered ${response.status}`);
}
