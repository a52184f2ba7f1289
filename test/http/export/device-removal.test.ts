import t from 'tap'
import { commit, runCommands } from '../../render/formats/grammar/panos.ts'
import { goneLines } from '../../render/formats/support/gone-lines.ts'
import { retiring } from '../../render/formats/support/occasions.ts'
import { clearswift, startApp } from '../../support/app.ts'

t.test(
  'what a device loaded at an instant is taken away by asking for that instant, as the guide has it',
  async (t) => {
    const app = await startApp(t)
    const read = async (query: string) => {
      const answer = await app.request(`/v1/catalogues/${clearswift}/exports/panos${query}`)
      t.equal(answer.statusCode, 200)
      return answer.body
    }
    const loadedAt = '2018-11-21T23:59:59Z'
    const before = await read(`?asOf=${loadedAt}&effectiveAt=${loadedAt}`)
    const old = await read(`?mode=remove&asOf=${loadedAt}&effectiveAt=${loadedAt}`)
    const [now, kept] = [await read(''), await read('?mode=remove')]
    const open = (scripts: readonly string[]) => {
      const values = new Set(commit(scripts.reduce(runCommands, new Map())).map(({ value }) => value))
      return retiring.filter((address) => values.has(`${address}/32`)).length
    }
    t.equal(open([before]), 6)
    t.equal(open([before, now]), 6, 'commands only add')
    t.equal(open([before, now, goneLines(old, kept)]), 0)
  }
)
