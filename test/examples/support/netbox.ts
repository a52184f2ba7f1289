import { isIP } from 'node:net'
import type { Test } from 'tap'
import { type Answered, type Asked, demand, standIn } from './stand-in.ts'

type Fields = Readonly<Record<string, unknown>>
type Stored = Fields & { readonly id: number }

export interface StandInForNetBox {
  readonly url: string
  /** What it has, by the end of its path. */
  has(path: string): readonly Fields[]
  /** What somebody enters by hand. */
  enter(path: string, fields: Fields): void
  /** The methods of the requests since the last time this was asked. */
  methods(): readonly string[]
  /** It refuses these methods from now on. */
  refuse(...methods: readonly string[]): void
}

/** The most records on a page, as an administrator may set it. */
const mostOnPage = 10
const choices = ['status', 'protocol', 'type']

/** What each kind needs, and which of its fields nothing else may have. */
const kinds: Readonly<Record<string, { readonly needs: readonly string[]; readonly unique: readonly string[] }>> = {
  'extras/tags': { needs: ['name', 'slug'], unique: ['name', 'slug'] },
  'extras/custom-fields': { needs: ['name', 'type', 'object_types'], unique: ['name'] },
  'ipam/service-templates': { needs: ['name', 'protocol', 'ports'], unique: ['name'] },
  'ipam/ip-addresses': { needs: ['address', 'status'], unique: ['address'] },
  'ipam/prefixes': { needs: ['prefix', 'status'], unique: ['prefix'] }
}

/**
 * A stand-in for NetBox 4 that checks requests by what its REST API documents: the token, required fields, choices, lengths, unique names, slugs
 * and addresses, tags and custom fields that exist, filters, pages, and lists that are written whole or not at all.
 */
export async function standInForNetBox(t: Test, token: string): Promise<StandInForNetBox> {
  const tables = new Map<string, Map<number, Stored>>(Object.keys(kinds).map((path) => [path, new Map()]))
  let [id, methods, refused]: [number, string[], readonly string[]] = [0, [], []]

  const url = await standIn(t, (asked) => {
    methods.push(asked.method)
    if (asked.headers.authorization !== `Token ${token}`) return { status: 403, body: { detail: 'Invalid token' } }
    if (refused.includes(asked.method)) return { status: 503 }
    const path = /^\/api\/(?<path>[a-z]+\/[a-z-]+)\/$/.exec(asked.url.pathname)?.groups?.path ?? ''
    const table = tables.get(path)
    if (!table) return { status: 404 }
    if (asked.method === 'GET') return listed(table, asked)
    const items = (Array.isArray(asked.body) ? asked.body : [asked.body]) as readonly Fields[]
    demand(items.length > 0, 'an empty list')
    const next = new Map(table)
    if (asked.method === 'DELETE') for (const item of items) demand(next.delete(Number(item.id)), 'no such record')
    else for (const item of items) put(path, next, item, asked.method)
    tables.set(path, next)
    if (asked.method === 'DELETE') return { status: 204 }
    return { status: asked.method === 'POST' ? 201 : 200, body: asked.body }
  })

  function put(path: string, table: Map<number, Stored>, item: Fields, method: string): void {
    const before = method === 'PATCH' ? table.get(Number(item.id)) : {}
    demand(before, 'no such record')
    const tags = (item.tags as readonly Fields[] | undefined)?.map(known)
    if (method === 'POST') id += 1
    const record = { tags: [], ...before, ...item, ...(tags && { tags }), id: method === 'POST' ? id : Number(item.id) }
    check(path, record, table)
    table.set(record.id, record)
  }

  /** A tag is named by its slug, and is not made by naming it. */
  function known({ slug }: Fields): Fields {
    const found = [...(tables.get('extras/tags')?.values() ?? [])].find((tag) => tag.slug === slug)
    demand(found, `Related object not found: ${slug}`)
    return found
  }

  function check(path: string, record: Stored, table: ReadonlyMap<number, Stored>): void {
    const { needs = [], unique = [] } = kinds[path] ?? {}
    for (const field of needs) demand(record[field] !== undefined, `${field}: This field is required.`)
    for (const field of unique)
      for (const other of table.values())
        demand(other.id === record.id || other[field] !== record[field], `${field} ${record[field]} exists already`)
    demand(String(record.name ?? '').length <= 100, 'name: no more than 100 characters')
    demand(String(record.description ?? '').length <= 200, 'description: no more than 200 characters')
    demand(/^[-\w]*$/.test(String(record.slug ?? '')), 'slug: letters, numbers, underscores, hyphens')
    if (record.protocol !== undefined) demand(['tcp', 'udp', 'sctp'].includes(String(record.protocol)), 'protocol')
    if (record.status !== undefined)
      demand(['active', 'reserved', 'deprecated'].includes(String(record.status)), 'status')
    const network = record.address ?? record.prefix
    if (network !== undefined)
      demand(isIP(String(network).split('/')[0] ?? '') && /\/\d+$/.test(String(network)), 'CIDR')
    const fields = [...(tables.get('extras/custom-fields')?.values() ?? [])].map(({ name }) => name)
    for (const name of Object.keys(record.custom_fields ?? {})) demand(fields.includes(name), `Unknown field ${name}`)
  }

  return {
    url,
    has: (path) => [...(tables.get(path)?.values() ?? [])],
    enter: (path, fields) => {
      id += 1
      tables.get(path)?.set(id, { tags: [], custom_fields: {}, ...fields, id })
    },
    methods: () => {
      const before = methods
      methods = []
      return before
    },
    refuse: (...next) => {
      refused = next
    }
  }
}

/** A page; a field with choices is answered with its label. Values of one filter are joined by or. */
function listed(table: ReadonlyMap<number, Stored>, { url }: Asked): Answered {
  const { limit, offset, ...filters } = Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name)])
  )
  for (const name of Object.keys(filters)) demand(['tag', 'name', 'address', 'prefix'].includes(name), `filter ${name}`)
  const found = [...table.values()].filter((record) =>
    Object.entries(filters).every(([name, values]) =>
      name === 'tag'
        ? (record.tags as readonly Fields[]).some(({ slug }) => values.includes(String(slug)))
        : values.includes(String(record[name]))
    )
  )
  const start = Number(offset ?? 0)
  const end = start + Math.min(Number(limit ?? 50), mostOnPage)
  const next = new URL(url)
  next.searchParams.set('offset', String(end))
  const results = found
    .slice(start, end)
    .map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          name,
          choices.includes(name) ? { value, label: String(value).toUpperCase() } : value
        ])
      )
    )
  return {
    status: 200,
    body: { count: found.length, next: end < found.length ? next.href : null, previous: null, results }
  }
}
