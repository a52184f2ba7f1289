import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { closed, noted } from '../schema-words.ts'
import { AuthoredTimeSchema, InstantSchema, NameSchema, RemarksSchema, TitleSchema, UrlSchema } from '../text.ts'

export const endpointKinds = ['host', 'address', 'pattern', 'url', 'role', 'feed', 'any'] as const
export type EndpointKind = (typeof endpointKinds)[number]

const ValueSchema = Type.String({ minLength: 1, maxLength: 255 })
const ValuesSchema = (description: string, ...example: readonly string[]) =>
  noted(Type.Array(ValueSchema, { minItems: 1, maxItems: 1000 }), description, example)
const kindOf = <const Kind extends string>(kind: Kind, description: string) =>
  noted(Type.Literal(kind), description, kind)

const selectSchema = Type.Record(
  Type.String({ minLength: 1, maxLength: 100 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 1000 }),
  { description: 'Fields of the feed and the values to take', examples: [{ service: ['S3'], region: ['eu-west-1'] }] }
)

function variants(time: Type.TString) {
  const lifetime = {
    from: Type.Optional(noted(time, 'First instant at which it holds; absent: since ever')),
    until: Type.Optional(noted(time, 'First instant at which it no longer holds; absent: no end announced'))
  }
  const rest = {
    replacedBy: Type.Optional(ValuesSchema('Values of the endpoints that take its place', '185.155.104.24')),
    remarks: Type.Optional(noted(RemarksSchema, 'Remarks for people', 'The nearest mirror.')),
    tags: Type.Optional(
      noted(Type.Array(NameSchema, { minItems: 1, maxItems: 100 }), 'Words that group endpoints, such as regions', [
        'region-eu-west-1'
      ])
    )
  }
  return {
    host: Type.Object(
      {
        kind: kindOf('host', 'A name, or all names below one'),
        value: noted(ValueSchema, 'A-label name, or `*.name` for its subdomains', 'www.example.net', '*.example.net'),
        ...lifetime,
        ...rest
      },
      closed
    ),
    address: Type.Object(
      {
        kind: kindOf('address', 'An address or a network'),
        value: noted(ValueSchema, 'IPv4 or IPv6 address, or a CIDR without host bits', '192.0.2.1', '2001:db8::/32'),
        ...lifetime,
        serves: Type.Optional(ValuesSchema('Host names that this address serves', 'www.example.net')),
        ...rest
      },
      closed
    ),
    pattern: Type.Object(
      {
        kind: kindOf('pattern', 'Names that have a part in common'),
        value: noted(
          ValueSchema,
          'A name with `*` for characters of one label, or with variables: `*cdn.example.net`, `<tenant>.example.com`',
          '*cdn.example.net',
          '<tenant>.example.com'
        ),
        ...lifetime,
        ...rest
      },
      closed
    ),
    url: Type.Object(
      {
        kind: kindOf('url', 'A host and the beginning of a path'),
        value: noted(
          ValueSchema,
          'A host and the beginning of a path, without a scheme: `storage.example.com/release/`',
          'storage.example.com/release/'
        ),
        ...lifetime,
        ...rest
      },
      closed
    ),
    role: Type.Object(
      {
        kind: kindOf('role', 'Addresses that only the customer knows'),
        value: noted(NameSchema, 'Names the role within the product', 'dns-servers'),
        title: noted(TitleSchema, 'What people call those addresses', 'Your DNS servers'),
        ...lifetime,
        ...rest
      },
      closed
    ),
    feed: Type.Object(
      {
        kind: kindOf('feed', 'A list that is published elsewhere'),
        value: noted(NameSchema, 'A short name of the list', 'aws-s3'),
        url: noted(UrlSchema, 'Where the list is published', 'https://ip-ranges.amazonaws.com/ip-ranges.json'),
        select: Type.Optional(selectSchema),
        ...lifetime,
        ...rest
      },
      closed
    ),
    any: Type.Object({ kind: kindOf('any', 'Any address'), ...lifetime, ...rest }, closed)
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
