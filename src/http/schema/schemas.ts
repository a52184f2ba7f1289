import Type, { type TSchema } from 'typebox'
import { type ErrorCode, errorTitles } from '../../domain/errors.ts'
import { guardRails } from '../../domain/history/revision.ts'
import { siteGuardRails } from '../../domain/site/site-revision.ts'
import { NameSchema } from '../../domain/text.ts'
import { ChangeSchema } from './change-schema.ts'
import { EditionChangeSchema } from './diff-schema.ts'
import { type HeaderSchemas, limitHeaders } from './header-schema.ts'
import { statusOf } from './problem.ts'
import {
  closed,
  DigestSchema,
  integerSchema,
  LabelSchema,
  listSchema,
  mostRows,
  oneOfWords,
  PageSchema,
  PointerSchema,
  RevisionNumberSchema,
  textSchema
} from './schema-words.ts'

export const CatalogueParamsSchema = Type.Object(
  {
    id: {
      ...NameSchema,
      description: 'Id of the catalogue',
      examples: ['clearswift-exchange-gateway-4.8']
    } as typeof NameSchema
  },
  closed
)

const FaultSchema = Type.Object(
  {
    pointer: PointerSchema('Names a place in what was sent'),
    code: textSchema(100, 'What is wrong, for programs'),
    detail: textSchema(100_000, 'What is wrong and what would be right, for people'),
    line: Type.Optional(integerSchema(1, 100_000_000, 'The line in the document that was sent, from 1')),
    column: Type.Optional(integerSchema(1, 100_000_000, 'The column in that line, from 1, in UTF-16 units'))
  },
  { ...closed, title: 'Fault' }
)
export const FindingSchema = Type.Object(
  {
    rule: oneOfWords([...new Set([...guardRails, ...siteGuardRails])]),
    pointer: PointerSchema('Names a place in the document, with the key of a row in place of its index'),
    detail: textSchema(4000),
    line: Type.Optional(integerSchema(1, 100_000_000, 'The line in the document that was sent, from 1')),
    column: Type.Optional(integerSchema(1, 100_000_000, 'The column in that line, from 1, in UTF-16 units'))
  },
  { ...closed, title: 'GuardRailFinding' }
)

/** A problem, RFC 9457. Only some errors have the members after `code`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', maxLength: 200, description: 'A link to the meaning of the code' }),
    title: textSchema(200),
    status: integerSchema(400, 599),
    detail: textSchema(100_000, 'What is wrong, where, and what would be right'),
    instance: Type.String({
      format: 'uri',
      maxLength: 100,
      description: 'Names this occurrence of the error, also in the log of the service'
    }),
    code: oneOfWords(Object.keys(errorTitles), 'Programs distinguish errors by it; it never changes'),
    errors: Type.Optional(listSchema(FaultSchema, 1000, 'Every fault of the input, at most 1000')),
    truncated: Type.Optional(Type.Literal(true, { description: 'There are more errors than are listed' })),
    findings: Type.Optional(listSchema(FindingSchema, mostRows, '`guard_rail`: what the guard rails found')),
    scope: Type.Optional(textSchema(100, '`insufficient_scope`: the scope that the key lacks')),
    catalogue: Type.Optional(textSchema(100, '`insufficient_scope`: the catalogue that the key may not touch')),
    slices: Type.Optional(
      listSchema(textSchema(100), mostRows, '`slice_required` and `unknown_slice`: the slices to choose from')
    ),
    limit: Type.Optional(
      textSchema(100, '`operation_too_large`, `too_complex`, `too_expensive`: the limit that is exceeded')
    ),
    most: Type.Optional(
      integerSchema(0, 2_147_483_647, '`operation_too_large`, `too_complex`, `too_expensive`: the value of the limit')
    ),
    address: Type.Optional(textSchema(2000, '`egress_refused`: the address, or the URL')),
    retryAfter: Type.Optional(
      integerSchema(0, 2_147_483_647, '`rate_limited`: in how many seconds there are enough units')
    ),
    reason: Type.Optional(textSchema(1000, '`egress_refused`: why nothing is sent there')),
    parts: Type.Optional(
      listSchema(
        oneOfWords(['service', 'heads', 'clock', 'sender']),
        4,
        '`not_ready`: what of the service is not ready'
      )
    ),
    epoch: Type.Optional(textSchema(100, '`epoch_changed`: the log that is here')),
    seq: Type.Optional(integerSchema(0, Number.MAX_SAFE_INTEGER, '`epoch_changed`: where that log ends')),
    head: Type.Optional(
      Type.Object(
        { number: RevisionNumberSchema, label: Type.Optional(LabelSchema), digest: DigestSchema },
        { ...closed, description: '`precondition_failed`: the newest revision' }
      )
    ),
    diff: Type.Optional(
      Type.Object(
        {
          from: RevisionNumberSchema,
          to: RevisionNumberSchema,
          edition: Type.Optional(EditionChangeSchema),
          changes: listSchema(ChangeSchema, 1000, 'At most 1000, and as many as 64 KiB hold'),
          truncated: Type.Optional(Type.Literal(true, { description: 'There are more changes' })),
          links: Type.Optional(
            Type.Object(
              { diff: Type.String({ format: 'uri-reference', maxLength: 2000 }) },
              { ...closed, description: 'Where all changes are' }
            )
          )
        },
        { ...closed, description: '`precondition_failed`: what has changed since the revision that the tag names' }
      )
    )
  },
  { $id: 'Problem', title: 'Problem', ...closed }
)

export function pageSchema<T extends TSchema>(item: T, title: string) {
  return Type.Object({ items: listSchema(item, 1000), page: PageSchema }, { ...closed, title })
}

/** For operations without parameters: every parameter is unknown. */
export const NoQuerySchema = Type.Object({}, closed)

/** The answers of an operation by status. */
export type Answers = Readonly<Record<number, object>>

/** The schema of a body in each media type. A schema by itself is that of JSON. */
type Bodies = TSchema | { readonly content: Readonly<Record<string, TSchema>> }

export function answerSchema(description: string, bodies: Bodies, headers: HeaderSchemas = {}): object {
  const byType = 'content' in bodies ? bodies.content : { 'application/json': bodies }
  return {
    description,
    headers: { ...headers, ...limitHeaders },
    content: Object.fromEntries(Object.entries(byType).map(([type, schema]) => [type, { schema }]))
  }
}

/** The answers of a read that clients may keep: 200, 304, and the errors. */
export function readAnswers(
  description: string,
  bodies: Bodies,
  headers: HeaderSchemas,
  codes: readonly ErrorCode[]
): Answers {
  return {
    200: answerSchema(description, bodies, headers),
    304: { description: 'The client already has this answer: `If-None-Match` names its ETag', type: 'null', headers },
    ...problems(...codes)
  }
}

/** The error answers of an operation that needs the store, by status, each naming its codes. */
export function problems(...codes: readonly ErrorCode[]): Answers {
  return plainProblems(...codes, 'not_ready', 'behind', 'busy', 'deadline_exceeded')
}

/** What every operation refuses, whatever it is asked. */
const gateCodes = [
  'bad_host',
  'misdirected',
  'expectation_failed',
  'unauthorized',
  'address_not_allowed'
] as const satisfies readonly ErrorCode[]

/** The error answers of an operation that also answers while the service starts or stops. */
export function plainProblems(...codes: readonly ErrorCode[]): Answers {
  return uncountedProblems(...codes, 'rate_limited')
}

/** The error answers of an operation that costs no units. Every operation refuses an invalid key. */
export function uncountedProblems(...codes: readonly ErrorCode[]): Answers {
  const byStatus = new Map<number, Set<ErrorCode>>()
  for (const code of [...codes, ...gateCodes, 'internal'] as const) {
    const status = statusOf[code]
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code))
  }
  return Object.fromEntries([...byStatus].map(([status, set]) => [status, problemAnswer(status, [...set])]))
}

const problemHeaders: Readonly<Record<number, HeaderSchemas>> = {
  401: { 'WWW-Authenticate': textSchema(300, 'How to present a key') },
  403: { 'WWW-Authenticate': textSchema(300, '`insufficient_scope`: names the scope that is needed') },
  410: { Link: textSchema(100, '`rel="start"`: where to begin again') },
  429: { 'Retry-After': textSchema(10, 'Seconds until there are enough units') },
  503: { 'Retry-After': textSchema(10, 'Seconds to wait before trying again') }
}

/** `Vary` of an answer that is also a page. Pages are not described, since people read them. */
export const variesByAccept = textSchema(100, 'A client that prefers `text/html` gets a page for people')

function problemAnswer(status: number, codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorTitles[code]}`).join('; '),
    headers: { ...problemHeaders[status], Vary: variesByAccept, ...limitHeaders },
    content: { 'application/problem+json': { schema: Type.Ref('Problem') } }
  }
}

/** The codes that any read of a view can answer with. */
export const readCodes = [
  'unknown_parameter',
  'invalid_parameter',
  'invalid_instant',
  'insufficient_scope',
  'not_found',
  'time_out_of_range',
  'unknown_revision'
] as const satisfies readonly ErrorCode[]
/** The codes that a list by page adds. */
export const pageCodes = ['cursor_invalid', 'cursor_mismatch'] as const satisfies readonly ErrorCode[]
/** The codes that any page over several catalogues can answer with. */
export const sharedPageCodes = [
  'unknown_parameter',
  'invalid_parameter',
  'invalid_instant',
  'insufficient_scope',
  'time_out_of_range',
  ...pageCodes
] as const satisfies readonly ErrorCode[]
/** The codes with which a body is refused, including one that the operation does not read. */
export const parserCodes = [
  'malformed_body',
  'body_too_large',
  'unsupported_media_type'
] as const satisfies readonly ErrorCode[]
