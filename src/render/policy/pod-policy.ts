import { type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import type { ExportHead } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'
import { type RuleDirection, ruleDirections } from './rule.ts'

/**
 * The directions that a policy governs: those of its slices, also of empty ones, for what has retired must not become open. A catalogue
 * without any needs nothing from the network.
 */
export function governed(slices: readonly SliceEntries[]): readonly RuleDirection[] {
  const found = ruleDirections.filter((direction) => inDirection(slices, direction).length > 0)
  return found.length > 0 ? found : ['outbound']
}

/** The slices of a direction, each value once: policies have no source ports. */
export function inDirection(slices: readonly SliceEntries[], direction: RuleDirection): readonly SliceEntries[] {
  return slices
    .filter(({ slice }) => slice.direction === direction || slice.direction === 'both')
    .map((group) => ({ slice: group.slice, entries: unionOf([group]) }))
}

/** The name is a DNS subdomain, RFC 1123, which has no underscore. */
export function policyMetadata({ id, revision }: ExportHead): object {
  return {
    name: `portolan-${id.replaceAll('_', '-')}`,
    annotations: {
      'portolan/catalogue': id,
      'portolan/revision': String(revision.number),
      'portolan/digest': revision.digest
    }
  }
}

/** Which pods it is for: a label has at most 63 characters. */
export function podLabels({ id }: ExportHead): object {
  return { matchLabels: { 'portolan/catalogue': shortName(id, 63) } }
}
