import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { addresses, documentInput, requirementInput } from '../support/document.ts'
import { program } from '../support/program.ts'
import { publisherKey } from '../support/publisher-key.ts'
import { runs } from '../support/scale.ts'
import { startService } from '../support/service.ts'

/** Endpoints of the catalogue at full scale, and how often each amplifier is sent at once. */
const [endpoints, atOnce] = [20_000, 4]

const catalogue = '/v1/catalogues/big'
const jsonBody = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body)
})
const operation = (query: string) => jsonBody({ query })

/** Requests that are small to send, and large or long to answer. */
const amplifiers: Readonly<Record<string, readonly [path: string, options?: RequestInit]>> = {
  'an audit of entries that each cover everything': [
    `${catalogue}/audit`,
    jsonBody({
      entries: Array.from({ length: 1000 }, (_, index) => ({ value: '0.0.0.0/0', port: `tcp/${index + 1}` }))
    })
  ],
  'an audit of one entry, again and again': [
    `${catalogue}/audit`,
    jsonBody({ entries: Array(3000).fill('0.0.0.0/0') })
  ],
  'an audit over all catalogues': ['/v1/audit', jsonBody({ entries: ['0.0.0.0/0', '::/0'] })],
  'a look-up of everything': ['/v1/lookup?value=0.0.0.0/0&limit=1000'],
  'a look-up of a port': ['/v1/lookup?value=tcp/443&limit=1000'],
  'a search that finds everything': ['/v1/search?q=20.&limit=1000'],
  'a spreadsheet': [`${catalogue}/exports/xlsx`],
  'a policy': [`${catalogue}/exports/aerleon`],
  'a budget': [`${catalogue}/exports/edl-ip?slice=all&aggregate=budget:1`],
  'all rows': [`${catalogue}/endpoints`, { headers: { accept: 'application/x-ndjson' } }],
  'a snapshot': ['/v1/snapshot/catalogues,requirements,endpoints'],
  'a delta as lines': ['/v1/delta', { headers: { accept: 'application/x-ndjson' } }],
  'down and up again': [
    '/graphql',
    operation(
      '{ catalogue(id: "big") { requirements { nodes { endpoints { requirement { endpoints { value } } } } } } }'
    )
  ],
  'the same list under many names': [
    '/graphql',
    operation(
      `{ catalogue(id: "big") { ${Array.from({ length: 20 }, (_, index) => `a${index}: endpoints(first: 1000) { nodes { requirement { endpoints { value } } } }`).join(' ')} } }`
    )
  ],
  'many fragments': [
    '/graphql',
    operation(
      `{ catalogues { nodes { ${'...f '.repeat(300)} } } } fragment f on Catalogue { requirements { nodes { endpoints { value } } } }`
    )
  ]
}

t.test('a service with 512 MB of heap survives each amplifier, several at once, and goes on answering', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-amplifiers-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  const url = `sqlite:${folder}/portolan.db`
  const key = await publisherKey(url)
  const service = await startService(
    { PORTOLAN_DATABASE_URL: url, PORTOLAN_LOG_LEVEL: 'silent' },
    { program: ['--max-old-space-size=512', ...program('main')] }
  )
  t.teardown(() => service.stop())
  const count = runs(endpoints)
  const document = documentInput({ id: 'big', requirements: [requirementInput({ endpoints: addresses(count) })] })
  const made = await fetch(`${service.address}${catalogue}/document`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-none-match': '*' },
    body: JSON.stringify(document)
  })
  t.equal(made.status, 201, await made.text())
  for (const [name, [path, options]] of Object.entries(amplifiers)) {
    const ask = async () => {
      const answer = await fetch(`${service.address}${path}`, options)
      await answer.arrayBuffer()
      return answer.status
    }
    const statuses = await Promise.all(Array.from({ length: atOnce }, ask))
    t.strictSame(
      statuses.filter((status) => status !== 503 && status >= 500),
      [],
      `${name}: ${statuses}`
    )
    t.equal((await fetch(`${service.address}/v1/catalogues`)).status, 200, `${name}: others are answered`)
  }
  t.equal(service.process.exitCode, null, 'it is the same process as before')
})
