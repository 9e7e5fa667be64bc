/** Not longer than `max` UTF-16 units, and no character cut in half. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${cutHard(text, max - 1)}…`;
}

export function cutHard(text: string, max: number): string {
  const first = text.slice(0, max);
  return first.isWellFormed() || !text.isWellFormed() ? first : first.slice(0, -1);
}

/** What is decided on shows its end, too: whatever is left out is left out of the middle, and said. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const side = Math.floor((max - sayLeftOut(text.length).length) / 2);
  if (side <= 0) return cut(text, max);
  const first = cutHard(text, side);
  const last = text.slice(text.length - side);
  const end = last.isWellFormed() || !text.isWellFormed() ? last : last.slice(1);
  return `${first}${sayLeftOut(text.length - first.length - end.length)}${end}`;
}

const sayLeftOut = (count: number): string => `\n… ${count.toLocaleString('en')} letters are left out here …\n`;
