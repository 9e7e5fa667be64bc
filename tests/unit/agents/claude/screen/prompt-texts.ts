import fc from 'fast-check';

/** Texts that meet the rules more often than chance would have it. */
export const promptTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '!', '/', '#', '&', '?', '\t', ' ', '\n', 'e\u0301'),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('exit', 'QUIT', ':wq', '@src')),
    fc.constantFrom('', '\\', ' ', '\t', '\n\n', 'e\u0301', '?'),
  )
  .map((parts) => parts.join(''));
