import { inChunks } from '../../domain/group.ts'
import { type Family, families } from '../../domain/network/address.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'
import { type Cidr, cidrsOf } from '../export/cidr.ts'
import type { Rule } from './rule.ts'

/** A part of a rule for tools whose rules are of one family and have at most so many networks. */
export interface FamilyRule {
  /** `out-tcp-443-ipv4`, and `out-tcp-443-ipv4-2` for what does not go into the first. It is unique among the parts of all rules. */
  readonly name: string
  readonly rule: Rule
  readonly family: Family
  /** Never empty. */
  readonly cidrs: readonly Cidr[]
}

/** The parts of rules, in their order, IPv4 first. `most`: how many networks a part has. */
export function familyRules(rules: readonly Rule[], most: number): readonly FamilyRule[] {
  return rules.flatMap((rule) =>
    families.flatMap((family) => {
      const cidrs = reachesFamily(rule, family) ? cidrsOf(rule.entries, family) : []
      return inChunks(cidrs, most).map((chunk, index) => ({
        name: [partName(rule), family, ...(index === 0 ? [] : [index + 1])].join('-'),
        rule,
        family,
        cidrs: chunk
      }))
    })
  )
}

/** The name of a rule with its direction: `out-tcp-443`. */
export function partName({ direction, name }: Pick<Rule, 'direction' | 'name'>): string {
  return `${direction === 'outbound' ? 'out' : 'in'}-${name}`
}
