import Type from 'typebox'
import { changeOperations, impacts } from '../../domain/change/change.ts'
import { endpointKinds } from '../../domain/document/endpoint.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import {
  CountSchema,
  closed,
  DigestSchema,
  LabelSchema,
  oneOfWords,
  PointerSchema,
  RevisionNumberSchema,
  textSchema
} from './schema-words.ts'

export const RevisionRefSchema = Type.Object(
  { number: RevisionNumberSchema, label: LabelSchema, publishedAt: InstantSchema, digest: DigestSchema },
  { ...closed, title: 'RevisionRef' }
)

export const SiteRevisionRefSchema = Type.Object(
  { number: RevisionNumberSchema, publishedAt: InstantSchema, digest: DigestSchema },
  { ...closed, title: 'SiteRevisionRef' }
)

export const CountsSchema = Type.Object(
  { added: CountSchema, removed: CountSchema, changed: CountSchema },
  { ...closed, title: 'Counts', description: 'Rows of requirements and endpoints' }
)

export const ChangeSchema = Type.Object(
  {
    op: oneOfWords(changeOperations),
    pointer: PointerSchema(
      'Names a place in the document, with the key of a row in place of its index: `/requirements/dns/endpoints/address:192.0.2.1`'
    ),
    requirement: Type.Optional(NameSchema),
    position: Type.Optional({
      ...CountSchema,
      description: 'The place of an added requirement in the new order, from 0'
    } as typeof CountSchema),
    endpoint: Type.Optional(
      Type.Object({ kind: oneOfWords(endpointKinds), value: Type.Optional(textSchema(255)) }, closed)
    ),
    before: Type.Optional(
      Type.Unknown({
        description:
          'The row before; for a requirement or a catalogue only the fields that differ. Of another order of more than 100 requirements only `after` is told'
      })
    ),
    after: Type.Optional(
      Type.Unknown({
        description:
          'The row after; for a requirement or a catalogue only the fields that differ. Of another order of more than 100 requirements only `after` is told'
      })
    ),
    impact: oneOfWords(impacts, 'What the change means for a firewall')
  },
  { ...closed, title: 'Change' }
)
