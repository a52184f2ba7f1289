import { type ExportEntry, targetValue } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { sliceCidrs } from '../export/cidr.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { uuidOf } from '../export/uuid.ts'
import { boundRoles } from '../policy/bound-role.ts'

/** This must never change: rules refer to the ids that are made from it. */
const namespace = '32380332-913d-58e7-87ed-bcb0286d5688'

/** An object has no ports, but each is one slice. An object must have a range, so an empty slice has an inert address. */
export const checkpointGdc: PolicyFormat = {
  kind: 'policy',
  name: 'checkpoint-gdc',
  title: 'Check Point Generic Data Center',
  description:
    'Check Point R81 and later: one object for each slice, with addresses and CIDRs, and under a site one for each role that is bound, and for self. The id of an object stays the same for a catalogue and slice; the rule that uses it names the ports.',
  mediaType: 'application/json',
  extension: 'json',
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['address'],
  expression: definitionExpression,
  render
}

function render({ head, slices, own }: PolicyInput): string {
  const roles = boundRoles(slices, own).map(({ name, entries }) => ({
    name,
    ranges: rangesOf(everything, addressesOf(entries))
  }))
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
          ranges: rangesOf(slice, entries)
        }))
        .concat(
          roles
            .filter(({ ranges }) => ranges.length > 0)
            .map(({ name, ranges }) => ({
              name: `${head.id} role ${name}`,
              id: uuidOf(namespace, `${head.id}/role/${name}`),
              description: `Site ${head.id}, role ${name}`,
              ranges
            }))
        )
    },
    null,
    2
  )}\n`
}

/** A role is of no slice. */
const everything: Slice = { name: 'all', direction: 'both', transport: 'any' }

function addressesOf(entries: readonly ExportEntry[]): readonly ExportEntry[] {
  return entries.filter(({ target }) => target.kind === 'address')
}

/** Addresses as the catalogue writes them; any address is the whole of each family. */
function rangesOf(slice: Slice, entries: readonly ExportEntry[]): readonly string[] {
  const values = entries.flatMap((entry) => {
    const value = targetValue(entry.target)
    return value === undefined ? sliceCidrs(slice, [entry]).map(({ cidr }) => cidr) : [value]
  })
  return [...new Set(values)]
}
