/** Longer ones are written out: a masked link is repeated in each piece that it reaches into. */
const URL_MAX = 512;

/** Two parts or more with dots between, the last of letters: what people read as an address. */
const ADDRESS = /(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/giu;
/** The last part of a site's name, never of a file's. */
const OF_SITES = /\.(?:com|net|org|io|co|gov|edu|app|dev|me|info|xyz)$/i;

/** The address behind a text, or null when it must be seen: networks open only those of the web, `tg:` would name a
 *  person, and no text may pretend to be another address. */
export function findTarget(url: string, label: string): string | null {
  if (url.length > URL_MAX || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  if (label === url) return url;
  const target = new URL(url);
  if (target.href.length > URL_MAX || /[[\]]|:\/\//.test(label)) return null;
  const honest = Array.from(label.matchAll(ADDRESS), ([address]) => isOf(target, address.toLowerCase()));
  return honest.every(Boolean) ? target.href : null;
}

function isOf({ hostname, pathname }: URL, address: string): boolean {
  const isSite = hostname === address || hostname.endsWith(`.${address}`) || `www.${hostname}` === address;
  return isSite || (pathname.toLowerCase().endsWith(`/${address}`) && !OF_SITES.test(address));
}

/** An address that its text already says. */
export function isSaid(url: string, label: string): boolean {
  return label === url || url === `mailto:${label}` || url === `http://${label}`;
}
