import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { requirementInput } from '../../support/document.ts'
import { repository } from '../../support/repository.ts'
import { guid, startShapes } from './shape-service.ts'

/** Lists of the provider; they lie beside the project. */
const home = join(repository, '../shared/data/feeds')
const skip = !existsSync(home) && 'the lists of providers are not beside this project'
const names = ['m365-worldwide-2020-12.json', 'm365-worldwide-2024-07.json'] as const

interface EndpointSet {
  readonly id: number
  readonly serviceArea: string
  readonly serviceAreaDisplayName: string
  readonly urls?: readonly string[]
  readonly ips?: readonly string[]
  readonly tcpPorts?: string
  readonly udpPorts?: string
  readonly expressRoute: boolean
  readonly category: string
  readonly required: boolean
  readonly notes?: string
}
interface Change {
  readonly endpointSetId: number
  readonly disposition: string
  readonly add?: { readonly ips?: readonly string[]; readonly urls?: readonly string[] }
  readonly remove?: { readonly ips?: readonly string[]; readonly urls?: readonly string[] }
  readonly previous?: { readonly tcpPorts?: string }
  readonly current?: { readonly tcpPorts?: string }
}

function setsIn(name: string): readonly EndpointSet[] {
  return JSON.parse(readFileSync(join(home, name), 'utf8'))
}

/** A set as an importer writes it. */
function requirementOf(set: EndpointSet) {
  const { id, serviceArea, serviceAreaDisplayName, urls = [], ips = [], tcpPorts, udpPorts, category, notes } = set
  const service = (transport: string, ports: string | undefined) =>
    ports === undefined ? [] : [{ transport, ports: ports.split(',') }]
  return requirementInput({
    key: `set-${id}`,
    title: `${serviceAreaDisplayName}, endpoint set ${id}`,
    necessity: set.required ? 'required' : 'optional',
    services: [...service('tcp', tcpPorts), ...service('udp', udpPorts)],
    tags: [
      `service-area-${serviceArea.toLowerCase()}`,
      `category-${category.toLowerCase()}`,
      ...(set.expressRoute ? ['express-route'] : [])
    ],
    externalIds: {
      'm365-id': String(id),
      'm365-service-area': serviceArea,
      'm365-service-area-display-name': serviceAreaDisplayName,
      'm365-category': category
    },
    ...(notes !== undefined && notes !== '' && { remarks: notes }),
    endpoints: [
      ...urls.map((value) => ({ kind: /[*<]/.test(value.replace(/^\*\./, '')) ? 'pattern' : 'host', value })),
      ...ips.map((value) => ({ kind: 'address', value: value.replace(/\/(?:32|128)$/, '') }))
    ]
  })
}

/** A set with its values in one order: the provider has none that means anything. */
function ordered({ urls, ips, tcpPorts, udpPorts, ...rest }: EndpointSet): object {
  const ports = (text: string) => text.split(',').sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  return {
    ...rest,
    ...(urls && { urls: [...urls].sort() }),
    ...(ips && { ips: [...ips].sort() }),
    ...(tcpPorts !== undefined && { tcpPorts: ports(tcpPorts) }),
    ...(udpPorts !== undefined && { udpPorts: ports(udpPorts) })
  }
}

t.test('real lists come back as they were, field by field, and so do their changes', { skip }, async (t) => {
  const { publish, get } = await startShapes(t)
  const versions: string[] = []
  for (const [index, name] of names.entries()) {
    await publish({ requirements: setsIn(name).map(requirementOf) }, `2026-03-0${index + 1}T00:00:00Z`)
    const found = await get<readonly EndpointSet[]>(
      `/shapes/m365/product-1/endpoints/worldwide?clientrequestid=${guid}`
    )
    t.strictSame(found.map(ordered), [...setsIn(name)].sort((a, b) => a.id - b.id).map(ordered), name)
    const fields = (sets: readonly EndpointSet[]) => sets.map((set) => Object.keys(set)).sort()
    t.strictSame(fields(found), fields(setsIn(name)), `${name}: the fields and their order`)
    versions.push(`2026030${index + 1}00`)
  }
  const changes = await get<readonly Change[]>(
    `/shapes/m365/product-1/changes/worldwide/${versions[0]}?clientrequestid=${guid}`
  )
  const count = (of: 'add' | 'remove', list = changes) =>
    list.reduce((sum, change) => sum + (change[of]?.ips?.length ?? 0) + (change[of]?.urls?.length ?? 0), 0)
  const added = changes.find(({ disposition }) => disposition === 'Add')
  t.equal(added?.endpointSetId, 160)
  t.equal(count('add'), 9)
  t.equal(count('remove'), 47)
  t.match(
    changes.find(({ endpointSetId }) => endpointSetId === 46),
    {
      previous: { tcpPorts: '443' },
      current: { tcpPorts: '80,443' }
    }
  )
})
