// The rooms of each hall, floor by floor from the top. A room imports from those on lower floors; rooms on one floor are
// strangers. What begins with `./` is a file of the hall itself.
module.exports = {
  agents: [['steward'], ['claude', 'claude-print', 'terminal'], ['program'], ['tmux'], ['processes']],
  'agents/claude': [
    ['driver'],
    ['session'],
    ['turn'],
    ['submission', 'prompts', 'narration'],
    ['watch', 'dialogs'],
    ['transcript', 'door'],
    ['screen', 'hooks'],
  ],
  'agents/program': [['launch'], ['files', 'ending'], ['asking', 'telling', 'settings', 'versions']],
  'core/flows': [
    ['./gateway.ts'],
    ['./recover.ts', './health.ts'],
    ['chat'],
    ['queue'],
    ['turns'],
    ['approvals', 'sessions', 'threads'],
    ['requests', 'events', 'outbox'],
    ['./until-stored.ts'],
    ['./parts.ts', './deadline.ts', './readiness.ts', './timers.ts', './until-aborted.ts'],
  ],
  http: [
    ['./server.ts'],
    ['docs'],
    [
      ...['requests', 'sessions', 'approvals', 'deliveries', 'webhooks', 'streams', 'terminal', 'health'],
      ...['contracts/bot', 'contracts/inject'],
    ],
    ['./route-deps.ts'],
    ['sockets'],
    ['door'],
    ['answers'],
  ],
  store: [
    ['./sqlite.ts'],
    ['turns'],
    ['approvals', 'answers', 'outbox'],
    ['requests', 'sessions', 'idempotency', 'threads'],
    ['events'],
    ['deliveries'],
    ['webhooks'],
    ['sql'],
  ],
  transports: [['webhook', 'telegram', 'discord'], ['markdown']],
};
