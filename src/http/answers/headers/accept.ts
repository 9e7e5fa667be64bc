/** Programs get JSON, also with any type or none; only who names HTML gets a page. */
export function prefersHtml(accept: string | undefined): boolean {
  const html = readQuality(accept, 'text/html');
  return html > 0 && html >= readQuality(accept, 'application/json');
}

/** How much a client wants a media type that it names; 0 when it does not name it. */
function readQuality(accept: string | undefined, mediaType: string): number {
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== mediaType) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
