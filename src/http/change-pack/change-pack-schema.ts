import Type from 'typebox'
import { directions } from '../../domain/document/document.ts'
import { endpointKinds } from '../../domain/document/endpoint.ts'
import { PortRangeSchema, ServiceSchema } from '../../domain/network/network-service.ts'
import { TransportSchema } from '../../domain/network/protocol.ts'
import { InstantSchema, NameSchema, ProseSchema } from '../../domain/text.ts'
import {
  CountSchema,
  closed,
  LabelSchema,
  listSchema,
  mostRows,
  oneOfWords,
  RevisionNumberSchema,
  textSchema
} from '../schema/schema-words.ts'

const SideSchema = Type.Object(
  { revision: RevisionNumberSchema, label: Type.Optional(LabelSchema) },
  { ...closed, title: 'PackSide' }
)

/** The key of a requirement; under a site after its catalogue. */
const RequirementNameSchema = Type.String({ minLength: 1, maxLength: 201 })
const flowFields = {
  sources: Type.Optional(
    listSchema(textSchema(255), mostRows, 'The own end of the product, in a site that says which it is')
  ),
  direction: oneOfWords(directions),
  kind: oneOfWords(endpointKinds),
  value: Type.Optional(textSchema(255)),
  transport: TransportSchema,
  ports: Type.Optional(listSchema(PortRangeSchema, 1000)),
  slice: textSchema(100),
  was: Type.Optional({
    ...InstantSchema,
    description: 'The end that was announced before'
  } as typeof InstantSchema)
}

const PackRowSchema = Type.Object(
  {
    catalogue: Type.Optional({
      ...NameSchema,
      description: 'Under a site: the one that needs it alone'
    } as typeof NameSchema),
    ...flowFields,
    sourcePorts: Type.Optional(listSchema(PortRangeSchema, 1000)),
    icmp: ServiceSchema.properties.icmp,
    requirements: listSchema(RequirementNameSchema, mostRows),
    condition: Type.Optional(listSchema(ProseSchema, mostRows)),
    replacedBy: Type.Optional(listSchema(textSchema(255), 1000))
  },
  { ...closed, title: 'PackRow' }
)

const PackStepSchema = Type.Object(
  {
    n: CountSchema,
    do: oneOfWords(['open', 'verify', 'close']),
    after: Type.Optional(listSchema(CountSchema, mostRows, 'The steps that come first')),
    notBefore: Type.Optional(InstantSchema),
    by: Type.Optional(InstantSchema),
    rows: listSchema(PackRowSchema, mostRows),
    check: Type.Optional(listSchema(textSchema(400), mostRows, 'Commands that show that the other end answers')),
    backout: Type.Optional(textSchema(4000, 'How the step is undone'))
  },
  { ...closed, title: 'PackStep' }
)

const PackKeptSchema = Type.Object(
  {
    ...flowFields,
    neededBy: listSchema(
      Type.Object({ catalogue: Type.Optional(NameSchema), requirement: NameSchema }, { ...closed, title: 'PackNeed' }),
      mostRows
    )
  },
  { ...closed, title: 'PackKept' }
)

export const ChangePackSchema = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{16}$',
      description: 'Equal for every format of one question',
      examples: ['0ed62aecc0b09f10']
    }),
    catalogue: Type.Optional(NameSchema),
    site: Type.Optional(NameSchema),
    from: SideSchema,
    to: SideSchema,
    summary: textSchema(100_000),
    reason: Type.Optional(ProseSchema),
    deadline: Type.Optional(InstantSchema),
    steps: listSchema(PackStepSchema, mostRows, 'The work in its order'),
    kept: listSchema(PackKeptSchema, mostRows, 'What stays open, since something else needs it'),
    risk: Type.Object(
      {
        opens: Type.Object(
          {
            hosts: CountSchema,
            addresses: CountSchema,
            widest: Type.Optional(textSchema(4, 'The broadest prefix, such as `/32`')),
            newPorts: listSchema(
              textSchema(100),
              mostRows,
              'Ports that nothing used in that direction, such as `outbound tcp/443`'
            )
          },
          closed
        )
      },
      closed
    ),
    exports: Type.Object({ before: textSchema(4000), after: textSchema(4000) }, closed)
  },
  { ...closed, title: 'ChangePack' }
)
