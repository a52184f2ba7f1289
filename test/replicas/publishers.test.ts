import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { noPostgres } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import { publishTitle } from './support/publish-title.ts'

t.setTimeout(300_000)
const server = postgresServer(t)

t.test(
  'many who publish one catalogue at once through two processes are served in turn',
  { skip: noPostgres },
  async (t) => {
    const url = await server.database()
    const start = async () => startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true })
    const apps = [await start(), await start()] as const
    await publishTitle(apps[0], 'gateway', 'first')
    const key = await apps[0].key('catalogue:publish')
    const publish = (app: TestApp, title: string) =>
      app.request({
        method: 'PUT',
        url: '/v1/catalogues/gateway/document',
        headers: { ...key, 'content-type': 'application/json', 'if-match': '*' },
        payload: JSON.stringify(documentInput({ id: 'gateway', title }))
      })
    const [publishers, rounds] = [32, 3]
    const statuses = await Promise.all(
      Array.from({ length: publishers }, async (_, publisher) => {
        const found: number[] = []
        for (let round = 0; round < rounds; round += 1)
          found.push((await publish(apps[publisher % 2 === 0 ? 0 : 1], `${publisher} ${round}`)).statusCode)
        return found
      })
    )
    t.same(
      statuses.flat().filter((status) => status !== 201),
      []
    )
    const numbers: number[] = []
    for (const event of await apps[0].catalogues.store.events({ after: 0, limit: 1000 }))
      numbers.push(event.revision.number)
    t.same(
      numbers,
      Array.from({ length: publishers * rounds + 1 }, (_, index) => index + 1),
      'each is there once'
    )
  }
)
