import t from 'tap'
import { GraphQLSocket } from '../graphql/support/graphql-socket.ts'
import { startService } from '../support/service.ts'

/** Near the limits, and each another one: a thread takes a tenth of a second or more to judge it. */
const costly = (name: string) => ({ query: `{ ${name}: __typename ${'catalogues{nodes{id}} '.repeat(200)} }` })

t.test('what is not ready in time ends with a code, over both, and then others are answered', async (t) => {
  const service = await startService({
    PORTOLAN_DATABASE_URL: `sqlite:${t.testdir()}/portolan.db`,
    PORTOLAN_LOG_LEVEL: 'silent',
    PORTOLAN_RATE_LIMIT: 'off',
    PORTOLAN_THREADS: '1',
    PORTOLAN_DEADLINE: '1'
  })
  t.teardown(() => service.stop())
  const post = (payload: object) =>
    fetch(`${service.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload)
    })
  const sockets = await Promise.all([0, 1, 2].map(() => GraphQLSocket.open(service.address)))
  const told = sockets.map((socket, n) => socket.ask(costly(`socket${n}`)))
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => post(costly(`post${n}`))))
  const late = answers.filter(({ status }) => status === 503)
  t.ok(late.length > 0, `${late.length} of 40 were late`)
  for (const answer of late) {
    t.ok(answer.headers.get('retry-after'))
    t.match(await answer.json(), { code: 'deadline_exceeded' })
  }
  for (const heard of await Promise.all(told))
    t.match(JSON.stringify(heard), /"type":"next".*"complete"|"type":"error".*"deadline_exceeded"/)
  t.equal((await post({ query: '{ __typename }' })).status, 200)
  for (const socket of sockets) socket.close()
})
