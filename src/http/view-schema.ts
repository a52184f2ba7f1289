import Type from 'typebox'
import { DocumentSchema } from '../domain/document.ts'
import { InstantSchema } from '../domain/text.ts'
import { RevisionRefSchema, ViewRequirementSchema } from './schemas.ts'

const { edition: _, requirements: __, guidance, ...profile } = DocumentSchema.properties

export const ViewSchema = Type.Object(
  {
    ...profile,
    revision: RevisionRefSchema,
    validFrom: Type.Optional(InstantSchema),
    validUntil: Type.Optional(InstantSchema),
    guidance,
    requirements: Type.Array(ViewRequirementSchema)
  },
  { additionalProperties: false, title: 'View' }
)
