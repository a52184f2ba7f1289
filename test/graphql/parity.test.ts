import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { portolan } from '../cli/support/portolan.ts'
import { arbitraryDocument, grid } from '../domain/document/support/arbitrary-document.ts'
import { clearswift, clearswiftPath, startApp, type TestApp } from '../support/app.ts'
import { fc, runs } from '../support/scale.ts'
import { asking, dense } from './support/ask.ts'
import { withFragments } from './support/fragments.ts'

type Test = Pick<typeof t, 'same'>

const instants = ['2018-10-15T00:00:00Z', '2018-11-21T23:59:59Z', '2018-11-22T00:00:00Z', '2027-01-01T00:00:00Z']

/** As REST writes what GraphQL has no maps for. */
function asRest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asRest)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(withoutProtocol(value)).map(([name, member]) => {
      if (name === 'externalIds' && Array.isArray(member))
        return [name, Object.fromEntries(member.map((id) => [id.namespace, id.value]))]
      if (name === 'select' && Array.isArray(member))
        return [name, Object.fromEntries(member.map((part) => [part.field, part.values]))]
      return [name, asRest(member)]
    })
  )
}

/** A protocol without a name is `other` and its number here, and `ip/97` in REST. */
function withoutProtocol(value: object): object {
  if (!('transport' in value) || !('protocol' in value)) return value
  const { protocol, ...rest } = value
  return rest.transport === 'other' ? { ...rest, transport: `ip/${protocol}` } : rest
}

const told = (value: unknown) => asRest(dense(value))

const viewOperation = withFragments(`query View($id: ID!, $at: DateTime, $asOf: AsOf) {
  catalogue(id: $id, effectiveAt: $at, asOf: $asOf) {
    ...CatalogueParts
    requirements(first: 1000) { nodes { ...RequirementParts endpoints { ...EndpointParts } } }
    rows(first: 1000) { nodes { ...RowParts } }
  }
}`)

/** The view and the flat rows over both interfaces. */
async function sameView(t: Test, app: TestApp, id: string, at: string, asOf?: string): Promise<void> {
  const { data, errors } = await asking(app)(viewOperation, { id, at, asOf })
  t.same(errors, [])
  const { requirements, rows, ...rest } = data.catalogue
  const query = `effectiveAt=${at}${asOf === undefined ? '' : `&asOf=${asOf}`}`
  const view = (await app.request(`/v1/catalogues/${id}?${query}`)).json()
  t.same({ ...(told(rest) as object), requirements: told(requirements.nodes) }, view)
  const page = (await app.request(`/v1/catalogues/${id}/endpoints?limit=1000&${query}`)).json<{ items: object[] }>()
  // The type of a row in GraphQL was released with a kind and a status.
  t.same(
    told(rows.nodes),
    page.items.filter((row) => 'kind' in row)
  )
}

t.test('the first catalogue is the same over both, at every instant and revision', async (t) => {
  const app = await startApp(t)
  for (const at of instants) for (const asOf of ['1', '2', 'label:2.3']) await sameView(t, app, clearswift, at, asOf)
})

t.test('so are random documents', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const authorized = await app.key('catalogue:publish', 'catalogue:override')
  let run = 0
  await fc.assert(
    fc.asyncProperty(arbitraryDocument, fc.constantFrom(...grid), async (document, at) => {
      run += 1
      const id = `random-${run}`
      const published = await app.request({
        method: 'PUT',
        url: `/v1/catalogues/${id}/document?override=reserved_address&override=address_too_broad&override=requirement_emptied&override=catalogue_emptied&reason=random`,
        headers: { ...authorized, 'if-none-match': '*', 'content-type': 'application/json' },
        payload: JSON.stringify({ ...document, id })
      })
      t.equal(published.statusCode, 201, published.body)
      await sameView(t, app, id, at)
    }),
    { numRuns: runs(40), seed: 6 }
  )
})

t.test('history: revisions, differences, the timeline and the slices', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const { data } = await ask(
    withFragments(`{
      catalogue(id: "${clearswift}") {
        revisions { nodes { ...RevisionParts } totalCount }
        timeline { nodes { ...TimelineParts } }
        slices { nodes { name direction transport ports { from to } icmp { type code } counts { requirements host address pattern url role feed any } } }
        documents: diff(from: "1", to: "2") { ...Difference }
        views: diff(from: "2018-11-21T23:59:59Z", to: "2018-11-22T00:00:00Z") { ...Difference }
      }
    }
    fragment Difference on Diff {
      from { revision { ...Ref } effectiveAt } to { revision { ...Ref } effectiveAt } counts { added removed changed }
      edition { before after } changes(first: 1000) { nodes { ...ChangeParts } totalCount }
    }`)
  )
  const read = async (path: string) => (await app.request(`${clearswiftPath}/${path}`)).json()
  const { revisions, timeline, slices, documents, views } = data.catalogue
  t.same(told(revisions.nodes), (await read('revisions')).items)
  t.same(told(timeline.nodes), (await read('timeline')).items)
  t.same(
    told(slices.nodes),
    (await read('slices')).items.map(({ exports: _, ...slice }: { exports: object }) => slice)
  )
  for (const [{ changes, ...rest }, path] of [
    [documents, 'diff?from=1&to=2'],
    [views, 'diff?from=2018-11-21T23:59:59Z&to=2018-11-22T00:00:00Z']
  ] as const)
    t.same({ ...(told(rest) as object), changes: changes.nodes.map(told) }, await read(path))
  const one = await ask(
    withFragments(
      `{ node(id: "${clearswift}@2") { ... on Revision { ...RevisionParts changes(first: 1000) { nodes { ...ChangeParts } } } } }`
    )
  )
  const { changes, ...revision } = one.data.node
  t.same({ ...(told(revision) as object), changes: told(changes.nodes) }, await read('revisions/2'))
})

t.test('lookup, audit, the log and the delta', async (t) => {
  const app = await startApp(t)
  const ask = asking(app)
  const entries = [
    { value: '184.72.245.1' },
    { value: 'repo.clearswift.net', port: 'tcp/80' },
    { value: '203.0.113.9' }
  ]
  for (const value of ['184.72.245.1', '*.clearswift.net', 'tcp/443', 'tcp/79.125.18.99/80']) {
    const { data } = await ask(
      withFragments(`query ($value: String!) { lookup(value: $value, first: 1000) { nodes {
        catalogue requirement { ...FoundRequirementParts } endpoint { ...FoundEndpointParts } match status
        services { ...ServiceParts } addedIn { ...Ref } removedIn { ...Ref } } } }`),
      { value }
    )
    const { items } = (await app.request(`/v1/lookup?limit=1000&value=${encodeURIComponent(value)}`)).json()
    t.ok(items.length > 0)
    t.same(told(data.lookup.nodes), items, value)
  }
  const audit = await ask(
    withFragments(`query ($entries: [AuditEntry!]!) { audit(catalogue: "${clearswift}", entries: $entries) {
      current { ...AuditParts } retiring { ...AuditParts } planned { ...AuditParts } retired { ...AuditParts neededElsewhere { catalogue requirement status } } unknown { ...AuditParts }
      missing { ...MissingParts } missingCount covered { ...MissingParts } coveredCount invalid { index entry detail } } }
      fragment MissingParts on MissingEndpoint { value kind status requirements { catalogue requirement necessity services { ...ServiceParts } } requirementCount }`),
    { entries }
  )
  const audited = await app.request({ method: 'POST', url: `${clearswiftPath}/audit`, payload: { entries } })
  const { page: _page, ...wanted } = audited.json()
  t.same(told(audit.data.audit), wanted)

  const log = await ask(withFragments('{ events { nodes { ...EventParts } totalCount } }'))
  const { items } = (await app.request('/v1/events')).json()
  t.same(told(log.data.events.nodes), items)
  t.equal(log.data.events.totalCount, items.length)

  const delta = await ask(
    withFragments('{ delta(limit: 1000) { items { ...EntryParts } page { next cursor } seq epoch count digest } }')
  )
  const baseline = (await app.request('/v1/delta?limit=1000')).json()
  // JSON stands as it is: nothing in it was null.
  t.same(dense(delta.data.delta.items), baseline.items)
  const [{ items: _, ...rest }, { items: __, ...ending }] = [delta.data.delta, baseline]
  t.same(rest, ending)
})

t.test('an export is named with the digest of its bytes, and stays at its URL', async (t) => {
  const app = await startApp(t)
  const { data } = await asking(app)(`{ catalogue(id: "${clearswift}") {
    table: export(format: "nftables") { url digest size report { entries omitted } }
    list: export(format: "plain-ip", slice: "out-tcp-80", filter: { tag: ["antivirus"] }, lead: "P7D") { url digest currentUrl }
    none: export(format: "plain-ip") { url }
  } }`)
  t.equal(data.catalogue.none, null, 'a list is for one slice')
  for (const found of [data.catalogue.table, data.catalogue.list]) {
    const { pathname, search } = new URL(found.url)
    const answer = await app.request(pathname + search)
    t.equal(answer.statusCode, 200)
    // The catalogue refers to a feed that no catalogue has. One may come, so nothing pins what is left out.
    t.match(String(answer.headers['cache-control']), /^max-age=\d+, must-revalidate$/)
    t.equal(found.digest, `sha256:${createHash('sha256').update(answer.rawPayload).digest('hex')}`)
  }
})

t.test('a shell gives the same answers on the same store', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const store = join(folder, 'shared.db')
  const app = await startApp(t, { store: await openStore(`sqlite:${store}`) })
  const ask = asking(app)
  const shell = async (...argv: string[]) => JSON.parse((await portolan([...argv, '--json'], { store })).output)
  const { data } = await ask(viewOperation, { id: clearswift, at: instants[1] })
  const { requirements, rows: _, ...rest } = data.catalogue
  t.same(
    { ...(told(rest) as object), requirements: told(requirements.nodes) },
    await shell('show', clearswift, '--effective-at', String(instants[1]))
  )
  const history = await ask(
    withFragments(`{ catalogue(id: "${clearswift}") { revisions { nodes { ...RevisionParts } } } }`)
  )
  t.same(told(history.data.catalogue.revisions.nodes), (await shell('revisions', clearswift)).items)
  const log = await ask(withFragments('{ events { nodes { seq id type effectiveAt catalogue } } }'))
  const { items }: { items: Record<string, unknown>[] } = await shell('events')
  t.same(
    log.data.events.nodes,
    items.map(({ seq, id, type, effectiveAt, catalogue }) => ({ seq, id, type, effectiveAt, catalogue }))
  )
})
