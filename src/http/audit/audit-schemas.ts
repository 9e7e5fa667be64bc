import { type Static, Type } from 'typebox';
import { AUDIT_ACTIONS } from '../../core/model/audit/audit.ts';
import { closed, component, enumOf, instant, nullable, wholeInQuery } from '../answers/schema-parts.ts';

export const AuditQuery = Type.Object(
  {
    after: Type.Optional(
      wholeInQuery({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Lines behind the one of this number; 0, or absent: from the first.',
        examples: [0],
      }),
    ),
    limit: Type.Optional(
      wholeInQuery({
        minimum: 1,
        maximum: 1_000,
        description: 'At most so many lines; 100 when absent.',
        examples: [100],
      }),
    ),
  },
  closed,
);

export const AuditLine = component(
  'AuditLine',
  Type.Object(
    {
      seq: Type.Integer({
        minimum: 1,
        description: 'The number of the line: 1, 2, 3 …, without a gap.',
        examples: [1],
      }),
      at: instant('When it happened'),
      who: Type.String({
        description:
          'Who did it: `key:<id>`, `telegram:<id>`, `discord:<id>`, `inject`, `file`, `anybody` (authentication is off); of approvals also `terminal`, `agent` and `rule`.',
        examples: ['key:default'],
      }),
      action: enumOf(AUDIT_ACTIONS, { description: 'What they did.', examples: ['request.accepted'] }),
      workspace: nullable(Type.String(), 'In which workspace; null: in none.'),
      subject: nullable(Type.String(), 'The id of what it was done to; of `access.denied` the route.'),
      detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
        description: 'More of it, by name.',
        examples: [{ source: 'http' }],
      }),
      hash: Type.String({
        description:
          'SHA-256, in hex, of the JSON list [hash of the line before, seq, at, who, action, workspace, subject, detail]; before the first line stand 64 zeros.',
        examples: ['5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'],
      }),
    },
    { ...closed, description: 'What somebody did.' },
  ),
);

export const AuditPage = component(
  'AuditPage',
  Type.Object(
    {
      lines: Type.Array(Type.Unsafe<Static<typeof AuditLine>>({ $ref: 'AuditLine#' }), { description: 'In order.' }),
      next: nullable(Type.Integer(), 'What `after` is of the next page; null: there is no more yet.'),
    },
    { ...closed, description: 'A part of the audit log.' },
  ),
);
