import Type from 'typebox'
import { endpointKinds } from '../../domain/document/endpoint.ts'
import { omissionReasons, wideningReasons } from '../../domain/export/expression.ts'
import { InstantSchema, NameSchema, namePattern } from '../../domain/text.ts'
import { RevisionRefSchema, SiteRevisionRefSchema } from './change-schema.ts'
import { ViewFeedsSchema } from './endpoint-schema.ts'
import { CountSchema, closed, integerSchema, listSchema, mostRows, oneOfWords, textSchema } from './schema-words.ts'
import { TakenRevisionsSchema } from './view-schema.ts'

const reasonSchema = (table: Readonly<Record<string, string>>) =>
  oneOfWords(
    Object.keys(table),
    Object.entries(table)
      .map(([reason, meaning]) => `\`${reason}\`: ${meaning}`)
      .join(' ')
  )
/** The key of a requirement; under a site after its catalogue. */
const RequirementNameSchema = Type.String({
  minLength: 1,
  maxLength: 201,
  pattern: `${namePattern.slice(0, -1)}(?:/${namePattern.slice(1, -1)})?$`
})
const findingSchema = (table: Readonly<Record<string, string>>, title: string) =>
  Type.Object(
    {
      slice: textSchema(100, 'The slice of the entry; `all` in a list of several slices'),
      kind: oneOfWords(endpointKinds),
      value: Type.Optional(textSchema(255, 'Absent for `any`')),
      requirements: listSchema(
        RequirementNameSchema,
        mostRows,
        'Keys of the requirements that name it; under a site `catalogue/key`'
      ),
      reason: reasonSchema(table)
    },
    { ...closed, title }
  )

const siteCountSchema = (description: string) =>
  Type.Optional({ ...CountSchema, description: `Of a site. ${description}` } as typeof CountSchema)

export const ExportReportSchema = Type.Object(
  {
    catalogue: Type.Optional({ ...NameSchema, description: 'Absent: the export is of a site' } as typeof NameSchema),
    site: Type.Optional({ ...NameSchema, description: 'Absent: the export is of a catalogue' } as typeof NameSchema),
    revision: Type.Union([RevisionRefSchema, SiteRevisionRefSchema]),
    catalogues: Type.Optional(TakenRevisionsSchema),
    format: textSchema(100),
    slice: Type.Optional(textSchema(100)),
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional(InstantSchema),
    entries: CountSchema,
    omitted: CountSchema,
    widened: CountSchema,
    sources: Type.Optional(
      oneOfWords(
        ['written', 'left_away'],
        'Whether rules have the own addresses of the product; absent where no site says which they are'
      )
    ),
    bound: siteCountSchema('Rows in the place of a role or of a name with a variable'),
    unbound: siteCountSchema('Roles and names with a variable that nothing stands for'),
    extended: siteCountSchema('Rows whose end an overlay puts off'),
    suppressed: siteCountSchema('Rows of the catalogues that an overlay suppresses now'),
    placeholder: { ...CountSchema, description: 'Inert entries that stand in for an empty list' } as typeof CountSchema,
    extraAddresses: Type.Object(
      { ipv4: integerSchema(0, Number.MAX_SAFE_INTEGER), ipv6: integerSchema(0, Number.MAX_SAFE_INTEGER) },
      {
        ...closed,
        description:
          'What `aggregate=budget:N` opens beyond the catalogue: the number of IPv4 addresses, and of /64 networks of IPv6 in which the catalogue names nothing'
      }
    ),
    omissions: listSchema(findingSchema(omissionReasons, 'ExportOmission'), mostRows),
    widenings: listSchema(findingSchema(wideningReasons, 'ExportWidening'), mostRows),
    unnamed: listSchema(
      RequirementNameSchema,
      mostRows,
      'Requirements that name no endpoint: lists and policies have no entry for them, tables a row without an endpoint'
    ),
    feeds: Type.Optional(ViewFeedsSchema)
  },
  { ...closed, title: 'ExportReport' }
)

export const FormatSchema = Type.Object(
  {
    name: textSchema(100),
    title: textSchema(200),
    description: textSchema(4000, 'Which tool reads the export, and how'),
    kind: oneOfWords(
      ['list', 'policy', 'table'],
      '`list`: values without ports, for one slice at a time; `policy`: slice by slice; `table`: rows as the catalogue has them'
    ),
    mediaType: textSchema(
      200,
      'Media type of one file. Several files together are `application/x-tar`, and a part may have a type of its own'
    ),
    extension: textSchema(20),
    modes: Type.Optional(listSchema(textSchema(50), 20, 'The first is the default')),
    parts: Type.Optional(listSchema(textSchema(200), 100, 'The files that `part=` takes out of the archive')),
    aggregate: Type.Optional(oneOfWords(['exact', 'none'], 'The default')),
    empty: Type.Optional(oneOfWords(['placeholder', 'none'], 'The default')),
    timed: Type.Optional(Type.Literal(true, { description: 'It takes `timed=true`' })),
    expresses: Type.Object(
      {
        address: oneOfWords(['exact', 'wider', 'no']),
        host: oneOfWords(['exact', 'wider', 'no']),
        wildcard: oneOfWords(['exact', 'wider', 'no']),
        pattern: oneOfWords(['exact', 'wider', 'no']),
        url: oneOfWords(['exact', 'wider', 'no']),
        role: oneOfWords(['exact', 'wider', 'no']),
        feed: oneOfWords(['exact', 'wider', 'no']),
        any: oneOfWords(['exact', 'wider', 'no']),
        directions: listSchema(oneOfWords(['inbound', 'outbound']), 2),
        transports: listSchema(textSchema(10), 20),
        otherProtocols: Type.Boolean({ description: 'Also protocols that have only a number, as `ip/97`' }),
        ports: Type.Boolean({ description: 'If false, an export is for one slice at a time' }),
        sourcePorts: Type.Boolean(),
        icmpTypes: Type.Boolean()
      },
      {
        ...closed,
        description:
          'What the format expresses exactly, what only wider, and what not at all. The report counts everything that is left out or widened'
      }
    )
  },
  { ...closed, title: 'ExportFormat' }
)
