import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { NameSchema } from '../../domain/text.ts'
import { type HeaderSchemas, headersOfSite } from '../schema/header-schema.ts'
import { closed } from '../schema/schema-words.ts'
import { sharedClockFields } from './query.ts'

/** What has the reads of a view: a catalogue, or a site, which merges several. */
export const subjectKinds = ['catalogue', 'site'] as const
export type SubjectKind = (typeof subjectKinds)[number]

export interface ReadSubject {
  readonly kind: SubjectKind
  readonly id: string
}

/** The path that the paths of all reads begin with. */
export const subjectPaths: Readonly<Record<SubjectKind, string>> = {
  catalogue: '/v1/catalogues/:id',
  site: '/v1/sites/:site'
}

const idFields = {
  catalogue: {
    id: { ...NameSchema, description: 'Id of the catalogue', examples: ['clearswift-exchange-gateway-4.8'] }
  },
  site: { site: { ...NameSchema, description: 'Id of the site', examples: ['leeds'] } }
} as const

/** What the path of a request names. */
export function subjectOf({ params }: FastifyRequest): ReadSubject {
  // The schema of a route of either path requires its own of these.
  const { id = '', site } = params as { readonly id?: string; readonly site?: string }
  return site === undefined ? { kind: 'catalogue', id } : { kind: 'site', id: site }
}

/** The schema of the parameters in a path, with `fields` beside the one that `subjectOf` reads. */
export function subjectParams<Fields extends Type.TProperties>(
  kind: SubjectKind,
  fields: Fields
): Type.TObject<Fields> {
  // The field that the type leaves out has another name in each path.
  return Type.Object({ ...idFields[kind], ...fields }, closed) as Type.TObject<Fields>
}

const siteFields = {
  siteAsOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'Which revision of the site: its number, or an instant. Default: the newest, whatever `asOf` says.',
      examples: ['2', '2027-01-15T00:00:00Z']
    })
  ),
  catalogue: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      description: 'Ids of catalogues: only what the site takes of these',
      maxItems: 1000,
      examples: [['clearswift-exchange-gateway-4.8']]
    })
  )
}

/**
 * The schema of the query of a read: under a site `asOf` is an instant, since it is of several catalogues, and there are the fields of a site
 * too. The type has them for both kinds; the validator refuses them for a catalogue.
 */
export function subjectQuery<Fields extends Type.TProperties>(
  kind: SubjectKind,
  fields: Fields
): Type.TObject<Fields & typeof siteFields> {
  const query = kind === 'catalogue' ? fields : { ...fields, asOf: sharedClockFields.asOf, ...siteFields }
  // The fields of a site are optional, so that a query without them has this type too.
  return Type.Object(query, closed) as unknown as Type.TObject<Fields & typeof siteFields>
}

/** The same of a read without filters. */
export function subjectClocksQuery<Fields extends Type.TProperties>(
  kind: SubjectKind,
  fields: Fields
): Type.TObject<Fields & Pick<typeof siteFields, 'siteAsOf'>> {
  const { siteAsOf } = siteFields
  const query = kind === 'catalogue' ? fields : { ...fields, asOf: sharedClockFields.asOf, siteAsOf }
  // As above.
  return Type.Object(query, closed) as unknown as Type.TObject<Fields & Pick<typeof siteFields, 'siteAsOf'>>
}

/** The header fields of the answers. */
export function subjectHeaders(kind: SubjectKind, headers: HeaderSchemas): HeaderSchemas {
  return kind === 'catalogue' ? headers : headersOfSite(headers)
}

/** A text about reads of both kinds. */
export function ofSubject(kind: SubjectKind, text: string): string {
  return kind === 'catalogue' ? text : `${text}; of a site`
}
