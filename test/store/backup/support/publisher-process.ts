import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { makeCatalogues } from '../../../../src/catalogue/catalogues.ts'
import { publishDocument } from '../../../../src/catalogue/publishing/publish.ts'
import { openStore } from '../../../../src/store/open.ts'
import { addresses, documentInput, requirementInput } from '../../../support/document.ts'

/*
 * A process that publishes one revision after the other into the store whose URL it is given, and tells its parent how many are
 * acknowledged, until the channel between the two closes.
 */

const store = await openStore(process.argv[2] ?? '')
const catalogues = makeCatalogues(store, {
  now: () => Date.now(),
  random: randomBytes,
  onError: (error) => {
    throw error
  }
})
await catalogues.heads.refresh()
for (let turn = 1; process.connected; turn += 1) {
  const requirements = [requirementInput({ endpoints: addresses(40, turn) })]
  await publishDocument(catalogues, {
    catalogue: 'busy',
    manuscript: { bytes: Buffer.from(JSON.stringify(documentInput({ id: 'busy', requirements }))), notation: 'json' },
    precondition: { kind: 'any' },
    overrides: ['unannounced_removal', 'mass_removal'],
    reason: 'Of a test',
    isDryRun: false
  })
  // Whoever is gone by now is not told.
  process.send?.(turn, () => {})
  // Else history grows so fast that most of the time goes into proving it.
  await pause(20)
}
await catalogues.close()
