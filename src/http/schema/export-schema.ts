import Type from 'typebox'
import { omissionReasons, wideningReasons } from '../../domain/export/expression.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import { RevisionRefSchema } from './change-schema.ts'
import { CountSchema, listSchema, mostRows, strict, textSchema, words } from './schema-words.ts'

const reasons = (table: Readonly<Record<string, string>>) =>
  words(
    Object.keys(table),
    Object.entries(table)
      .map(([reason, meaning]) => `\`${reason}\`: ${meaning}`)
      .join(' ')
  )
const finding = (table: Readonly<Record<string, string>>, title: string) =>
  Type.Object(
    {
      slice: textSchema(100, 'The slice of the entry; `all` for a list of several'),
      kind: words(['host', 'address', 'role', 'feed', 'any']),
      value: Type.Optional(textSchema(255, 'Absent for `any`')),
      requirements: listSchema(NameSchema, mostRows, 'Keys of the requirements that name it'),
      reason: reasons(table)
    },
    { ...strict, title }
  )

export const ExportReportSchema = Type.Object(
  {
    catalogue: NameSchema,
    revision: RevisionRefSchema,
    format: textSchema(100),
    slice: Type.Optional(textSchema(100)),
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional(InstantSchema),
    entries: CountSchema,
    omitted: CountSchema,
    widened: CountSchema,
    placeholder: { ...CountSchema, description: 'Inert entries that stand in for an empty list' } as typeof CountSchema,
    extraAddresses: Type.String({
      pattern: '^[0-9]+$',
      maxLength: 50,
      description:
        'Addresses that get through beyond those of the catalogue; text, since it may be larger than a double holds'
    }),
    omissions: listSchema(finding(omissionReasons, 'ExportOmission'), mostRows),
    widenings: listSchema(finding(wideningReasons, 'ExportWidening'), mostRows),
    unnamed: listSchema(
      NameSchema,
      mostRows,
      'Requirements that name no endpoint, so that no export has an entry for them'
    )
  },
  { ...strict, title: 'ExportReport' }
)

export const FormatSchema = Type.Object(
  {
    name: textSchema(100),
    title: textSchema(200),
    description: textSchema(4000, 'Who reads it, and how'),
    kind: words(
      ['list', 'policy', 'table'],
      '`list`: values without ports, for one slice at a time; `policy`: slice by slice; `table`: rows as the catalogue has them'
    ),
    mediaType: textSchema(200, 'Of several files together, and of `part=` unless that file has its own'),
    extension: textSchema(20),
    modes: Type.Optional(listSchema(textSchema(50), 20, 'The first is the default')),
    parts: Type.Optional(listSchema(textSchema(200), 100, 'The files that `part=` takes out of the archive')),
    aggregate: Type.Optional(words(['exact', 'none'], 'The default')),
    empty: Type.Optional(words(['placeholder', 'none'], 'The default')),
    expresses: Type.Object(
      {
        address: words(['exact', 'wider', 'no']),
        host: words(['exact', 'wider', 'no']),
        wildcard: words(['exact', 'wider', 'no']),
        role: words(['exact', 'wider', 'no']),
        feed: words(['exact', 'wider', 'no']),
        any: words(['exact', 'wider', 'no']),
        directions: listSchema(words(['inbound', 'outbound']), 2),
        transports: listSchema(textSchema(10), 10),
        ports: Type.Boolean({ description: 'Without ports it is for one slice at a time' }),
        sourcePorts: Type.Boolean(),
        icmpTypes: Type.Boolean()
      },
      {
        ...strict,
        description:
          'What it says exactly, what only wider, and what not at all. The rest is counted, never dropped in silence'
      }
    )
  },
  { ...strict, title: 'ExportFormat' }
)
