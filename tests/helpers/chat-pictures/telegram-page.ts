import type { MessageEntity } from 'telegraf/types';
import type { ServerMessage, WrittenMessage } from '../telegram-server/world.ts';
import { drawSigns, escapeHtml, sayKilobytes } from './signs.ts';

/** A topic as the one who writes in it sees it. */
export interface TopicView {
  readonly name: string;
  readonly group: string;
  readonly messages: readonly ServerMessage[];
  readonly written: readonly WrittenMessage[];
}

export function drawTopic({ name, group, messages, written }: TopicView): string {
  const all = [...written, ...messages].toSorted((one, other) => one.id - other.id);
  const rows = all.map((one, at) => {
    if (!isOfBot(one)) return drawWritten(one);
    // Who speaks on is not named again.
    const before = all[at - 1];
    return drawMessage(one, before === undefined || !isOfBot(before));
  });
  const head = `<header><i>${escapeHtml(name.charAt(0))}</i><div><b>${escapeHtml(name)}</b><small>${escapeHtml(group)}</small></div></header>`;
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body><main>${head}<section>${rows.join('')}</section></main>`;
}

const isOfBot = (one: ServerMessage | WrittenMessage): one is ServerMessage => 'entities' in one;

function drawMessage({ text, entities, buttons, file }: ServerMessage, isFirst: boolean): string {
  const keys = buttons.map((button) => `<button>${drawText(button.text)}</button>`).join('');
  const body = text === '' ? '' : `<div class="text">${drawEntities(text, entities)}</div>`;
  const bubble = `<div class="bubble">${isFirst ? '<b class="from">Gatehouse</b>' : ''}${drawFile(file)}${body}</div>`;
  return `<div class="row">${bubble}${keys === '' ? '' : `<div class="keys">${keys}</div>`}</div>`;
}

function drawWritten({ text, file }: WrittenMessage): string {
  return `<div class="row own"><div class="bubble">${drawFile(file)}${drawText(text)}</div></div>`;
}

function drawFile(file: ServerMessage['file']): string {
  if (file === null) return '';
  const { name, text } = file;
  const size = sayKilobytes(Buffer.byteLength(text));
  return `<div class="file"><span>↓</span><div><b>${escapeHtml(name)}</b><small>${size}</small></div></div>`;
}

/** Entities lie inside of one another or apart; the longer one is outside. */
function drawEntities(text: string, entities: readonly MessageEntity[]): string {
  const ends = (at: number) => entities.filter(({ offset, length }) => offset + length === at).toSorted(inner);
  const begins = (at: number) =>
    entities.filter(({ offset }) => offset === at).toSorted((one, other) => inner(other, one));
  const places = new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])]);
  const sorted = [...places].toSorted((one, other) => one - other);
  return sorted
    .map((at, index) => {
      const closed = ends(at).map(({ type }) => `</${TAGS[type] ?? 'span'}>`);
      const opened = begins(at).map(({ type }) => `<${TAGS[type] ?? 'span'}>`);
      return [...closed, ...opened, drawText(text.slice(at, sorted[index + 1] ?? at))].join('');
    })
    .join('')
    .replaceAll(/\n(?=<(?:pre|blockquote)>)|(?<=<\/(?:pre|blockquote)>)\n/g, '');
}

const inner = (one: MessageEntity, other: MessageEntity): number => one.length - other.length;
const drawText = (text: string): string => drawSigns(escapeHtml(text));

const TAGS: Readonly<Partial<Record<MessageEntity['type'], string>>> = {
  bold: 'b',
  italic: 'i',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  text_link: 'u',
};

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.4 "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif; color: #111; background: #cfe0cb }
main { width: 560px; background: #cfe0cb }
header { display: flex; gap: 12px; align-items: center; padding: 10px 16px; background: #fff; border-bottom: 1px solid #dfe3e0 }
header i { width: 38px; height: 38px; border-radius: 50%; background: #6c9bd9; color: #fff; font: 600 18px/38px sans-serif; text-align: center }
header b, header small { display: block } header small, .file small { color: #7b8a94; font-size: 13px }
section { padding: 14px 12px 16px; display: flex; flex-direction: column; gap: 7px }
.row { max-width: 430px; align-self: flex-start; min-width: 0 }
.own { align-self: flex-end }
.bubble { background: #fff; border-radius: 14px; padding: 7px 12px 8px; box-shadow: 0 1px 1px #0002; overflow-wrap: anywhere; white-space: pre-wrap }
.own .bubble { background: #e5fcd5 }
.from { display: block; color: #3b7dc4; font-size: 14px }
.keys { display: flex; flex-wrap: wrap; gap: 4px; margin-top: 4px }
button { flex: 1 1 auto; padding: 8px 10px; border: 0; border-radius: 9px; background: #5c8a7299; color: #fff; font: 600 14px/1.2 inherit; font-family: inherit }
blockquote { border-left: 3px solid #3b7dc4; background: #eef4fb; border-radius: 5px; padding: 3px 9px; margin-top: 2px }
pre, code { font: 13px/1.4 "DejaVu Sans Mono", monospace; background: #f0f3f5; border-radius: 4px }
code { padding: 1px 4px; color: #b3416c } pre { padding: 6px 9px; margin-top: 2px; white-space: pre-wrap }
.file { display: flex; gap: 10px; align-items: center; padding: 3px 0 }
.file span { width: 40px; height: 40px; border-radius: 50%; background: #4b97e2; color: #fff; font: 20px/40px sans-serif; text-align: center }
.file b, .file small { display: block; font-weight: 600 }
.file small { font-weight: 400 }
.sign { width: 1.15em; height: 1.15em; vertical-align: -.2em }
`;
