import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Document } from '../../../../src/domain/document/document.ts'
import { repository } from '../../../support/repository.ts'
import { documentFrom, readList } from './support/lists.ts'

/** Real lists, cut to a few groups; they lie beside the project. */
const home = join(repository, '../shared/data/feeds')
const skip = !existsSync(home) && 'the lists of providers are not beside this project'

function sample(name: string) {
  return readFileSync(join(home, name))
}

/** What the README beside the lists counts: requirements, and of their endpoints addresses, hosts, patterns, and different values. */
function counts({ requirements }: Document) {
  const endpoints = requirements.flatMap((each) => each.endpoints)
  const ofKind = (kind: string) => endpoints.filter((endpoint) => endpoint.kind === kind).length
  const values = new Set(endpoints.map((endpoint) => ('value' in endpoint ? endpoint.value : '')))
  return [requirements.length, endpoints.length, ofKind('address'), ofKind('host'), ofKind('pattern'), values.size]
}

t.test('real lists have as many rows as were counted', { skip }, async (t) => {
  const cases = [
    ['m365', 'm365-worldwide-2020-12.json', [16, 237, 136, 88, 13, 228]],
    ['m365', 'm365-worldwide-2024-07.json', [17, 199, 103, 92, 4, 190]],
    ['oracle', 'oracle-public-ip-ranges-1.json', [10, 61, 61, 0, 0, 59]],
    ['oracle', 'oracle-public-ip-ranges-2.json', [14, 75, 75, 0, 0, 70]],
    ['azure', 'azure-service-tags-20250908.json', [11, 1207, 1207, 0, 0, 1207]],
    ['github', 'github-meta-1.json', [21, 602, 308, 294, 0, 426]]
  ] as const
  for (const [adapter, name, expected] of cases) {
    const list = sample(name)
    t.strictSame(counts(await documentFrom(adapter, list)), expected, name)
    const unknown = (await readList(adapter, list)).notes.filter(({ kind }) => kind === 'unknown_field')
    t.strictSame(unknown, [], `${name} has no field that is not known`)
  }
})

/** Requirement and value, as a set. */
function rows({ requirements }: Document): ReadonlySet<string> {
  return new Set(
    requirements.flatMap(({ key, endpoints }) =>
      endpoints.map((endpoint) => `${key} ${endpoint.kind} ${'value' in endpoint ? endpoint.value : ''}`)
    )
  )
}

t.test('real lists differ in as many rows as were counted', { skip }, async (t) => {
  const cases = [
    ['m365', 'm365-worldwide-2020-12.json', 'm365-worldwide-2024-07.json', 9, 47],
    ['oracle', 'oracle-public-ip-ranges-1.json', 'oracle-public-ip-ranges-2.json', 16, 2]
  ] as const
  for (const [adapter, one, other, added, gone] of cases) {
    const [before, after] = [
      rows(await documentFrom(adapter, sample(one))),
      rows(await documentFrom(adapter, sample(other)))
    ]
    t.equal([...after].filter((row) => !before.has(row)).length, added, `added to ${adapter}`)
    t.equal([...before].filter((row) => !after.has(row)).length, gone, `gone from ${adapter}`)
  }
})

t.test('the rows of a real list are those that plain counting finds', { skip }, async (t) => {
  // The list is as its provider documents it.
  const list = JSON.parse(sample('oracle-public-ip-ranges-2.json').toString('utf8')) as {
    readonly regions: readonly {
      readonly region: string
      readonly cidrs: readonly { readonly cidr: string; readonly tags: readonly string[] }[]
    }[]
  }
  const expected = list.regions.flatMap(({ region, cidrs }) =>
    cidrs.flatMap(({ cidr, tags }) =>
      tags.map((tag) => `${tag.toLowerCase()}.${region} address ${cidr.replace(/\/32$/, '')}`)
    )
  )
  t.strictSame(
    [...rows(await documentFrom('oracle', sample('oracle-public-ip-ranges-2.json')))].sort(),
    [...new Set(expected)].sort()
  )
})
