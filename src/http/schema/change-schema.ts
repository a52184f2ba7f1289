import Type from 'typebox'
import { changeOperations, impacts } from '../../domain/change/change.ts'
import { endpointKinds } from '../../domain/document/endpoint.ts'
import { InstantSchema, NameSchema } from '../../domain/text.ts'
import {
  CountSchema,
  DigestSchema,
  LabelSchema,
  PointerSchema,
  RevisionNumberSchema,
  strict,
  textSchema,
  words
} from './schema-words.ts'

export const RevisionRefSchema = Type.Object(
  { number: RevisionNumberSchema, label: LabelSchema, publishedAt: InstantSchema, digest: DigestSchema },
  { ...strict, title: 'RevisionRef' }
)

export const CountsSchema = Type.Object(
  { added: CountSchema, removed: CountSchema, changed: CountSchema },
  { ...strict, title: 'Counts', description: 'Rows of requirements and endpoints' }
)

export const ChangeSchema = Type.Object(
  {
    op: words(changeOperations),
    pointer: PointerSchema(
      'Into the document with its lists read by key: `/requirements/dns/endpoints/address:192.0.2.1`'
    ),
    requirement: Type.Optional(NameSchema),
    position: Type.Optional({
      ...CountSchema,
      description: 'Of an added requirement: its place in the new order, from 0'
    } as typeof CountSchema),
    endpoint: Type.Optional(Type.Object({ kind: words(endpointKinds), value: Type.Optional(textSchema(255)) }, strict)),
    before: Type.Optional(Type.Unknown({ description: 'The row before; of a requirement or catalogue what differs' })),
    after: Type.Optional(Type.Unknown({ description: 'The row after; of a requirement or catalogue what differs' })),
    impact: words(impacts, 'What it means for a firewall')
  },
  { ...strict, title: 'Change' }
)
