// The page at `/`: what this is, and how it is.
import { isKey, keepKey, readKey, withKey } from './key.js';

const field = (id) => document.getElementById(id);
const home = new URL('.', location.href);

const NAMES = {
  tmuxServer: 'tmux',
  sessions: 'Sessions',
  filesystem: 'Folders',
  gateway: 'Gateway',
  store: 'Database',
  agent: 'Agent',
};

field('key').value = readKey();
field('commands').textContent = [
  `curl -s -H "X-API-Key: $KEY" -H 'Content-Type: application/json' -H 'Prefer: wait=60' \\`,
  `  -d '{"workspace": "demo", "command": "Say hello."}' ${new URL('execute', home)}`,
].join('\n');
field('door').addEventListener('submit', (event) => {
  event.preventDefault();
  keepKey(field('key').value.trim());
  void look();
});
void look();

async function look() {
  const key = field('key').value.trim();
  field('checks').replaceChildren();
  try {
    if (!isKey(key)) tell('The key is not right.', 'bad');
    else if (key === '') tell(...(await readReadiness()));
    else await showHealth(key);
  } catch {
    tell('Down: the gateway does not answer.', 'bad');
  }
}

async function readReadiness() {
  const { ok } = await fetch(new URL('readyz', home));
  return ok
    ? ['Up: it takes work.', 'good']
    : ['Up, but it takes no work now: it starts, stops, or cannot store.', 'bad'];
}

async function showHealth(key) {
  const answer = await fetch(new URL('health', home), withKey(key));
  if (answer.status === 401) return tell('The key is not right.', 'bad');
  const { status, checks, detail } = await answer.json();
  if (checks === undefined) return tell(detail, 'bad');
  tell(status === 'healthy' ? 'Healthy.' : 'Degraded: a part does not work.', status === 'healthy' ? 'good' : 'bad');
  field('checks').replaceChildren(...Object.entries(checks).map(toItem));
}

function toItem([name, check]) {
  const item = document.createElement('li');
  const mark = document.createElement('strong');
  mark.className = check.healthy ? 'good' : 'bad';
  mark.textContent = `${check.healthy ? '✓' : '✗'} ${NAMES[name] ?? name} `;
  const details = document.createElement('span');
  details.textContent = sayDetails(name, check);
  item.append(mark, details);
  return item;
}

function sayDetails(name, { error, ...details }) {
  if (error !== undefined) return error;
  switch (name) {
    case 'sessions':
      return `${details.active} at work, ${details.live} of at most ${details.max} live, ${details.total} known`;
    case 'tmuxServer':
      return `${details.sessionsCount} sessions`;
    case 'agent':
      return [details.hint, details.version, details.warning, details.pause && 'paused'].filter(Boolean).join(', ');
    case 'store':
      return details.today ? `${details.today.costUsd} US dollars spent today (UTC)` : '';
    default:
      return '';
  }
}

function tell(words, kind) {
  field('state').textContent = words;
  field('state').className = kind;
}
