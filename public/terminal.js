// The page at /terminal: a client of WS /session/{workspace}/terminal, as docs/terminal.md describes it.
import { FitAddon } from './addon-fit.mjs';
import { isKey, keepKey, readKey, withKey } from './key.js';
import { Terminal } from './xterm.mjs';

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 5_000;
/** After these the gateway would say the same again. */
const FINAL_CODES = new Set([1000, 1007, 1008, 1009]);
const FINAL_STATUSES = new Set([400, 401, 403, 404, 501]);
/** The gateway takes no larger frames of a client than 64 kB. */
const FRAME_BYTES = 32_768;
/** As the gateway bounds a terminal. */
const SIDES = { columns: [60, 500], rows: [21, 200] };
const FONT_SIZE = 14;
const FONT_SIZE_MIN = 5;

const field = (id) => document.getElementById(id);
const terminal = new Terminal({ fontSize: FONT_SIZE, scrollback: 0 });
const fit = new FitAddon();
const encoder = new TextEncoder();
let socket = null;
let retry = null;
let wait = RETRY_MS;

terminal.loadAddon(fit);
terminal.open(field('screen'));
terminal.onData((keys) => send(encoder.encode(keys)));
terminal.onBinary((keys) => send(Uint8Array.from(keys, toByte)));
new ResizeObserver(() => requestAnimationFrame(resize)).observe(field('screen'));
field('key').value = readKey();
field('workspace').value = new URLSearchParams(location.search).get('workspace') ?? '';
field('key').addEventListener('change', () => void listSessions());
field('door').addEventListener('submit', (event) => {
  event.preventDefault();
  begin();
});
window.addEventListener('focus', () => socket !== null && void listSessions());
fitWindow();
if (readField('key') !== '') void listSessions();

function begin() {
  wait = RETRY_MS;
  if (!isKey(readField('key'))) return leave(WORDS.unauthorized);
  keepKey(readField('key'));
  return connect();
}

/** Gives up, and what it had. */
function leave(words) {
  clearTimeout(retry);
  socket?.close();
  socket = null;
  tell(`Ended: ${words}`, 'bad');
}

function connect() {
  clearTimeout(retry);
  socket?.close();
  const workspace = readField('workspace');
  const key = readField('key');
  const mayWrite = field('write').checked;
  fitWindow();
  const path = toPath(workspace, mayWrite);
  const protocols = ['gatehouse.terminal', ...(key === '' ? [] : [`gatehouse.key.${toBase64Url(key)}`])];
  const own = new WebSocket(path, protocols);
  socket = own;
  own.binaryType = 'arraybuffer';
  own.onmessage = ({ data }) => {
    if (own !== socket) return;
    if (typeof data === 'string') take(JSON.parse(data));
    else terminal.write(new Uint8Array(data));
  };
  own.onclose = ({ code, reason }) => {
    if (own === socket) void reconnect(code, reason, path, key);
  };
}

function toPath(workspace, mayWrite) {
  const query = new URLSearchParams(readSize());
  if (mayWrite) query.set('write', 'true');
  return `session/${encodeURIComponent(workspace)}/terminal?${query}`;
}

function take(message) {
  if (message.type !== 'opened') return;
  wait = RETRY_MS;
  terminal.reset();
  terminal.resize(message.columns, message.rows);
  terminal.focus();
  tell(
    message.readOnly
      ? 'Connected, read-only: to type, check “type” and connect again.'
      : 'Connected: what you type goes to the agent.',
  );
  void listSessions();
  // The window may have changed meanwhile.
  resize();
}

async function reconnect(code, reason, path, key) {
  // A browser does not say why an upgrade was refused, so the same is asked without one.
  const refusal = code === 1006 ? await findRefusal(path, key) : null;
  if (FINAL_CODES.has(code) || refusal?.isFinal) return tell(`Ended: ${refusal?.words ?? reason}`, 'bad');
  tell(`Lost (${refusal?.words ?? (reason || code)}), connecting again …`, 'bad');
  retry = setTimeout(connect, wait);
  wait = Math.min(RETRY_MAX_MS, wait * 2);
  return undefined;
}

async function findRefusal(path, key) {
  try {
    const answer = await fetch(path, withKey(key));
    const { status, code, detail } = await answer.json();
    // Nothing stands against it: the connection itself was lost.
    if (code === 'upgrade_required') return null;
    return { words: WORDS[code] ?? detail, isFinal: FINAL_STATUSES.has(status) };
  } catch {
    // The gateway cannot be reached: it may come back.
    return null;
  }
}

const WORDS = {
  unauthorized: 'the key is not right.',
  terminal_read_only: 'this gateway lets nobody type (TERMINAL_WRITE_ENABLED is false). Uncheck “type” to watch.',
};

async function listSessions() {
  const key = readField('key');
  if (!isKey(key)) return;
  try {
    const answer = await fetch('sessions', withKey(key));
    if (!answer.ok) return;
    const { sessions } = await answer.json();
    field('known').replaceChildren(...sessions.map(({ workspace }) => new Option(workspace)));
    field('sessions').replaceChildren(...sessions.map(toButton));
  } catch {
    // They are listed when the gateway answers again.
  }
}

function toButton({ workspace, status }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `${workspace} · ${status}`;
  button.setAttribute('aria-pressed', String(workspace === readField('workspace') && socket !== null));
  button.addEventListener('click', () => {
    field('workspace').value = workspace;
    begin();
  });
  return button;
}

/** A long paste goes in frames, in order. */
function send(bytes) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) socket.send(bytes.subarray(at, at + FRAME_BYTES));
}

function resize() {
  const before = readSize();
  fitWindow();
  const { columns, rows } = readSize();
  if (socket?.readyState !== WebSocket.OPEN || (columns === before.columns && rows === before.rows)) return;
  socket.send(JSON.stringify({ type: 'resize', columns, rows }));
}

/** As much as the window shows; on a phone the letters become small enough for the narrowest terminal. */
function fitWindow() {
  terminal.options.fontSize = FONT_SIZE;
  const { cols } = fit.proposeDimensions() ?? { cols: terminal.cols };
  const [least] = SIDES.columns;
  if (cols < least)
    terminal.options.fontSize = Math.max(FONT_SIZE_MIN, Math.floor((10 * FONT_SIZE * cols) / least) / 10);
  const found = fit.proposeDimensions() ?? { cols: terminal.cols, rows: terminal.rows };
  terminal.resize(within(found.cols, SIDES.columns), within(found.rows, SIDES.rows));
}

function within(value, [least, most]) {
  return Math.min(most, Math.max(least, Number.isFinite(value) ? value : least));
}

function readSize() {
  return { columns: terminal.cols, rows: terminal.rows };
}

function readField(id) {
  return field(id).value.trim();
}

function tell(words, kind = '') {
  field('state').textContent = words;
  field('state').className = kind;
}

function toBase64Url(text) {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function toByte(character) {
  return character.charCodeAt(0);
}
