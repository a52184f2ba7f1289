import { type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import type { ExportHead } from '../export/format.ts'
import { idName } from '../export/id-name.ts'
import { shortName } from '../export/short-name.ts'
import { isGroup, type RuleDirection, ruleDirections } from './rule.ts'

/**
 * The directions that a policy governs: those of its slices. An empty slice counts too, since a direction must not become open when its
 * last endpoint retires. Without any slice the catalogue needs nothing from the network, and the policy governs outbound traffic.
 */
export function governedDirections(slices: readonly SliceEntries[]): readonly RuleDirection[] {
  const found = ruleDirections.filter((direction) => slicesInDirection(slices, direction).length > 0)
  return found.length > 0 ? found : ['outbound']
}

/** The slices of a direction with each value once, since policies have no source ports. */
export function slicesInDirection(slices: readonly SliceEntries[], direction: RuleDirection): readonly SliceEntries[] {
  return slices
    .filter(({ slice }) => slice.direction === direction || slice.direction === 'both')
    .map((group) => ({
      slice: group.slice,
      entries: unionOf([group]).filter((entry) => direction === 'outbound' || !isGroup(entry))
    }))
}

/** The metadata of a policy. Its name must be a DNS subdomain (RFC 1123), which has no underscore. */
export function policyMetadata({ id, revision }: ExportHead): object {
  return {
    name: `portolan-${idName(id, 'domain')}`,
    annotations: {
      'portolan/catalogue': id,
      'portolan/revision': String(revision.number),
      'portolan/digest': revision.digest
    }
  }
}

/** The selector of the pods of a catalogue. A label has at most 63 characters. */
export function podLabels({ id }: ExportHead): object {
  return { matchLabels: { 'portolan/catalogue': shortName(id, 63) } }
}
