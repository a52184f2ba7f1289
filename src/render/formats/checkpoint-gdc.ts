import { targetValue } from '../../domain/export/export-entry.ts'
import { transports } from '../../domain/network/service.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { uuidOf } from '../export/uuid.ts'

/** This must never change: rules refer to the ids that are made from it. */
const namespace = '32380332-913d-58e7-87ed-bcb0286d5688'

/** An object has no ports, but each is one slice. An object must have a range, so an empty slice has an inert address. */
export const checkpointGdc: PolicyFormat = {
  kind: 'policy',
  name: 'checkpoint-gdc',
  title: 'Check Point Generic Data Center',
  description:
    'Check Point R81 and later: one object for each slice, with addresses and CIDRs. The id of an object stays the same for a catalogue and slice; the rule that uses it names the ports.',
  mediaType: 'application/json',
  extension: 'json',
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['address'],
  expression: {
    targets: { address: 'exact' },
    directions: ['inbound', 'outbound'],
    transports,
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: true
  },
  render
}

function render({ head, slices }: PolicyInput): string {
  return `${JSON.stringify(
    {
      // The version of the format, not of the catalogue.
      version: '1.0',
      description: head.lines.join('; '),
      objects: slices
        .filter(({ entries }) => entries.length > 0)
        .map(({ slice, entries }) => ({
          name: `${head.id} ${slice.name}`,
          id: uuidOf(namespace, `${head.id}/${slice.name}`),
          description: `Catalogue ${head.id}, slice ${slice.name}`,
          ranges: [...new Set(entries.map(({ target }) => targetValue(target)))]
        }))
    },
    null,
    2
  )}\n`
}
