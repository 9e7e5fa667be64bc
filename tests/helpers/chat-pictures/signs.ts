/** Signs that few machines have letters for, drawn: a picture looks alike everywhere. 20 by 20. */
const SIGNS: Readonly<Record<string, string>> = {
  '📥': '<path d="M2 11h4l2 3h4l2-3h4v6H2z" fill="#5b8def"/><path d="M10 2v8M6.5 7 10 10.5 13.5 7" stroke="#3ba55d" stroke-width="2" fill="none"/>',
  '🔐': '<rect x="4" y="9" width="12" height="9" rx="2" fill="#f0b232"/><path d="M6.5 9V6a3.5 3.5 0 0 1 7 0v3" stroke="#b9bbbe" stroke-width="2" fill="none"/><circle cx="10" cy="13" r="1.6" fill="#7a5510"/>',
  '✅': '<rect x="2" y="2" width="16" height="16" rx="3" fill="#3ba55d"/><path d="m5.5 10.5 3 3 6-7" stroke="#fff" stroke-width="2.2" fill="none"/>',
  '✋': '<path d="M6 10V5a1.2 1.2 0 0 1 2.4 0v4-5.5a1.2 1.2 0 0 1 2.4 0V9 4.5a1.2 1.2 0 0 1 2.4 0V11l1.2-1.6a1.2 1.2 0 0 1 2 1.3L14 16.5C13.3 18 12 18.5 10.5 18.5 8 18.5 6 16.5 6 14z" fill="#f2c063" stroke="#c8933a" stroke-width=".7"/>',
  '🔧': '<path d="M17 5.500a4 4 0 0 1-5.3 4.800l-6 6.200a1.7 1.7 0 0 1-2.4-2.400l6.2-6A4 4 0 0 1 14.5 3l-2.3 2.3.4 2 2 .4z" fill="#8b98a5"/>',
  '⚙': '<circle cx="10" cy="10" r="5" fill="none" stroke="#99aab5" stroke-width="3"/><g stroke="#99aab5" stroke-width="2.6"><path d="M10 1.500v3M10 15.500v3M1.5 10h3M15.5 10h3M4 4l2 2M14 14l2 2M16 4l-2 2M6 14l-2 2"/></g>',
  '⏳': '<path d="M5 3h10M5 17h10M6 3c0 4 3 5 4 7 1-2 4-3 4-7M6 17c0-4 3-5 4-7 1 2 4 3 4 7" stroke="#a7834b" stroke-width="1.6" fill="#f3e2b8"/>',
};

/** Text that is HTML already, with its signs drawn. */
export function drawSigns(html: string): string {
  return html.replaceAll(/(\p{Extended_Pictographic})\uFE0F?/gu, (all, sign: string) => {
    const drawn = SIGNS[sign];
    if (drawn !== undefined)
      return `<svg class="sign" viewBox="0 0 20 20" role="img" aria-label="${all}">${drawn}</svg>`;
    // What any font has: ✓ ✗ ▶ and the like.
    if (/[\u2190-\u25FF\u2700-\u2704\u2706-\u27BF]/.test(sign)) return all;
    throw new Error(`there is no drawing of ${all}: add one to signs.ts`);
  });
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function sayKilobytes(bytes: number): string {
  return bytes < 1_024 ? `${bytes} bytes` : `${(bytes / 1_024).toFixed(1)} kB`;
}
