import Type, { type TSchema } from 'typebox'
import { type ErrorCode, errorTitles } from '../../domain/errors.ts'
import { guardRails } from '../../domain/history/revision.ts'
import { NameSchema } from '../../domain/text.ts'
import { ChangeSchema } from './change-schema.ts'
import { EditionChangeSchema } from './diff-schema.ts'
import type { HeaderSchemas } from './header-schema.ts'
import { statusOf } from './problem.ts'
import {
  DigestSchema,
  integerSchema,
  LabelSchema,
  LinkSchema,
  listSchema,
  mostRows,
  nullable,
  PointerSchema,
  RevisionNumberSchema,
  strict,
  textSchema,
  words
} from './schema-words.ts'

export const CatalogueParamsSchema = Type.Object(
  {
    id: {
      ...NameSchema,
      description: 'Id of the catalogue',
      examples: ['clearswift-exchange-gateway-4.8']
    } as typeof NameSchema
  },
  strict
)

const FaultSchema = Type.Object(
  {
    pointer: PointerSchema('Into what was sent'),
    code: textSchema(100, 'What is wrong, for programs'),
    detail: textSchema(100_000, 'What is wrong and what would be right, for people')
  },
  { ...strict, title: 'Fault' }
)
const FindingSchema = Type.Object(
  {
    rule: words(guardRails),
    pointer: PointerSchema('Into the document, its lists read by key'),
    detail: textSchema(4000)
  },
  { ...strict, title: 'GuardRailFinding' }
)

/** RFC 9457. What only some errors have stands behind `code`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', maxLength: 200, description: 'Leads to what the code means' }),
    title: textSchema(200),
    status: integerSchema(400, 599),
    detail: textSchema(100_000, 'What, where, and what would be right'),
    instance: Type.String({
      format: 'uri',
      maxLength: 100,
      description: 'This very error: the log knows it by this id'
    }),
    code: words(Object.keys(errorTitles), 'What programs tell errors apart by; never changes'),
    errors: Type.Optional(listSchema(FaultSchema, mostRows, 'Every fault of the input')),
    findings: Type.Optional(listSchema(FindingSchema, mostRows, 'Of `guard_rail`: what the guard rails found')),
    scope: Type.Optional(textSchema(100, 'Of `insufficient_scope`: the scope that the key lacks')),
    slices: Type.Optional(
      listSchema(textSchema(100), mostRows, 'Of `slice_required` and `unknown_slice`: the slices that there are')
    ),
    limit: Type.Optional(textSchema(100, 'Of `operation_too_large`: which limit')),
    most: Type.Optional(integerSchema(0, 2_147_483_647, 'Of `operation_too_large`: what is taken at the most')),
    address: Type.Optional(textSchema(2000, 'Of `egress_refused`: the address, or the URL')),
    reason: Type.Optional(textSchema(1000, 'Of `egress_refused`: why nothing is sent there')),
    head: Type.Optional(
      Type.Object(
        { number: RevisionNumberSchema, label: LabelSchema, digest: DigestSchema },
        { ...strict, description: 'Of `precondition_failed`: the newest revision' }
      )
    ),
    diff: Type.Optional(
      Type.Object(
        {
          from: RevisionNumberSchema,
          to: RevisionNumberSchema,
          edition: Type.Optional(EditionChangeSchema),
          changes: listSchema(ChangeSchema, mostRows)
        },
        { ...strict, description: 'Of `precondition_failed`: what has changed since the revision that the tag names' }
      )
    )
  },
  { $id: 'Problem', title: 'Problem', ...strict }
)

const PageSchema = Type.Object(
  {
    next: nullable(LinkSchema),
    cursor: nullable(textSchema(4000, 'What `next` sends as `cursor`'))
  },
  { ...strict, title: 'Page', description: 'Both are null on the last page' }
)
export function pageOf<T extends TSchema>(item: T, title: string) {
  return Type.Object({ items: listSchema(item, 1000), page: PageSchema }, { ...strict, title })
}

/** Of operations that take no parameters: any is unknown. */
export const NoQuerySchema = Type.Object({}, strict)

/** What an operation answers with, by status. */
export type Answers = Readonly<Record<number, object>>

/** A body in each media type that there is; a schema alone is JSON. */
type Bodies = TSchema | { readonly content: Readonly<Record<string, TSchema>> }

export function answerSchema(description: string, bodies: Bodies, headers: HeaderSchemas = {}): object {
  const byType = 'content' in bodies ? bodies.content : { 'application/json': bodies }
  return {
    description,
    headers,
    content: Object.fromEntries(Object.entries(byType).map(([type, schema]) => [type, { schema }]))
  }
}

/** The answers of a read that clients may keep: the body, that they have it already, and the errors. */
export function readAnswers(
  description: string,
  bodies: Bodies,
  headers: HeaderSchemas,
  codes: readonly ErrorCode[]
): Answers {
  return {
    200: answerSchema(description, bodies, headers),
    304: { description: 'The client has it already: `If-None-Match` names its ETag', type: 'null', headers },
    ...problems(...codes)
  }
}

/** The error answers of an operation that needs the store, by status, each naming its codes. */
export function problems(...codes: readonly ErrorCode[]): Answers {
  return plainProblems(...codes, 'not_ready')
}

/** The error answers of an operation that also answers while the service starts or stops. A bad key is refused everywhere. */
export function plainProblems(...codes: readonly ErrorCode[]): Answers {
  const byStatus = new Map<number, Set<ErrorCode>>()
  for (const code of [...codes, 'unauthorized', 'internal'] as const) {
    const status = statusOf[code]
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code))
  }
  return Object.fromEntries([...byStatus].map(([status, set]) => [status, problemAnswer(status, [...set])]))
}

const problemHeaders: Readonly<Record<number, HeaderSchemas>> = {
  401: { 'WWW-Authenticate': textSchema(300, 'How to present a key') },
  403: { 'WWW-Authenticate': textSchema(300, 'Names the scope that is needed') },
  410: { Link: textSchema(100, '`rel="start"`: where to begin again') },
  503: { 'Retry-After': textSchema(10, 'Seconds to wait before trying again') }
}

function problemAnswer(status: number, codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorTitles[code]}`).join('; '),
    headers: problemHeaders[status] ?? {},
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
/** The codes of lists by page, beside those of what they list. */
export const pageCodes = ['cursor_invalid', 'cursor_mismatch'] as const satisfies readonly ErrorCode[]
/** What a body, also one that is not asked for, can be refused with. */
export const parserCodes = [
  'malformed_body',
  'body_too_large',
  'unsupported_media_type'
] as const satisfies readonly ErrorCode[]
