import { quote } from '../../json/source-text.ts'
import { withoutUndefined } from '../../json/without-undefined.ts'
import { slugOf } from '../../slug.ts'
import type { ReadingNote, WrittenRequirement } from '../../table/table-reading.ts'
import { compareText } from '../../text.ts'
import type { ListReader } from './list-reader.ts'

/** An endpoint of a list, in canonical form. */
export interface ListEndpoint {
  readonly kind: 'address' | 'host' | 'pattern' | 'url'
  readonly value: string
  /** What is only of this row. */
  readonly tags?: readonly string[]
  /** The first day on which it holds, where the source says it. */
  readonly from?: string
}

/** A requirement without what a group of rows adds to it. */
type GroupFields = Omit<WrittenRequirement, 'key' | 'endpoints'>

interface Group {
  readonly key: string
  readonly fields: GroupFields
  readonly endpoints: Map<string, ListEndpoint>
}

const longestKey = 100

/** Puts the rows of a list into requirements: rows with the same names are of one, and a value stands there once. */
export class RequirementGroups {
  private readonly reader: ListReader
  private readonly byNames = new Map<string, Group | undefined>()
  private readonly namesByKey = new Map<string, string>()
  private joined = 0

  constructor(reader: ListReader) {
    this.reader = reader
  }

  /**
   * The requirement that has these names in the list, of which its key is made. Undefined where no key can be made of them, or they meet in
   * the key of others; the row at the pointer is then refused.
   */
  group(names: readonly string[], pointer: string, fields: () => GroupFields): Group | undefined {
    const id = names.join('\n')
    const known = this.byNames.get(id)
    if (known || this.byNames.has(id)) return known
    const key = this.keyOf(names, pointer)
    const group = key === undefined ? undefined : { key, fields: fields(), endpoints: new Map() }
    this.byNames.set(id, group)
    return group
  }

  add({ endpoints }: Group, endpoint: ListEndpoint): void {
    const id = `${endpoint.kind} ${endpoint.value}`
    const before = endpoints.get(id)
    if (before) this.joined += 1
    endpoints.set(id, before ? united(before, endpoint) : endpoint)
  }

  get isEmpty(): boolean {
    return [...this.byNames.values()].every((group) => !group || group.endpoints.size === 0)
  }

  /** In the order of their keys, since the order of a list often says nothing. */
  requirements(): readonly WrittenRequirement[] {
    return [...this.byNames.values()]
      .flatMap((group) => group ?? [])
      .sort((a, b) => compareText(a.key, b.key))
      .map(({ key, fields, endpoints }) => ({ key, ...fields, endpoints: [...endpoints.values()] }))
  }

  notes(): readonly ReadingNote[] {
    const { joined } = this
    if (joined === 0) return []
    const values = joined === 1 ? 'one value stands' : `${joined} values stand`
    return [{ kind: 'joined', detail: `${values} more than once in a requirement` }]
  }

  private keyOf(names: readonly string[], pointer: string): string | undefined {
    const shown = names.map(quote).join(' and ')
    const parts = names.map(slugOf)
    const key = parts.join('.')
    if (parts.includes('')) this.reader.refuse(pointer, 'no_key', `${shown} has nothing of which a key can be made`)
    else if (key.length > longestKey) this.reader.refuse(pointer, 'no_key', `${shown} is too long for a key`)
    else {
      const others = this.namesByKey.get(key)
      this.namesByKey.set(key, others ?? shown)
      if (others === undefined) return key
      this.reader.refuse(pointer, 'ambiguous_key', `${shown} and ${others} would both have the key ${key}`)
    }
    return undefined
  }
}

function united(a: ListEndpoint, b: ListEndpoint): ListEndpoint {
  const tags = [...new Set([...(a.tags ?? []), ...(b.tags ?? [])])]
  const [from] = [a.from, b.from].flatMap((each) => each ?? []).sort(compareText)
  return withoutUndefined({ ...a, tags: tags.length > 0 ? tags : undefined, from })
}
