/** Bytes of a name, with its ending. */
const NAME_MAX = 100;
const ENDING_MAX = 20;

/** A name that is safe in every folder, shell and header, as near to the given one as can be: letters, digits and `._-`,
 *  no dot or dash in front, no part of a path. */
export function toFileName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const safe = last.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_').replace(/[._-]+$/, '');
  const [stem, ending] = splitName(safe);
  // What has an ending alone is hidden by it, and named by it; where nothing else is left of a name, it stays an ending.
  const name = stem.replace(/^[._-]+/, '') || (ending === '' ? '' : 'file');
  return `${cutBytes(name, NAME_MAX - byteLength(ending))}${ending}` || 'file';
}

/** The same with a number: `report.pdf`, `report-2.pdf`, … */
export function toNumberedName(name: string, number: number): string {
  if (number === 1) return name;
  const [stem, ending] = splitName(name);
  return `${stem}-${number}${ending}`;
}

function splitName(name: string): readonly [stem: string, ending: string] {
  const at = name.lastIndexOf('.');
  const ending = at > 0 ? name.slice(at) : '';
  return byteLength(ending) > ENDING_MAX ? [name, ''] : [name.slice(0, name.length - ending.length), ending];
}

/** No character is cut in half. */
function cutBytes(text: string, max: number): string {
  let cut = '';
  let bytes = 0;
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > max) break;
    cut += character;
  }
  return cut;
}

/** In UTF-8. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}

/** For people. */
export function sayBytes(bytes: number): string {
  const mega = bytes / 1_048_576;
  return mega >= 1 ? `${Math.round(mega * 10) / 10} MB` : `${Math.ceil(bytes / 1024)} kB`;
}
