import Type, { type Static } from 'typebox'
import { type Endpoint, EndpointInputSchema, EndpointSchema } from './endpoint.ts'
import type { Frozen } from './frozen.ts'
import {
  AuthoredTimeSchema,
  InstantSchema,
  NameSchema,
  ProseSchema,
  RemarksSchema,
  TitleSchema,
  UrlSchema
} from './text.ts'

const strict = { additionalProperties: false }

export const transports = ['tcp', 'udp', 'sctp', 'icmp', 'any'] as const
export type Transport = (typeof transports)[number]
export const scopes = ['external', 'internal'] as const
export const directions = ['inbound', 'outbound', 'both'] as const
export const necessities = ['required', 'optional', 'conditional'] as const
/** What an author may mark as inferred rather than found in the source. */
export const inferable = [
  'title',
  'scope',
  'direction',
  'necessity',
  'condition',
  'transport',
  'ports',
  'sourcePorts',
  'icmp',
  'application',
  'endpoints',
  'proxy',
  'owner'
] as const

/** One of these words. */
const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))

const PortNumber = Type.Integer({ minimum: 1, maximum: 65535 })
export const PortRangeSchema = Type.Object({ from: PortNumber, to: PortNumber }, strict)
export const PortInputSchema = Type.Union([PortNumber, Type.String({ minLength: 1, maxLength: 11 }), PortRangeSchema], {
  examples: [80, '1024-65535']
})
const IcmpSchema = Type.Object(
  { type: Type.Integer({ minimum: 0, maximum: 255 }), code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })) },
  strict
)

function serviceSchema<Port extends Type.TSchema>(port: Port) {
  return Type.Object(
    {
      transport: literals(transports),
      ports: Type.Optional(
        Type.Array(port, { minItems: 1, maxItems: 1000, description: 'Destination ports; absent: all' })
      ),
      sourcePorts: Type.Optional(Type.Array(port, { minItems: 1, maxItems: 1000 })),
      icmp: Type.Optional(IcmpSchema),
      application: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 50,
          pattern: '^[a-z0-9][a-z0-9+./-]*$',
          description: 'Application protocol, in lower case'
        })
      )
    },
    strict
  )
}
export const ServiceSchema = serviceSchema(PortRangeSchema)
export const ServiceInputSchema = serviceSchema(PortInputSchema)

const ProxySchema = Type.Object(
  {
    httpProxy: Type.Optional(literals(['allowed', 'forbidden'])),
    tlsInspection: Type.Optional(literals(['allowed', 'forbidden', 'with-client-certificate', 'not-applicable']))
  },
  { ...strict, minProperties: 1 }
)
const ReferenceSchema = Type.Object({ title: Type.Optional(TitleSchema), url: UrlSchema }, strict)

function requirementFields<Service extends Type.TSchema>(service: Service) {
  return {
    key: NameSchema,
    previousKeys: Type.Optional(
      Type.Array(NameSchema, { minItems: 1, maxItems: 100, description: 'Former keys: a rename, not a removal' })
    ),
    title: TitleSchema,
    scope: literals(scopes),
    direction: literals(directions),
    necessity: literals(necessities),
    condition: Type.Optional(ProseSchema),
    inferred: Type.Optional(
      Type.Array(literals(inferable), {
        minItems: 1,
        description: 'Fields that the author inferred rather than found in the source'
      })
    ),
    services: Type.Array(service, { minItems: 1, maxItems: 1000 }),
    proxy: Type.Optional(ProxySchema),
    tags: Type.Optional(Type.Array(NameSchema, { minItems: 1, maxItems: 100 })),
    remarks: Type.Optional(RemarksSchema),
    owner: Type.Optional(TitleSchema),
    externalIds: Type.Optional(Type.Record(NameSchema, Type.String({ minLength: 1, maxLength: 200 }))),
    references: Type.Optional(Type.Array(ReferenceSchema, { minItems: 1, maxItems: 100 }))
  }
}
/** A requirement without its endpoints: what one history row holds. */
export const RequirementFieldsSchema = Type.Object(requirementFields(ServiceSchema), strict)
export const RequirementSchema = Type.Object(
  { ...requirementFields(ServiceSchema), endpoints: Type.Array(EndpointSchema) },
  strict
)
export const RequirementInputSchema = Type.Object(
  { ...requirementFields(ServiceInputSchema), endpoints: Type.Array(EndpointInputSchema) },
  strict
)

const GuidanceSchema = Type.Object({ key: NameSchema, topic: NameSchema, text: ProseSchema }, strict)

const editionFields = {
  label: Type.String({ minLength: 1, maxLength: 100, description: "The author's name for this edition" }),
  date: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$',
      description: 'The date as printed, at its own precision'
    })
  ),
  summary: ProseSchema,
  reason: Type.Optional(ProseSchema),
  reconstructed: Type.Optional(Type.Boolean({ description: 'True where no such document was ever published' }))
}
export const EditionSchema = Type.Object(editionFields, strict)
export const EditionInputSchema = Type.Object(
  {
    ...editionFields,
    publishedAt: Type.Optional({
      ...AuthoredTimeSchema,
      description: 'For backfilling: when this was published. Not part of the document that is answered'
    } as typeof AuthoredTimeSchema)
  },
  strict
)

function profileFields<Time extends Type.TSchema>(time: Time) {
  return {
    id: NameSchema,
    title: TitleSchema,
    vendor: TitleSchema,
    product: TitleSchema,
    version: Type.String({ minLength: 1, maxLength: 100 }),
    aliases: Type.Optional(Type.Array(TitleSchema, { minItems: 1, maxItems: 100 })),
    timeZone: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'IANA time zone of bare dates; default UTC' })
    ),
    successor: Type.Optional(NameSchema),
    endOfSupport: Type.Optional(time),
    guidance: Type.Optional(Type.Array(GuidanceSchema, { minItems: 1, maxItems: 1000 }))
  }
}
export const DocumentSchema = Type.Object(
  {
    ...profileFields(InstantSchema),
    timeZone: Type.String(),
    edition: EditionSchema,
    requirements: Type.Array(RequirementSchema)
  },
  strict
)
export const DocumentInputSchema = Type.Object(
  {
    ...profileFields(AuthoredTimeSchema),
    edition: EditionInputSchema,
    requirements: Type.Array(RequirementInputSchema)
  },
  strict
)

export type PortRange = Frozen<Static<typeof PortRangeSchema>>
export type Service = Frozen<Static<typeof ServiceSchema>>
export type Guidance = Frozen<Static<typeof GuidanceSchema>>
export type Edition = Frozen<Static<typeof EditionSchema>>
/** A requirement without its endpoints. */
export type RequirementFields = Frozen<Static<typeof RequirementFieldsSchema>>
export type Requirement = RequirementFields & { readonly endpoints: readonly Endpoint[] }
export type DocumentInput = Frozen<Static<typeof DocumentInputSchema>>
/** The canonical document: sets in order, lifetimes as instants, absent fields absent. */
export type Document = Omit<Frozen<Static<typeof DocumentSchema>>, 'requirements'> & {
  readonly requirements: readonly Requirement[]
}
/** What a document says of its catalogue as a whole, without edition and requirements. */
export type Profile = Omit<Document, 'edition' | 'requirements'>
