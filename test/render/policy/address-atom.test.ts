import t from 'tap'
import { covers, storedAddress } from '../../../src/domain/network/address.ts'
import { aggregate } from '../../../src/domain/network/cidr-join.ts'
import { addressAtoms } from '../../../src/render/policy/address-atom.ts'
import { fc, runs } from '../../support/scale.ts'

/** Networks in a small space, so that many of them overlap. */
const network = fc
  .record({ last: fc.nat(15), prefix: fc.integer({ min: 28, max: 32 }) })
  .map(({ last, prefix }) => storedAddress(`192.0.2.${last & (0xff << (32 - prefix))}/${prefix}`.replace('/32', '')))

t.test('atoms cover what was given, do not overlap, and are never in part inside one of it', async (t) => {
  fc.assert(
    fc.property(fc.array(network, { maxLength: 8 }), (networks) => {
      const atoms = addressAtoms(networks)
      const isWhole = atoms.every((atom) => networks.every((each) => covers(each, atom) || !covers(atom, each)))
      const areApart = atoms.every((a) => atoms.every((b) => a === b || !covers(a, b)))
      const values = (list: typeof networks) =>
        aggregate(list)
          .map(({ value }) => value)
          .join(' ')
      return isWhole && areApart && values([...atoms]) === values(networks)
    }),
    { numRuns: runs(200) }
  )
  t.pass()
})
