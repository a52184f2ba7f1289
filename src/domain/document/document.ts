import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { ServiceInputSchema, ServiceSchema } from '../network/network-service.ts'
import { closed, literals } from '../schema-words.ts'
import {
  AuthoredTimeSchema,
  InstantSchema,
  NameSchema,
  ProseSchema,
  printedDatePattern,
  RemarksSchema,
  TitleSchema,
  UrlSchema
} from '../text.ts'
import { type Endpoint, EndpointInputSchema, EndpointSchema } from './endpoint.ts'

export const scopes = ['external', 'internal'] as const
export const directions = ['inbound', 'outbound', 'both'] as const
export const necessities = ['required', 'optional', 'conditional'] as const
/** The fields that an author may mark as inferred rather than found in the source. */
export const inferable = [
  'title',
  'scope',
  'direction',
  'necessity',
  'condition',
  'component',
  'transport',
  'ports',
  'sourcePorts',
  'icmp',
  'application',
  'endpoints',
  'proxy',
  'owner'
] as const
const ProxySchema = Type.Object(
  {
    httpProxy: Type.Optional(literals(['allowed', 'forbidden'])),
    tlsInspection: Type.Optional(literals(['allowed', 'forbidden', 'with-client-certificate', 'not-applicable']))
  },
  { ...closed, minProperties: 1 }
)
const ReferenceSchema = Type.Object({ title: Type.Optional(TitleSchema), url: UrlSchema }, closed)

function described<T extends Type.TSchema>(schema: T, description: string): T {
  return { ...schema, description }
}

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
    component: Type.Optional(
      described(NameSchema, 'Key of one of `components`: the part of the product from which `direction` is seen')
    ),
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
/** A requirement without its endpoints, as one row of history holds it. */
export const RequirementFieldsSchema = Type.Object(requirementFields(ServiceSchema), closed)
export const RequirementSchema = Type.Object(
  { ...requirementFields(ServiceSchema), endpoints: Type.Array(EndpointSchema) },
  closed
)
export const RequirementInputSchema = Type.Object(
  { ...requirementFields(ServiceInputSchema), endpoints: Type.Array(EndpointInputSchema) },
  closed
)

const GuidanceSchema = Type.Object({ key: NameSchema, topic: NameSchema, text: ProseSchema }, closed)

const ComponentSchema = Type.Object({ key: NameSchema, title: TitleSchema }, closed)

const VariableSchema = Type.Object(
  {
    key: NameSchema,
    title: TitleSchema,
    pattern: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'What its values look like, as a regular expression' })
    )
  },
  closed
)

const editionFields = {
  label: Type.String({ minLength: 1, maxLength: 100, description: "The author's name for this edition" }),
  date: Type.Optional(
    Type.String({
      pattern: printedDatePattern,
      description: 'The date as printed, at its own precision'
    })
  ),
  summary: ProseSchema,
  reason: Type.Optional(ProseSchema),
  reconstructed: Type.Optional(Type.Boolean({ description: 'True where no such document was ever published' }))
}
export const EditionSchema = Type.Object(editionFields, closed)
export const EditionInputSchema = Type.Object(
  {
    ...editionFields,
    publishedAt: Type.Optional({
      ...AuthoredTimeSchema,
      description: 'For backfilling: when this was published. Not part of the document that is answered'
    } as typeof AuthoredTimeSchema)
  },
  closed
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
    components: Type.Optional(
      Type.Array(ComponentSchema, {
        minItems: 1,
        maxItems: 1000,
        description: 'Parts of the product, such as server and agent, that requirements are about'
      })
    ),
    variables: Type.Optional(
      Type.Array(VariableSchema, {
        minItems: 1,
        maxItems: 1000,
        description: 'What a customer fills into names, such as the tenant in `<tenant>.example.com`'
      })
    ),
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
  closed
)
export const DocumentInputSchema = Type.Object(
  {
    ...profileFields(AuthoredTimeSchema),
    edition: EditionInputSchema,
    requirements: Type.Array(RequirementInputSchema)
  },
  closed
)
export type Component = Frozen<Static<typeof ComponentSchema>>
export type Variable = Frozen<Static<typeof VariableSchema>>
export type Guidance = Frozen<Static<typeof GuidanceSchema>>
export type Edition = Frozen<Static<typeof EditionSchema>>
/** A requirement without its endpoints. */
export type RequirementFields = Frozen<Static<typeof RequirementFieldsSchema>>
export type Requirement = RequirementFields & { readonly endpoints: readonly Endpoint[] }
/** The canonical document: sets in order, lifetimes as instants, absent fields absent. */
export type Document = Omit<Frozen<Static<typeof DocumentSchema>>, 'requirements'> & {
  readonly requirements: readonly Requirement[]
}
/** The fields of a document about its catalogue as a whole: all but edition and requirements. */
export type Profile = Omit<Document, 'edition' | 'requirements'>
