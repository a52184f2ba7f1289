import { openStore } from '../../src/store/open.ts'
import { commitContract } from './contract/commit.ts'
import { tellContract } from './contract/commit-transitions.ts'
import { eventContract } from './contract/events.ts'
import { feedContract } from './contract/feeds.ts'
import { findContract } from './contract/find.ts'
import { headContract } from './contract/heads.ts'
import { historyContract } from './contract/history.ts'
import { keyContract } from './contract/keys.ts'
import { siteContract } from './contract/sites.ts'
import { subscriptionContract } from './contract/subscriptions.ts'
import { touchedContract } from './contract/touched.ts'
import type { Contract, Testing, Use } from './contract/use.ts'

/** What every store does. `fresh` gives the URL of an empty one; `runs`: how often each property is tried. */
export function storeContract(t: Testing, fresh: () => Promise<string>, runs: number): void {
  const contract: Contract = {
    runs,
    test: (title: string, use: Use) => {
      void t.test(title, async (t) => {
        const url = await fresh()
        const store = await openStore(url)
        t.teardown(() => store.close())
        await use(t, store, url)
      })
    }
  }
  historyContract(contract)
  commitContract(contract)
  headContract(contract)
  eventContract(contract)
  tellContract(contract)
  findContract(contract)
  touchedContract(contract)
  keyContract(contract)
  feedContract(contract)
  siteContract(contract)
  subscriptionContract(contract)
}
