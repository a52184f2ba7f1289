import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { closed } from '../schema-words.ts'
import { AuthoredTimeSchema, InstantSchema, NameSchema, RemarksSchema, TitleSchema, UrlSchema } from '../text.ts'

export const endpointKinds = ['host', 'address', 'pattern', 'url', 'role', 'feed', 'any'] as const
export type EndpointKind = (typeof endpointKinds)[number]

const ValueSchema = Type.String({ minLength: 1, maxLength: 255 })
const ValuesSchema = (description: string) => Type.Array(ValueSchema, { minItems: 1, maxItems: 1000, description })

const selectSchema = Type.Record(
  Type.String({ minLength: 1, maxLength: 100 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 1000 }),
  { description: 'Fields of the feed and the values to take' }
)

function variants(time: Type.TString) {
  const lifetime = {
    from: Type.Optional({ ...time, description: 'First instant at which it holds; absent: since ever' }),
    until: Type.Optional({
      ...time,
      description: 'First instant at which it no longer holds; absent: no end announced'
    })
  }
  const rest = {
    replacedBy: Type.Optional(ValuesSchema('Values of the endpoints that take its place')),
    remarks: Type.Optional(RemarksSchema),
    tags: Type.Optional(
      Type.Array(NameSchema, { minItems: 1, maxItems: 100, description: 'Words that group endpoints, such as regions' })
    )
  }
  return {
    host: Type.Object(
      {
        kind: Type.Literal('host'),
        value: { ...ValueSchema, description: 'A-label name, or `*.name` for its subdomains' } as typeof ValueSchema,
        ...lifetime,
        ...rest
      },
      closed
    ),
    address: Type.Object(
      {
        kind: Type.Literal('address'),
        value: {
          ...ValueSchema,
          description: 'IPv4 or IPv6 address, or a CIDR without host bits'
        } as typeof ValueSchema,
        ...lifetime,
        serves: Type.Optional(ValuesSchema('Host names that this address serves')),
        ...rest
      },
      closed
    ),
    pattern: Type.Object(
      {
        kind: Type.Literal('pattern'),
        value: {
          ...ValueSchema,
          description:
            'A name with `*` for characters of one label, or with variables: `*cdn.example.net`, `<tenant>.example.com`'
        } as typeof ValueSchema,
        ...lifetime,
        ...rest
      },
      closed
    ),
    url: Type.Object(
      {
        kind: Type.Literal('url'),
        value: {
          ...ValueSchema,
          description: 'A host and the beginning of a path, without a scheme: `storage.example.com/release/`'
        } as typeof ValueSchema,
        ...lifetime,
        ...rest
      },
      closed
    ),
    role: Type.Object(
      { kind: Type.Literal('role'), value: NameSchema, title: TitleSchema, ...lifetime, ...rest },
      closed
    ),
    feed: Type.Object(
      {
        kind: Type.Literal('feed'),
        value: NameSchema,
        url: UrlSchema,
        select: Type.Optional(selectSchema),
        ...lifetime,
        ...rest
      },
      closed
    ),
    any: Type.Object({ kind: Type.Literal('any'), ...lifetime, ...rest }, closed)
  }
}

function anyVariant({ host, address, pattern, url, role, feed, any }: ReturnType<typeof variants>) {
  return Type.Union([host, address, pattern, url, role, feed, any])
}

/**
 * Endpoints as authors write them: bounds of lifetimes may be bare dates or months. There is one schema for each kind, so that a fault can
 * name its field.
 */
export const endpointInputSchemas = variants(AuthoredTimeSchema)
export const EndpointInputSchema = anyVariant(endpointInputSchemas)

/** Endpoints in canonical form: bounds of lifetimes are instants in UTC. */
export const endpointSchemas = variants(InstantSchema)
export const EndpointSchema = anyVariant(endpointSchemas)
export type Endpoint = Frozen<Static<typeof EndpointSchema>>

export const statuses = ['planned', 'active', 'retiring', 'retired'] as const
export type Status = (typeof statuses)[number]

/** The value that identifies an endpoint within its requirement and kind; the empty string for `any`, which has none. */
export function endpointValue(endpoint: Endpoint): string {
  return endpoint.kind === 'any' ? '' : endpoint.value
}

/** Kind and value as one text, a key for maps: equal for endpoints that are about the same thing, in whichever requirement they stand. */
export function valueKey({ kind, value = '' }: { readonly kind: string; readonly value?: string | undefined }): string {
  return `${kind}\n${value}`
}

/** What identifies an endpoint within a document, except `from`, which tells two lifetimes of one value apart. */
export function endpointId(requirement: string, endpoint: Endpoint): string {
  return `${requirement}\n${valueKey(endpoint)}`
}

/** Kind and value as people read them: `address:192.0.2.1`, or `any`. */
export function kindAndValue(endpoint: Endpoint): string {
  return endpoint.kind === 'any' ? endpoint.kind : `${endpoint.kind}:${endpoint.value}`
}
