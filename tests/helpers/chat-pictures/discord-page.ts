import type { DiscordMessage, Row } from '../discord-server/world.ts';
import { drawSigns, escapeHtml, sayKilobytes } from './signs.ts';

/** A thread of Discord, with all that is in it. */
export interface ThreadView {
  readonly name: string;
  readonly channel: string;
  readonly messages: readonly DiscordMessage[];
}

export function drawThread({ name, channel, messages }: ThreadView): string {
  const head = `<header><small>#</small> ${escapeHtml(channel)} <small>›</small> <b>${escapeHtml(name)}</b></header>`;
  const rows = messages.map((message, at) => drawMessage(message, messages[at - 1]?.author.id !== message.author.id));
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body><main>${head}<section>${rows.join('')}</section></main>`;
}

/** Who speaks on is not named again. */
function drawMessage(
  { author, content, components, attachments, edited_timestamp: edited }: DiscordMessage,
  isFirst: boolean,
): string {
  const { username, bot } = author;
  const who = `<div class="who"><b>${escapeHtml(username)}</b>${bot ? '<em>APP</em>' : ''}</div>`;
  const face = `<i class="${bot ? 'bot' : 'person'}">${escapeHtml(username.charAt(0).toUpperCase())}</i>`;
  const mark = edited === null ? '' : '<small> (edited)</small>';
  const files = attachments.map(({ filename, size }) => drawFile(filename, size)).join('');
  const text = content === '' ? '' : `<div class="text">${drawMarkdown(content)}${mark}</div>`;
  return `<div class="row${isFirst ? ' first' : ''}">${isFirst ? face : ''}<div>${isFirst ? who : ''}${text}${files}${components.map(drawRow).join('')}</div></div>`;
}

function drawFile(name: string, bytes: number): string {
  return `<div class="file"><span>▤</span><div><u>${escapeHtml(name)}</u><small>${sayKilobytes(bytes)}</small></div></div>`;
}

function drawRow({ components }: Row): string {
  const keys = components.map(
    ({ label, style }) => `<button class="style-${style}">${drawSigns(escapeHtml(label))}</button>`,
  );
  return `<div class="keys">${keys.join('')}</div>`;
}

/** As much of Discord's markdown as answers use. */
function drawMarkdown(content: string): string {
  return content
    .split(/^(```[^]*?^```)$/m)
    .map((part) => /^```\w*\n([^]*?)\n?```$/.exec(part)?.[1] ?? part.trim().split('\n'))
    .map((part) => (typeof part === 'string' ? `<pre>${escapeHtml(part)}</pre>` : part.map(drawLine).join('')))
    .join('');
}

function drawLine(line: string): string {
  const [, sign = '', rest = line] = /^(> ?|- |#{1,3} )(.*)$/.exec(line) ?? [];
  const html = drawInline(rest);
  if (sign.startsWith('>')) return `<blockquote>${html}</blockquote>`;
  if (sign === '- ') return `<div class="item">${html}</div>`;
  if (sign !== '') return `<h3>${html}</h3>`;
  return html === '' ? '<p></p>' : `<div>${html}</div>`;
}

function drawInline(text: string): string {
  const html = escapeHtml(text)
    .replaceAll(/\\([^\w\s])/g, (_, sign: string) => `&#${sign.codePointAt(0)};`)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replaceAll(/\*(.+?)\*|\b_(.+?)_\b/g, '<i class="slant">$1$2</i>');
  return drawSigns(html);
}

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.4 "gg sans", "Noto Sans", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif; color: #dbdee1; background: #313338 }
main { width: 600px; background: #313338 }
header { padding: 12px 16px; border-bottom: 1px solid #26282c; color: #f2f3f5 } header small { color: #949ba4; font-size: 15px }
section { padding: 6px 16px 18px }
.row { padding-left: 54px; position: relative; margin-top: 5px } .row.first { margin-top: 16px }
.row > i { position: absolute; left: 0; top: 2px; width: 40px; height: 40px; border-radius: 50%; color: #fff; font: 600 18px/40px sans-serif; text-align: center }
.bot { background: #5865f2 } .person { background: #c2588d }
.who b { color: #f2f3f5 } em { background: #5865f2; color: #fff; border-radius: 4px; font: 600 10px/1 sans-serif; padding: 2px 5px; margin-left: 6px; vertical-align: 2px }
.text { overflow-wrap: anywhere } .text small { color: #949ba4; font-size: 11px }
.text > small { margin-left: 2px } .text div:has(+ small) { display: inline }
blockquote { border-left: 4px solid #4e5058; padding-left: 10px }
p { height: 10px }
.item { padding-left: 18px; position: relative } .item::before { content: "•"; position: absolute; left: 4px }
h3 { font-size: 17px; color: #f2f3f5; margin: 4px 0 }
.slant { font-style: italic }
pre, code { font: 13px/1.4 "DejaVu Sans Mono", monospace; background: #2b2d31; border-radius: 4px }
code { padding: 1px 4px } pre { padding: 8px 10px; border: 1px solid #1e1f22; margin: 4px 0; white-space: pre-wrap }
.keys { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px }
button { padding: 8px 16px; border: 0; border-radius: 8px; background: #4e5058; color: #fff; font: 600 14px/1.2 sans-serif; font-family: inherit }
.style-3 { background: #248046 } .style-4 { background: #da373c }
.file { display: flex; gap: 10px; align-items: center; margin-top: 6px; padding: 10px 14px; width: 330px; background: #2b2d31; border: 1px solid #1e1f22; border-radius: 8px }
.file span { font-size: 26px; color: #949ba4 } .file u { color: #00a8fc; text-decoration: none } .file small { display: block; color: #949ba4; font-size: 12px }
.sign { width: 1.2em; height: 1.2em; vertical-align: -.25em }
`;
