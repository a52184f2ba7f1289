import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { ServiceInputSchema, ServiceSchema } from '../network/network-service.ts'
import { closed, literals, noted } from '../schema-words.ts'
import {
  AuthoredTimeSchema,
  InstantSchema,
  NameSchema,
  ProseSchema,
  RemarksSchema,
  TitleSchema,
  UrlSchema
} from '../text.ts'
import { EditionInputSchema, EditionSchema } from './edition.ts'
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
    httpProxy: Type.Optional(
      noted(literals(['allowed', 'forbidden']), 'Whether the connection may go through an HTTP proxy', 'allowed')
    ),
    tlsInspection: Type.Optional(
      noted(
        literals(['allowed', 'forbidden', 'with-client-certificate', 'not-applicable']),
        'Whether a proxy may open the TLS connection and look into it',
        'forbidden'
      )
    )
  },
  {
    ...closed,
    minProperties: 1,
    description: 'What a proxy on the way may do',
    examples: [{ httpProxy: 'allowed', tlsInspection: 'forbidden' }]
  }
)
const ReferenceSchema = Type.Object(
  {
    title: Type.Optional(noted(TitleSchema, 'What the page is called', 'Installation guide, page 12')),
    url: noted(UrlSchema, 'Where the page is', 'https://www.example.com/docs/ports')
  },
  closed
)

/** `example`: services as they are written there. */
function requirementFields<Service extends Type.TSchema>(service: Service, example: readonly unknown[]) {
  return {
    key: noted(
      NameSchema,
      'Names the requirement within the catalogue, for as long as it lives',
      'kaspersky-av-updates'
    ),
    previousKeys: Type.Optional(
      noted(Type.Array(NameSchema, { minItems: 1, maxItems: 100 }), 'Former keys: a rename, not a removal', [
        'av-updates'
      ])
    ),
    title: noted(TitleSchema, 'What people call it, as the source prints it', 'Kaspersky AV updates'),
    scope: noted(
      literals(scopes),
      'Whether the other end lies outside or inside the network of the customer',
      'external'
    ),
    direction: noted(literals(directions), 'Who opens the connection, seen from the product', 'outbound'),
    necessity: noted(literals(necessities), 'Whether the product works without it', 'required'),
    condition: Type.Optional(
      noted(ProseSchema, 'When it is needed: with `conditional` it must be said', 'Where Kaspersky AV is licensed')
    ),
    component: Type.Optional(
      noted(NameSchema, 'Key of one of `components`: the part of the product from which `direction` is seen', 'agent')
    ),
    inferred: Type.Optional(
      noted(
        Type.Array(literals(inferable), { minItems: 1 }),
        'Fields that the author inferred rather than found in the source',
        ['necessity', 'application']
      )
    ),
    services: noted(
      Type.Array(service, { minItems: 1, maxItems: 1000 }),
      'Protocols and ports of the connection; each holds for every endpoint',
      example
    ),
    proxy: Type.Optional(ProxySchema),
    tags: Type.Optional(
      noted(Type.Array(NameSchema, { minItems: 1, maxItems: 100 }), 'Words that group requirements', ['antivirus'])
    ),
    remarks: Type.Optional(noted(RemarksSchema, 'Remarks for people', 'Prefer names over addresses.')),
    owner: Type.Optional(noted(TitleSchema, 'Who answers questions about it', 'Mail team')),
    externalIds: Type.Optional(
      noted(
        Type.Record(NameSchema, Type.String({ minLength: 1, maxLength: 200 })),
        'Its ids in other systems, by the name of the system',
        { cmdb: 'CI0046' }
      )
    ),
    references: Type.Optional(
      noted(Type.Array(ReferenceSchema, { minItems: 1, maxItems: 100 }), 'Pages that say more', [
        { url: 'https://www.example.com/docs/ports' }
      ])
    )
  }
}
function endpointList<Endpoint extends Type.TSchema>(endpoint: Endpoint) {
  return noted(Type.Array(endpoint), 'The other ends; an empty list where the source names none', [
    { kind: 'host', value: 'www.example.net' }
  ])
}

const canonicalFields = requirementFields(ServiceSchema, [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }])
/** A requirement without its endpoints, as one row of history holds it. */
export const RequirementFieldsSchema = Type.Object(canonicalFields, closed)
export const RequirementSchema = Type.Object({ ...canonicalFields, endpoints: endpointList(EndpointSchema) }, closed)
export const RequirementInputSchema = Type.Object(
  {
    ...requirementFields(ServiceInputSchema, [{ transport: 'tcp', ports: [80, 443] }]),
    endpoints: endpointList(EndpointInputSchema)
  },
  closed
)

const GuidanceSchema = Type.Object(
  {
    key: noted(NameSchema, 'Names the advice within the catalogue', 'prefer-hostnames'),
    topic: noted(NameSchema, 'What it is about: pages group advice by it', 'firewall'),
    text: noted(ProseSchema, 'The advice', 'Use names where the firewall can: addresses change.')
  },
  closed
)

const ComponentSchema = Type.Object(
  {
    key: noted(NameSchema, 'Names the part within the catalogue', 'agent'),
    title: noted(TitleSchema, 'What people call the part', 'Agent on each server')
  },
  closed
)

const VariableSchema = Type.Object(
  {
    key: noted(NameSchema, 'The name in angle brackets', 'tenant'),
    title: noted(TitleSchema, 'What the customer fills in', 'Name of your tenant'),
    pattern: Type.Optional(
      noted(
        Type.String({ minLength: 1, maxLength: 500 }),
        'What its values look like, as a regular expression',
        '[a-z0-9-]+'
      )
    )
  },
  closed
)

function profileFields<Time extends Type.TSchema>(time: Time) {
  return {
    id: noted(NameSchema, 'Names the catalogue, also in its path', 'clearswift-exchange-gateway-4.8'),
    title: noted(TitleSchema, 'What people call the document', 'Ports and protocols of the Exchange Gateway'),
    vendor: noted(TitleSchema, 'Who makes the product', 'Clearswift'),
    product: noted(TitleSchema, 'The product that the document is about', 'SECURE Exchange Gateway'),
    version: noted(Type.String({ minLength: 1, maxLength: 100 }), 'The version of the product, in quotes', '4.8'),
    aliases: Type.Optional(
      noted(Type.Array(TitleSchema, { minItems: 1, maxItems: 100 }), 'Other names of the product', ['SEG'])
    ),
    timeZone: Type.Optional(
      noted(Type.String({ minLength: 1, maxLength: 100 }), 'IANA time zone of bare dates; default UTC', 'Europe/London')
    ),
    successor: Type.Optional(
      noted(NameSchema, 'Id of the catalogue that takes its place', 'clearswift-exchange-gateway-5')
    ),
    endOfSupport: Type.Optional(noted(time, 'When the vendor stops supporting this version')),
    announces: Type.Optional(
      noted(
        Type.Boolean(),
        'False where the source announces nothing, as most published lists do: ends without notice are no fault then',
        false
      )
    ),
    components: Type.Optional(
      noted(
        Type.Array(ComponentSchema, { minItems: 1, maxItems: 1000 }),
        'Parts of the product, such as server and agent, that requirements are about',
        [{ key: 'agent', title: 'Agent on each server' }]
      )
    ),
    variables: Type.Optional(
      noted(
        Type.Array(VariableSchema, { minItems: 1, maxItems: 1000 }),
        'What a customer fills into names, such as the tenant in `<tenant>.example.com`',
        [{ key: 'tenant', title: 'Name of your tenant' }]
      )
    ),
    guidance: Type.Optional(
      noted(Type.Array(GuidanceSchema, { minItems: 1, maxItems: 1000 }), 'Advice of the document as a whole', [
        { key: 'prefer-hostnames', topic: 'firewall', text: 'Use names where the firewall can: addresses change.' }
      ])
    )
  }
}
const requirementsNote = 'What the product needs from the network, in the order of the author'
export const DocumentSchema = Type.Object(
  {
    ...profileFields(InstantSchema),
    timeZone: noted(Type.String(), 'IANA time zone of bare dates', 'UTC'),
    edition: EditionSchema,
    requirements: noted(Type.Array(RequirementSchema), requirementsNote, [])
  },
  closed
)
export const DocumentInputSchema = Type.Object(
  {
    ...profileFields(AuthoredTimeSchema),
    edition: EditionInputSchema,
    requirements: noted(Type.Array(RequirementInputSchema), requirementsNote, [])
  },
  closed
)
export type Component = Frozen<Static<typeof ComponentSchema>>
export type Variable = Frozen<Static<typeof VariableSchema>>
export type Guidance = Frozen<Static<typeof GuidanceSchema>>
/** A requirement without its endpoints. */
export type RequirementFields = Frozen<Static<typeof RequirementFieldsSchema>>
export type Requirement = RequirementFields & { readonly endpoints: readonly Endpoint[] }
/** The canonical document: sets in order, lifetimes as instants, absent fields absent. */
export type Document = Omit<Frozen<Static<typeof DocumentSchema>>, 'requirements'> & {
  readonly requirements: readonly Requirement[]
}
/** The fields of a document about its catalogue as a whole: all but edition and requirements. */
export type Profile = Omit<Document, 'edition' | 'requirements'>
