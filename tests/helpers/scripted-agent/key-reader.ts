import { StringDecoder } from 'node:string_decoder';

export type KeyName =
  | 'enter'
  | 'newline'
  | 'escape'
  | 'ctrl-c'
  | 'ctrl-g'
  | 'ctrl-u'
  | 'ctrl-z'
  | 'backspace'
  | 'up'
  | 'down'
  | 'tab'
  | 'shift-tab'
  | 'other';

/** What came from the terminal. */
export type Input =
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly name: KeyName };

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** An Escape that nothing follows within this time is the key. */
const ESCAPE_MS = 10;

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'newline',
  '\t': 'tab',
  '\u0003': 'ctrl-c',
  '\u0007': 'ctrl-g',
  '\u0015': 'ctrl-u',
  '\u001a': 'ctrl-z',
  '\u007f': 'backspace',
};
const SEQUENCES: Readonly<Record<string, KeyName>> = {
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[13u': 'enter',
  '\u001b[Z': 'shift-tab',
};

/** Turns the bytes of a terminal in raw mode with bracketed paste into inputs. */
export function createKeyReader(tell: (input: Input) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let timer: NodeJS.Timeout | undefined;

  /** Takes one input from the front; false when more bytes are needed. */
  function step(last: boolean): boolean {
    if (rest.startsWith(PASTE_BEGIN)) {
      const end = rest.indexOf(PASTE_END);
      if (end < 0) return false;
      const text = rest.slice(PASTE_BEGIN.length, end);
      rest = rest.slice(end + PASTE_END.length);
      tell({ kind: 'paste', text });
      return true;
    }
    const [first = ''] = rest;
    if (first === '\u001b') return stepEscape(last);
    const control = CONTROLS[first];
    if (control !== undefined || first < ' ') {
      rest = rest.slice(1);
      tell({ kind: 'key', name: control ?? 'other' });
      return true;
    }
    // oxlint-disable-next-line no-control-regex -- up to the next control character
    const text = /^[^\u0000-\u001f\u007f]+/.exec(rest)?.[0] ?? first;
    rest = rest.slice(text.length);
    tell({ kind: 'text', text });
    return true;
  }

  function stepEscape(last: boolean): boolean {
    // oxlint-disable-next-line no-control-regex -- a control sequence begins with Escape
    const sequence = /^\u001b(\[[0-9;?]*[@-~]|O[A-Z])/.exec(rest)?.[0];
    if (sequence !== undefined) {
      rest = rest.slice(sequence.length);
      tell({ kind: 'key', name: SEQUENCES[sequence] ?? 'other' });
      return true;
    }
    // oxlint-disable-next-line no-control-regex -- the front of a control sequence
    if (!last && /^\u001b(\[[0-9;?]*|O)?$/.test(rest)) return false;
    rest = rest.slice(1);
    tell({ kind: 'key', name: 'escape' });
    return true;
  }

  return (chunk) => {
    clearTimeout(timer);
    rest += decoder.write(chunk);
    while (rest !== '' && step(false));
    if (rest === '' || rest.startsWith(PASTE_BEGIN)) return;
    timer = setTimeout(() => {
      while (rest !== '' && step(true));
    }, ESCAPE_MS);
  };
}
