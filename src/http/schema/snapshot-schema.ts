import Type from 'typebox'
import { shapes } from '../../render/mirror/shapes.ts'
import {
  FlatCatalogueSchema,
  FlatEndpointSchema,
  FlatRequirementSchema,
  LogSeqSchema,
  MirrorDigestFields
} from './delta-schema.ts'
import { closed, EpochSchema, listSchema, mostRows } from './schema-words.ts'

const state = { ...MirrorDigestFields, seq: LogSeqSchema, epoch: EpochSchema }

const FlatSnapshotSchema = Type.Object(
  {
    catalogues: Type.Optional(listSchema(FlatCatalogueSchema, mostRows)),
    requirements: Type.Optional(listSchema(FlatRequirementSchema, mostRows)),
    endpoints: Type.Optional(listSchema(FlatEndpointSchema, mostRows)),
    ...state
  },
  { ...closed, title: 'FlatSnapshot' }
)

const ShapedRowSchema = Type.Object(
  {},
  { additionalProperties: true, title: 'ShapedRow', description: 'A row as the tool documents it' }
)
const lists = new Set(Object.values(shapes).flatMap((shape) => Object.values(shape.lists).flat()))

const ShapedSnapshotSchema = Type.Object(
  {
    ...Object.fromEntries([...lists].map((name) => [name, Type.Optional(listSchema(ShapedRowSchema, mostRows))])),
    ...state
  },
  { ...closed, title: 'ShapedSnapshot', description: 'In the shape of a tool, under the names that it looks for' }
)

export const SnapshotSchema = Type.Union([FlatSnapshotSchema, ShapedSnapshotSchema], { title: 'Snapshot' })
