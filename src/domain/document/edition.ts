import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { closed, noted } from '../schema-words.ts'
import { AuthoredTimeSchema, InstantSchema, NameSchema, ProseSchema, printedDatePattern, UrlSchema } from '../text.ts'

/** Where the content of an edition came from, where an importer wrote it. */
export const EditionSourceSchema = Type.Object(
  {
    adapter: noted(NameSchema, 'What read it', 'aws'),
    url: noted(
      UrlSchema,
      'Where the list is published; endpoints of kind feed refer to it',
      'https://ip-ranges.amazonaws.com/ip-ranges.json'
    ),
    token: Type.Optional(
      noted(Type.String({ minLength: 1, maxLength: 200 }), "The source's own name for this state of it", '1500590532')
    ),
    label: Type.Optional(
      noted(Type.String({ minLength: 1, maxLength: 100 }), 'The label that the source gave it', '2.3')
    ),
    time: Type.Optional(noted(InstantSchema, "The source's own time, where its zone is known", '2017-07-20T22:42:12Z')),
    digest: noted(
      Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
      'SHA-256 of the bytes that were read, in hex',
      `sha256:${'0'.repeat(64)}`
    )
  },
  closed
)
export type EditionSource = Frozen<Static<typeof EditionSourceSchema>>

const editionFields = {
  label: noted(Type.String({ minLength: 1, maxLength: 100 }), "The author's name for this edition", '2.3'),
  date: Type.Optional(
    noted(Type.String({ pattern: printedDatePattern }), 'The date as printed, at its own precision', '2018-10')
  ),
  summary: noted(ProseSchema, 'What is new, in a sentence or two', 'Six mirrors move to new addresses.'),
  reason: Type.Optional(noted(ProseSchema, 'Why it is new', 'The old data centre closes.')),
  reconstructed: Type.Optional(noted(Type.Boolean(), 'True where no such document was ever published', true)),
  source: Type.Optional(
    noted(EditionSourceSchema, 'Where an importer had its content from', {
      adapter: 'aws',
      url: 'https://ip-ranges.amazonaws.com/ip-ranges.json',
      token: '1500590532',
      digest: `sha256:${'0'.repeat(64)}`
    })
  )
}
const editionNotes = {
  ...closed,
  description: 'What this version of the document is, and what is new in it',
  examples: [{ label: '2.3', summary: 'Six mirrors move to new addresses.' }]
}
export const EditionSchema = Type.Object(editionFields, editionNotes)
export const EditionInputSchema = Type.Object(
  {
    ...editionFields,
    publishedAt: Type.Optional(
      noted(
        AuthoredTimeSchema,
        'For backfilling: when this was published. Not part of the document that is answered',
        '2018-10-01'
      )
    )
  },
  editionNotes
)
export type Edition = Frozen<Static<typeof EditionSchema>>
