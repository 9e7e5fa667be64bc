import fc from 'fast-check';
import { anyText } from '../../../../helpers/any-text.ts';

/** Texts that meet the rules more often than chance would have it. */
export const promptTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '!', '/', '#', '&', '?', '\t', ' ', '\n', 'e\u0301'),
    fc.oneof(anyText(), fc.constantFrom('exit', 'QUIT', ':wq', '@src')),
    fc.constantFrom('', '\\', ' ', '\t', '\n\n', 'e\u0301', '?'),
  )
  .map((parts) => parts.join(''));
