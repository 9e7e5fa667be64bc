import { Type } from 'typebox';
import { closed, component } from './schema-parts.ts';

export const Problem = component(
  'Problem',
  Type.Object(
    {
      type: Type.String({
        description: 'Names the kind of problem.',
        examples: ['urn:gatehouse:problem:invalid_field'],
      }),
      title: Type.String({ description: 'The kind, for people.', examples: ['A field is wrong'] }),
      status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.', examples: [400] }),
      detail: Type.String({ description: 'What is wrong.', examples: ['missing: workspace'] }),
      code: Type.String({ description: 'The last part of `type`.', examples: ['invalid_field'] }),
      error: Type.String({
        description:
          'What is wrong: as `detail`, but that a 401 says `Unauthorized` and a 500 `Internal server error`.',
        examples: ['missing: workspace'],
      }),
      message: Type.String({
        description: 'The way out.',
        examples: ['Mend what `field` names and send it again'],
      }),
      field: Type.Optional(Type.String({ description: 'The field that is wrong.', examples: ['workspace'] })),
      retryAfter: Type.Optional(
        Type.Integer({ minimum: 1, description: 'Seconds after which to try again.', examples: [10] }),
      ),
    },
    { ...closed, description: 'An RFC 9457 problem document.' },
  ),
);
