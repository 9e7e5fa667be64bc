import { Type } from 'typebox';
import { TERMINAL_BOUNDS } from '../../core/ports/terminal.ts';
import { closed, ticket, wholeInQuery } from '../answers/schema-parts.ts';

const side = (name: keyof typeof TERMINAL_BOUNDS.min) =>
  wholeInQuery({
    minimum: TERMINAL_BOUNDS.min[name],
    maximum: TERMINAL_BOUNDS.max[name],
    description: `Of the terminal; ${TERMINAL_BOUNDS.byDefault[name]} when absent.`,
    examples: [TERMINAL_BOUNDS.byDefault[name]],
  });
export const TerminalQuery = Type.Object(
  {
    write: Type.Optional(
      Type.Boolean({ description: 'Asks for keys to be taken; needs TERMINAL_WRITE_ENABLED.', examples: [true] }),
    ),
    confirm: Type.Optional(
      Type.Boolean({
        description: 'Asks for a `taken` frame behind each frame of keys, so that none is lost with a connection.',
        examples: [true],
      }),
    ),
    columns: Type.Optional(side('columns')),
    rows: Type.Optional(side('rows')),
    ticket,
  },
  closed,
);
