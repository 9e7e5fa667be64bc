// The page at /terminal: a client of WS /session/{workspace}/terminal, as docs/terminal.md describes it.
import { Terminal } from './xterm.mjs';

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 5_000;
/** After these the gateway would say the same again. */
const FINAL_CODES = new Set([1000, 1007, 1008, 1009]);
const FINAL_STATUSES = new Set([400, 401, 404]);

const field = (id) => document.getElementById(id);
const terminal = new Terminal({ cols: 200, rows: 51, scrollback: 0 });
const encoder = new TextEncoder();
let socket = null;
let retry = null;
let wait = RETRY_MS;

terminal.open(field('screen'));
terminal.onData((keys) => socket?.readyState === WebSocket.OPEN && socket.send(encoder.encode(keys)));
terminal.onBinary((keys) => socket?.readyState === WebSocket.OPEN && socket.send(Uint8Array.from(keys, toByte)));
field('door').addEventListener('submit', (event) => {
  event.preventDefault();
  wait = RETRY_MS;
  connect();
});
for (const side of ['columns', 'rows']) field(side).addEventListener('change', resize);

function connect() {
  clearTimeout(retry);
  socket?.close();
  const workspace = field('workspace').value;
  const key = field('key').value;
  const query = new URLSearchParams(readSize());
  if (field('write').checked) query.set('write', 'true');
  const protocols = ['gatehouse.terminal', ...(key === '' ? [] : [`gatehouse.key.${toBase64Url(key)}`])];
  const own = new WebSocket(`session/${workspace}/terminal?${query}`, protocols);
  socket = own;
  own.binaryType = 'arraybuffer';
  own.onmessage = ({ data }) => {
    if (own !== socket) return;
    if (typeof data === 'string') take(JSON.parse(data));
    else terminal.write(new Uint8Array(data));
  };
  own.onclose = ({ code, reason }) => {
    if (own === socket) void reconnect(code, reason, workspace, key);
  };
}

function take(message) {
  if (message.type !== 'opened') return;
  wait = RETRY_MS;
  terminal.reset();
  terminal.resize(message.columns, message.rows);
  terminal.focus();
  tell(message.readOnly ? 'connected, read-only' : 'connected');
}

async function reconnect(code, reason, workspace, key) {
  // A browser does not say why an upgrade was refused, so the session is asked.
  const refusal = code === 1006 ? await findRefusal(workspace, key) : null;
  if (FINAL_CODES.has(code) || refusal?.isFinal) return tell(`ended: ${refusal?.detail ?? reason}`);
  tell(`lost (${refusal?.detail ?? (reason || code)}), connecting again …`);
  retry = setTimeout(connect, wait);
  wait = Math.min(RETRY_MAX_MS, wait * 2);
  return undefined;
}

async function findRefusal(workspace, key) {
  try {
    const answer = await fetch(`session/${workspace}/screen`, { headers: key === '' ? {} : { 'x-api-key': key } });
    if (!answer.ok) {
      const { status, detail } = await answer.json();
      return { detail, isFinal: FINAL_STATUSES.has(status) };
    }
    return field('write').checked ? { detail: 'is TERMINAL_WRITE_ENABLED true?', isFinal: false } : null;
  } catch {
    // The gateway cannot be reached: it may come back.
    return null;
  }
}

function resize() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const { columns, rows } = readSize();
  terminal.resize(columns, rows);
  socket.send(JSON.stringify({ type: 'resize', columns, rows }));
}

function readSize() {
  return { columns: field('columns').valueAsNumber, rows: field('rows').valueAsNumber };
}

function tell(state) {
  field('state').value = state;
}

function toBase64Url(text) {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function toByte(character) {
  return character.charCodeAt(0);
}
