import Type, { type Static } from 'typebox'
import { endpointKinds } from '../document/endpoint.ts'
import type { Frozen } from '../json/frozen.ts'
import { closed, literals, noted } from '../schema-words.ts'
import { AuthoredTimeSchema, InstantSchema, NameSchema, ProseSchema, TitleSchema } from '../text.ts'

const overlayActions = ['suppress', 'add', 'extend'] as const
export type OverlayAction = (typeof overlayActions)[number]

/** The role of the product's own addresses. Every site may bind it, whatever its catalogues say. */
export const selfRole = 'self'

const requirementKeys = (description: string, example: string) =>
  Type.Optional(noted(Type.Array(NameSchema, { minItems: 1, maxItems: 10_000 }), description, [example]))

const TakenCatalogueSchema = Type.Object(
  {
    id: noted(NameSchema, 'Id of the catalogue', 'clearswift-exchange-gateway-4.8'),
    asOf: Type.Optional(
      noted(
        Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        'Number of the revision that the site keeps to; absent: the newest',
        2
      )
    ),
    requirements: requirementKeys('Keys of the only requirements that the site takes', 'syslog'),
    without: requirementKeys('Keys of the requirements that the site does not take', 'rss-feed'),
    conditions: Type.Optional(
      noted(
        Type.Record(NameSchema, Type.Boolean(), { minProperties: 1, maxProperties: 10_000 }),
        'Keys of conditional or optional requirements: whether their condition holds at the site',
        { 'kaspersky-av-updates': true }
      )
    )
  },
  closed
)

const ValueSchema = Type.String({ minLength: 1, maxLength: 255 })
function boundValueSchema<Time extends Type.TString>(time: Time) {
  return Type.Object(
    {
      value: noted(ValueSchema, 'An address, a CIDR or a host name; of a variable: its text', '10.20.1.5'),
      from: Type.Optional(noted(time, 'First instant at which it holds; absent: since ever')),
      until: Type.Optional(noted(time, 'First instant at which it no longer holds; absent: no end known'))
    },
    closed
  )
}
export const BoundValueInputSchema = boundValueSchema(AuthoredTimeSchema)

function bindingSchema<Value extends Type.TSchema>(value: Value, example: unknown) {
  return Type.Object(
    {
      role: Type.Optional(
        noted(NameSchema, 'The role that the values play; `self`: the addresses of the product itself', 'syslog-server')
      ),
      variable: Type.Optional(noted(NameSchema, 'The variable of names that the values fill in', 'tenant')),
      component: Type.Optional(
        noted(NameSchema, 'The part of the product that the values are the addresses of', 'agent')
      ),
      catalogue: Type.Optional(noted(NameSchema, 'Only in this catalogue', 'clearswift-exchange-gateway-4.8')),
      requirement: Type.Optional(noted(NameSchema, 'Only in the requirement with this key', 'directory-access')),
      values: noted(
        Type.Array(value, { maxItems: 10_000 }),
        'What is bound; an empty list says that there is nothing',
        [example]
      )
    },
    closed
  )
}
export const BindingInputSchema = bindingSchema(Type.Union([ValueSchema, BoundValueInputSchema]), '10.20.1.5')

const NamedEndpointSchema = Type.Object(
  {
    kind: noted(literals(endpointKinds), 'Kind of the endpoint', 'address'),
    value: Type.Optional(noted(ValueSchema, 'Value of the endpoint; `any` has none', '203.0.113.9'))
  },
  closed
)
function overlaySchema<Time extends Type.TString>(time: Time) {
  return Type.Object(
    {
      id: noted(NameSchema, 'Names the overlay within the site', 'case-771'),
      action: noted(
        literals(overlayActions),
        '`suppress`: does not hold before `until`; `add`: holds until then too; `extend`: an announced end comes then',
        'add'
      ),
      catalogue: noted(NameSchema, 'Id of the catalogue', 'clearswift-exchange-gateway-4.8'),
      requirement: noted(NameSchema, 'Key of the requirement', 'kaspersky-av-updates'),
      endpoint: Type.Optional(
        noted(NamedEndpointSchema, 'The endpoint; `suppress` without one is about the whole requirement', {
          kind: 'address',
          value: '203.0.113.9'
        })
      ),
      until: noted(time, 'When the overlay ends by itself: at most 400 days after the publish'),
      reason: noted(ProseSchema, 'Why the site differs from its catalogue', 'Vendor case 771'),
      ticket: Type.Optional(noted(TitleSchema, 'Where it was decided', 'CHG0042'))
    },
    closed
  )
}
export const OverlayInputSchema = overlaySchema(AuthoredTimeSchema)

const names = {
  id: noted(NameSchema, 'Names the site, also in its path', 'leeds'),
  title: noted(TitleSchema, 'What people call the site', 'Leeds')
}
const TimeZoneSchema = noted(
  Type.String({ minLength: 1, maxLength: 100 }),
  'IANA time zone of bare dates; default UTC',
  'Europe/London'
)
const CataloguesSchema = noted(
  Type.Array(TakenCatalogueSchema, { minItems: 1, maxItems: 1000 }),
  'The catalogues of what runs at the site',
  [{ id: 'clearswift-exchange-gateway-4.8' }]
)
const UnboundSchema = noted(
  literals(['omit', 'fail']),
  'What exports do where a role or variable is bound nowhere: leave its rows out and count them, or fail',
  'omit'
)
const bindingsNote = 'Who plays the roles of the catalogues, what fills their variables, and where their components run'
const overlaysNote = 'Exceptions, each with a reason and an end'
const list = <Item extends Type.TSchema>(item: Item, note: string) =>
  noted(Type.Array(item, { maxItems: 10_000 }), note, [])

export const SiteInputSchema = Type.Object(
  {
    ...names,
    timeZone: Type.Optional(TimeZoneSchema),
    catalogues: CataloguesSchema,
    bindings: Type.Optional(list(BindingInputSchema, bindingsNote)),
    overlays: Type.Optional(list(OverlayInputSchema, overlaysNote)),
    unbound: Type.Optional(UnboundSchema)
  },
  { ...closed, title: 'SiteInput' }
)
export const SiteDocumentSchema = Type.Object(
  {
    ...names,
    timeZone: TimeZoneSchema,
    catalogues: CataloguesSchema,
    bindings: list(bindingSchema(boundValueSchema(InstantSchema), { value: '10.20.1.5' }), bindingsNote),
    overlays: list(overlaySchema(InstantSchema), overlaysNote),
    unbound: UnboundSchema
  },
  { ...closed, title: 'SiteDocument' }
)

/** A catalogue as a site takes it. It names requirements to take or requirements to leave, never both. */
export type TakenCatalogue = Frozen<Static<typeof TakenCatalogueSchema>>
export type NamedEndpoint = Frozen<Static<typeof NamedEndpointSchema>>
type WrittenBinding = SiteFields['bindings'][number]
export type BoundValue = WrittenBinding['values'][number]

/** What a binding binds: exactly one of the three. */
export type Bound =
  | { readonly role: string; readonly variable?: never; readonly component?: never }
  | { readonly variable: string; readonly role?: never; readonly component?: never }
  | { readonly component: string; readonly role?: never; readonly variable?: never }
export type Binding = Bound & Omit<WrittenBinding, 'role' | 'variable' | 'component'>

type WrittenOverlay = Omit<SiteFields['overlays'][number], 'action' | 'endpoint'>
export type Overlay = WrittenOverlay &
  (
    | { readonly action: 'suppress'; readonly endpoint?: NamedEndpoint }
    | { readonly action: 'add' | 'extend'; readonly endpoint: NamedEndpoint }
  )

type SiteFields = Frozen<Static<typeof SiteDocumentSchema>>
/**
 * The canonical document of a site: sets in order, bounds of lifetimes as instants in UTC, every value as an object, absent fields absent.
 */
export type SiteDocument = Omit<SiteFields, 'bindings' | 'overlays'> & {
  readonly bindings: readonly Binding[]
  readonly overlays: readonly Overlay[]
}
