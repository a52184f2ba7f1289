import type { Fault } from '../errors.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { readEndpointWord } from '../table/endpoint-cell.ts'
import { type CellPlace, cellFault } from '../table/table.ts'
import { type FeedSource, type Imported, unreadableSource } from './adapter.ts'
import { textOfSource } from './source-page.ts'

/** Reads one value a line. `#` and `;` begin remarks, which become those of the value before them; blank lines are skipped. */
export function readTextFeed(source: FeedSource): Imported {
  const refused: Fault[] = []
  const endpoints = new Map<string, object>()
  const places = new Map<string, CellPlace>()
  let joined = 0
  for (const [index, written] of textOfSource(source)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const [, value = '', remark] = /^([^#;]*)(?:[#;]\s*(.*))?$/.exec(written.trim()) ?? []
    const word = value.trim()
    if (word === '') continue
    const place = { line: index + 1, column: written.indexOf(word) + 1 }
    const read = /\s/.test(word) ? { detail: 'is more than one value: write one a line' } : readEndpointWord(word)
    if ('detail' in read) refused.push(cellFault(place, 'invalid_value', word, read.detail))
    else
      for (const { port, ...endpoint } of read) {
        if (port !== undefined)
          refused.push(cellFault(place, 'invalid_value', word, 'has a port, which no list of values keeps'))
        const key = `${endpoint.kind} ${endpoint.value ?? ''}`
        if (endpoints.has(key)) joined += 1
        else places.set(`/requirements/0/endpoints/${endpoints.size}`, place)
        endpoints.set(key, endpoints.get(key) ?? withoutUndefined({ ...endpoint, remarks: remark || undefined }))
      }
  }
  if (endpoints.size === 0 && refused.length === 0) throw unreadableSource(source, 'empty', 'has no value')
  const requirement = {
    key: 'entries',
    title: 'Entries',
    scope: 'external',
    direction: 'both',
    necessity: 'optional',
    inferred: ['direction', 'necessity', 'ports', 'scope', 'transport'],
    services: [{ transport: 'any' }],
    endpoints: [...endpoints.values()]
  }
  const taken = {
    kind: 'taken',
    detail: 'a list says nothing else: external, both directions, optional and every transport were taken'
  } as const
  const notes = joined === 0 ? [] : [{ kind: 'joined', detail: `${joined} values stand more than once` } as const]
  return { requirements: [requirement], components: [], places, refused, notes: [taken, ...notes], columns: [] }
}
