import { type Document, isMap, isNode, isScalar, isSeq, type Pair } from 'yaml'
import { pointerTo, tokensOf } from './pointer.ts'
import type { Span } from './span.ts'

/** The spans of values in a document of YAML, at these JSON Pointers and around them. */
export function spansInYaml({ contents }: Document.Parsed, pointers: readonly string[]): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>()
  const add = (pointer: string, node: unknown, key?: number) => {
    const [start = key, end = start] = isNode(node) ? (node.range ?? []) : []
    if (start !== undefined && end !== undefined) spans.set(pointer, { start, end, ...(key !== undefined && { key }) })
  }
  // Where nothing is written, what is missing is missing at the beginning.
  add('', contents, isNode(contents) ? undefined : 0)
  for (const pointer of pointers) {
    let node: unknown = contents
    let place = ''
    for (const token of tokensOf(pointer)) {
      place += pointerTo(token)
      const pair = isMap(node) ? node.items.find((item) => isNamed(item, token)) : undefined
      if (!pair && !(isSeq(node) && Number(token) < node.items.length)) break
      node = pair ? pair.value : isSeq(node) ? node.items[Number(token)] : undefined
      add(place, node, isNode(pair?.key) ? pair.key.range?.[0] : undefined)
    }
  }
  return spans
}

function isNamed({ key }: Pair<unknown, unknown>, name: string): boolean {
  return isScalar(key) && key.value === name
}
