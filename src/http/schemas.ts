import Type, { type TSchema } from 'typebox'
import { impacts, operations } from '../domain/change.ts'
import { EditionSchema, RequirementFieldsSchema, RequirementSchema, ServiceSchema } from '../domain/document.ts'
import { endpointSchemas, statuses } from '../domain/endpoint.ts'
import { type ErrorCode, errorTitles } from '../domain/errors.ts'
import { eventTypes } from '../domain/event.ts'
import { keyScopes } from '../domain/key.ts'
import { guardRails } from '../domain/revision.ts'
import { InstantSchema, NameSchema, UrlSchema } from '../domain/text.ts'
import { statusOf } from './problem.ts'

const strict = { additionalProperties: false }
/** A closed list of words. */
const words = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description !== undefined && { description }) })
const count = Type.Integer({ minimum: 0 })
const digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'SHA-256 over the RFC 8785 form' })
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const CatalogueParamsSchema = Type.Object(
  { id: { ...NameSchema, description: 'Id of the catalogue' } as typeof NameSchema },
  strict
)

const FaultSchema = Type.Object(
  {
    pointer: Type.String({ description: 'JSON Pointer into what was sent' }),
    code: Type.String(),
    detail: Type.String()
  },
  strict
)
/** RFC 9457; members beside these say more, such as `findings` and `diff`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    instance: Type.String(),
    code: words(Object.keys(errorTitles)),
    errors: Type.Optional(Type.Array(FaultSchema)),
    findings: Type.Optional(
      Type.Array(Type.Object({ rule: words(guardRails), pointer: Type.String(), detail: Type.String() }, strict))
    )
  },
  { $id: 'Problem', title: 'Problem', additionalProperties: true }
)

export const RevisionRefSchema = Type.Object(
  { number: Type.Integer({ minimum: 1 }), label: Type.String(), publishedAt: InstantSchema, digest },
  strict
)
export const CountsSchema = Type.Object(
  { added: count, removed: count, changed: count },
  { ...strict, description: 'Rows of requirements and endpoints' }
)

const status = { status: words(statuses) }
const viewEndpoint = Type.Union([
  Type.Object({ ...endpointSchemas.host.properties, ...status }, strict),
  Type.Object({ ...endpointSchemas.address.properties, ...status }, strict),
  Type.Object({ ...endpointSchemas.role.properties, ...status }, strict),
  Type.Object({ ...endpointSchemas.feed.properties, ...status }, strict),
  Type.Object({ ...endpointSchemas.any.properties, ...status }, strict)
])
export const ViewRequirementSchema = Type.Object(
  { ...RequirementSchema.properties, endpoints: Type.Array(viewEndpoint) },
  { ...strict, title: 'Requirement' }
)

export const ChangeSchema = Type.Object(
  {
    op: words(operations),
    pointer: Type.String({ description: 'JSON Pointer into the document with its lists read by key' }),
    requirement: Type.Optional(Type.String()),
    position: Type.Optional(count),
    endpoint: Type.Optional(Type.Object({ kind: Type.String(), value: Type.Optional(Type.String()) }, strict)),
    before: Type.Optional(Type.Unknown()),
    after: Type.Optional(Type.Unknown()),
    impact: words(impacts, 'What it means for a firewall')
  },
  { ...strict, title: 'Change' }
)

export const RevisionSchema = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    label: Type.String(),
    publishedAt: InstantSchema,
    recordedAt: InstantSchema,
    author: Type.Optional(Type.String()),
    summary: Type.String(),
    reason: Type.Optional(Type.String()),
    reconstructed: Type.Boolean(),
    overrides: Type.Array(words(guardRails)),
    counts: CountsSchema,
    digest,
    chain: digest
  },
  { ...strict, title: 'Revision' }
)
export const RevisionWithChangesSchema = Type.Object(
  { ...RevisionSchema.properties, changes: Type.Array(ChangeSchema) },
  { ...strict, title: 'RevisionWithChanges' }
)

const side = Type.Object({ revision: RevisionRefSchema, effectiveAt: Type.Optional(InstantSchema) }, strict)
export const DiffSchema = Type.Object(
  {
    from: side,
    to: side,
    counts: CountsSchema,
    edition: Type.Optional(Type.Object({ before: EditionSchema, after: EditionSchema }, strict)),
    changes: Type.Array(ChangeSchema)
  },
  { ...strict, title: 'Diff' }
)

export const TimelineEntrySchema = Type.Object(
  {
    at: InstantSchema,
    kind: words(['revision', 'transition']),
    state: words(['happened', 'announced']),
    revision: RevisionRefSchema,
    summary: Type.String(),
    reason: Type.Optional(Type.String()),
    counts: CountsSchema,
    changes: Type.Optional(Type.Array(ChangeSchema))
  },
  { ...strict, title: 'TimelineEntry' }
)

export const ListedCatalogueSchema = Type.Object(
  {
    id: NameSchema,
    title: Type.String(),
    vendor: Type.String(),
    product: Type.String(),
    version: Type.String(),
    revision: RevisionRefSchema,
    nextTransition: Type.Optional(InstantSchema)
  },
  { ...strict, title: 'ListedCatalogue' }
)

const portRanges = Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer() }, strict))
export const FlatRowSchema = Type.Object(
  {
    requirement: Type.String(),
    title: Type.String(),
    scope: Type.String(),
    direction: Type.String(),
    necessity: Type.String(),
    transport: Type.String(),
    portFrom: Type.Optional(Type.Integer()),
    portTo: Type.Optional(Type.Integer()),
    sourcePorts: Type.Optional(portRanges),
    icmp: Type.Optional(Type.Object({ type: Type.Integer(), code: Type.Optional(Type.Integer()) }, strict)),
    application: Type.Optional(Type.String()),
    kind: Type.String(),
    value: Type.Optional(Type.String()),
    endpointTitle: Type.Optional(Type.String()),
    url: Type.Optional(UrlSchema),
    status: words(statuses),
    from: Type.Optional(InstantSchema),
    until: Type.Optional(InstantSchema),
    serves: Type.Optional(Type.Array(Type.String())),
    replacedBy: Type.Optional(Type.Array(Type.String())),
    remarks: Type.Optional(Type.String())
  },
  { ...strict, title: 'FlatRow' }
)

export const LookupItemSchema = Type.Object(
  {
    catalogue: NameSchema,
    requirement: RequirementFieldsSchema,
    endpoint: Type.Optional(viewEndpoint),
    match: Type.Optional(
      words(['exact', 'covers', 'within', 'any', 'role', 'feed'], 'How the endpoint answers to what was asked')
    ),
    status: words(statuses),
    services: Type.Array(ServiceSchema),
    addedIn: RevisionRefSchema,
    removedIn: Type.Optional(RevisionRefSchema)
  },
  { ...strict, title: 'LookupItem' }
)

export const AuditBodySchema = Type.Object(
  {
    entries: Type.Array(
      Type.Union([
        Type.String({ minLength: 1, maxLength: 300 }),
        Type.Object(
          {
            value: Type.String({ minLength: 1, maxLength: 300 }),
            port: Type.Optional(Type.String({ minLength: 1, maxLength: 30, examples: ['tcp/80'] }))
          },
          strict
        )
      ]),
      { description: 'The destinations that a firewall has today', maxItems: 100_000 }
    )
  },
  strict
)
const auditResult = Type.Object(
  {
    value: Type.String(),
    port: Type.Optional(Type.String()),
    detail: Type.String(),
    matches: Type.Array(
      Type.Object({ requirement: Type.String(), match: Type.String(), endpoint: viewEndpoint }, strict)
    )
  },
  strict
)
export const AuditSchema = Type.Object(
  {
    current: Type.Array(auditResult),
    retiring: Type.Array(auditResult),
    planned: Type.Array(auditResult),
    retired: Type.Array(auditResult, { description: 'The site may close these' }),
    unknown: Type.Array(auditResult),
    missing: Type.Array(
      Type.Object(
        {
          requirement: Type.String(),
          necessity: Type.String(),
          services: Type.Array(ServiceSchema),
          endpoint: viewEndpoint
        },
        strict
      )
    )
  },
  { ...strict, title: 'Audit' }
)

export const EventSchema = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    prevSeq: count,
    epoch: Type.String(),
    id: Type.String({ pattern: '^evt_[0-9A-Z]{26}$' }),
    type: words(eventTypes),
    occurredAt: InstantSchema,
    effectiveAt: InstantSchema,
    lateByMs: count,
    catalogue: NameSchema,
    revision: Type.Object({ number: Type.Integer({ minimum: 1 }), label: Type.String(), digest }, strict),
    counts: CountsSchema,
    changes: Type.Array(ChangeSchema, { maxItems: 50 }),
    truncated: Type.Boolean(),
    links: Type.Object({ view: UrlSchema, diff: Type.Optional(UrlSchema), document: UrlSchema }, strict)
  },
  { ...strict, title: 'Event' }
)

export const MeSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.Optional(Type.String()),
    scopes: Type.Array(words(keyScopes)),
    createdAt: InstantSchema,
    expiresAt: Type.Optional(InstantSchema)
  },
  { ...strict, title: 'Me' }
)

const PageSchema = Type.Object({ next: nullable(UrlSchema), cursor: nullable(Type.String()) }, strict)
export function pageOf<T extends TSchema>(item: T, title: string) {
  return Type.Object({ items: Type.Array(item), page: PageSchema }, { ...strict, title })
}

/** The error answers of an operation, by status, each naming its codes. */
export function problems(...codes: readonly ErrorCode[]): Record<number, TSchema> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of [...codes, 'internal', 'not_ready'] as const) {
    const status = statusOf[code]
    byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), code])])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${errorTitles[code]}`).join('; '),
        content: { 'application/problem+json': { schema: Type.Ref('Problem') } }
      }
    ])
  )
}

/** The codes that any read of a view can answer with. */
export const readCodes = [
  'unknown_parameter',
  'invalid_parameter',
  'invalid_instant',
  'unauthorized',
  'insufficient_scope',
  'not_found',
  'time_out_of_range',
  'unknown_revision'
] as const satisfies readonly ErrorCode[]
