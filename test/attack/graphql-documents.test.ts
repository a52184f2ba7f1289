import t from 'tap'
import { program } from '../support/program.ts'
import { startService } from '../support/service.ts'

/** Documents near the limits, each of another shape: many tokens in few bytes, refused late, or failing while they run. */
const shapes: readonly ((name: string) => string)[] = [
  (name) => `{ ${name}: __typename nodes(ids: [${'1 '.repeat(1470)}]) { id } }`,
  (name) => `{ ${name}: __typename catalogues { nodes { ${'...on Catalogue{id} '.repeat(200)} } } }`,
  (name) =>
    `{ ${name}: catalogue(id: "none") { endpoints(filter: {value: {in: [${'"a" '.repeat(1400)}]}}) { totalCount } } }`,
  (name) => `{ ${name}: __typename catalogues { nodes { ${'...f '.repeat(600)} } } } fragment f on Catalogue { id }`,
  (name) => `{ ${name}: nothing nodes(ids: [${'1 '.repeat(1470)}]) { id } }`,
  (name) => `{ ${name}: __typename nodes(ids: [${'1 '.repeat(3960)}]) { id } }`,
  (name) => `query ($n: Int!) { ${name}: __typename nodes(ids: [${'1 '.repeat(1450)}]) { id } }`,
  (name) => `{ ${name}: __typename } # ${'x'.repeat(100_000)}`
]

t.test('a service with a small heap survives distinct documents of every shape', { timeout: 120_000 }, async (t) => {
  const service = await startService(
    { PORTOLAN_DATABASE_URL: 'sqlite::memory:' },
    { program: ['--max-old-space-size=128', ...program('main')] }
  )
  t.teardown(() => service.stop())
  const ask = (query: string) =>
    fetch(`${service.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query })
    })
  for (let n = 0; n < 60; n += 1)
    for (const [index, shape] of shapes.entries()) {
      const answer = await ask(shape(`a${n}_${index}`))
      if (answer.status >= 500) t.fail(`${answer.status} after ${n}`)
      await answer.arrayBuffer()
    }
  const last = await ask('{ catalogues { nodes { id } } }')
  t.match(await last.json(), { data: { catalogues: { nodes: [{ id: String }] } } }, 'it still answers')
})
