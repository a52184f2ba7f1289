import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { missing } from '../render/formats/support/tool.ts'
import { clearswiftPath } from '../support/app.ts'
import { documentInput, requirementInput } from '../support/document.ts'
import { postgresServer } from '../support/postgres.ts'
import { publisherKey } from '../support/publisher-key.ts'
import { startProxy } from './support/proxy.ts'
import { startReplicas } from './support/replicas.ts'

const skip = missing('nginx')
const server = postgresServer(t)
const product = '/v1/catalogues/product-1'

/** What the proxy did for an answer. */
const did = (answer: Response) => /detail=(\w+)/.exec(answer.headers.get('cache-status') ?? '')?.[1]

t.test('what the proxy keeps', { skip }, async (t) => {
  const database = await server.database()
  const authorization = `Bearer ${await publisherKey(database)}`
  const replicas = await startReplicas(t, database)
  const proxy = await startProxy(t, replicas.ports)
  const read = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${proxy}${path}`, { headers })
    return { status: answer.status, body: await answer.text(), headers: answer.headers, did: did(answer) }
  }
  const publish = (fields: Record<string, unknown>, precondition = 'if-match') =>
    fetch(`${proxy}${product}/document`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json', [precondition]: '*' },
      body: JSON.stringify(documentInput(fields))
    })

  await t.test('most reads reach no replica', async (t) => {
    const paths = ['', '/document', '/endpoints?format=csv', '/exports/edl-ip?slice=all']
    const counts = new Map<string | undefined, number>()
    for (let round = 0; round < 25; round += 1)
      for (const path of paths) {
        const answer = await read(`${clearswiftPath}${path}`)
        t.equal(answer.status, 200)
        counts.set(answer.did, (counts.get(answer.did) ?? 0) + 1)
      }
    // A minute passes only on a machine that stands still for most of it.
    t.ok((counts.get('HIT') ?? 0) >= 90, JSON.stringify([...counts]))
  })

  await t.test(
    'an answer that was kept says to nobody that it is fresh, and one that never changes does',
    async (t) => {
      const path = `${clearswiftPath}?requirement=sophos-av-updates`
      const [first, second] = [await read(path), await read(path)]
      t.strictSame([first.did, second.did], ['MISS', 'HIT'])
      t.equal(first.headers.get('cache-control'), 'max-age=60, must-revalidate')
      t.equal(second.headers.get('cache-control'), 'max-age=0, must-revalidate')
      for (const { headers } of [first, second]) t.equal(headers.get('cdn-cache-control'), null)
      const again = await read(path, { 'if-none-match': first.headers.get('etag') ?? '' })
      t.strictSame([again.did, again.status, again.body], ['HIT', 304, ''])
      const pinned = `${clearswiftPath}?asOf=1&effectiveAt=2018-01-01T00:00:00Z`
      for (const turn of ['MISS', 'HIT']) {
        const answer = await read(pinned)
        t.equal(answer.did, turn)
        t.equal(answer.headers.get('cache-control'), 'max-age=31536000, immutable')
      }
    }
  )

  await t.test('what is for one client is neither kept nor taken from what is kept', async (t) => {
    const own = [{ authorization }, { prefer: 'wait=0' }, { 'portolan-min-seq': '1' }, { cookie: 'a=b' }]
    for (const headers of own)
      for (const path of [clearswiftPath, '/v1/catalogues'])
        t.equal((await read(path, headers)).did, 'BYPASS', Object.keys(headers).join())
    for (const path of ['/v1/me', '/health/ready']) t.equal((await read(path)).did, 'BYPASS', path)
    const lost = '/v1/catalogues/none'
    t.strictSame([(await read(lost)).did, (await read(lost)).did], ['MISS', 'MISS'], 'a failure is not kept')
    const [json, csv] = [
      await read(`${clearswiftPath}/endpoints`),
      await read(`${clearswiftPath}/endpoints`, { accept: 'text/csv' })
    ]
    t.not(json.headers.get('content-type'), csv.headers.get('content-type'))
  })

  await t.test('a publish is seen at once by who asks for it, and by all a minute later at most', async (t) => {
    t.equal((await publish({ title: 'One' }, 'if-none-match')).status, 201)
    t.equal(JSON.parse((await read(product)).body).title, 'One')
    t.equal((await publish({ title: 'Two' })).status, 201)
    const kept = await read(product)
    t.strictSame([JSON.parse(kept.body).title, kept.did], ['One', 'HIT'], 'it is kept')
    // The other replica hears of it within a second.
    let asked = await read(product, { authorization })
    for (; !asked.body.includes('Two'); asked = await read(product, { authorization })) await sleep(50)
    t.match(asked.body, 'Two')
  })

  await t.test('no old list is given after a transition, but for the second that nginx counts', async (t) => {
    // The instant lies in the middle of a second, and the first read in the second half of one: what nginx keeps of it ends, in whole
    // seconds, just before the instant. Reads then ask for it again in the last moments, when a 304 would let nginx go on with it.
    const now = Date.now()
    const instant = Math.floor(now / 1000) * 1000 + 9500
    const endpoints = [
      { kind: 'host', value: 'updates.example.net' },
      { kind: 'host', value: 'leaves.example.net', until: new Date(instant).toISOString() }
    ]
    t.equal((await publish({ title: 'Three', requirements: [requirementInput({ endpoints })] })).status, 201)
    const path = `${product}/endpoints?format=csv`
    // Both replicas know of it: each answers every other request.
    for (let known = 0; known < 4; )
      known = (await read(path, { authorization })).body.includes('leaves.example.net') ? known + 1 : 0
    while (Date.now() % 1000 < 600) await sleep(10)
    t.match((await read(path)).body, 'leaves.example.net')
    // An old answer counts from when it was asked for, and a new one from when it had come.
    const reads: { readonly after: number; readonly isOld: boolean; readonly did: string | undefined }[] = []
    while (Date.now() < instant + 5000) {
      const asked = Date.now() - instant
      const answer = await read(path)
      const isOld = answer.body.includes('leaves.example.net')
      reads.push({ after: isOld ? asked : Date.now() - instant, isOld, did: answer.did })
      await sleep(5)
    }
    const [olds, news] = [reads.filter(({ isOld }) => isOld), reads.filter(({ isOld }) => !isOld)]
    const [lastOld, firstNew] = [olds.at(-1)?.after ?? Number.NaN, news[0]?.after ?? Number.NaN]
    t.comment(
      `${reads.length} reads, the last old one ${lastOld} ms after the instant, the first new one ${firstNew} ms`
    )
    // The second, and one more for a machine that is slow to pass an answer on.
    t.ok(lastOld < 2000, 'no old one')
    t.ok(firstNew >= 0, 'and no new one before')
  })
})
