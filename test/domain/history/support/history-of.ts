import type { Document } from '../../../../src/domain/document/document.ts'
import { endpointValue } from '../../../../src/domain/document/endpoint.ts'
import { startOf } from '../../../../src/domain/document/endpoint-order.ts'
import type { HistoryRequirement, HistoryRow } from '../../../../src/domain/history/history.ts'
import { toRows } from '../../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../../src/domain/history/step.ts'
import type { LookupRows } from '../../../../src/domain/lookup/lookup-answer.ts'

/** The rows that a store has after these documents were published one after the other, in the order in which a store gives them. */
export function historyOf(documents: readonly Document[], catalogue = 'gateway'): LookupRows {
  const endpoints: { row: HistoryRow; text: string }[] = []
  const requirements: HistoryRequirement[] = []
  let before: Document | undefined
  for (const [index, document] of documents.entries()) {
    const number = index + 1
    const step = stepBetween(before && toRows(before), toRows(document))
    for (const closed of step.endpoints.closed) {
      const text = JSON.stringify(closed)
      const at = endpoints.findIndex((each) => each.text === text && each.row.until === undefined)
      const found = endpoints[at]
      if (!found) throw new Error(`closes ${text}, which does not stand`)
      endpoints[at] = { text, row: { ...found.row, until: number } }
    }
    for (const key of step.requirements.closed) {
      const at = requirements.findIndex(({ fields, until }) => fields.key === key && until === undefined)
      const found = requirements[at]
      if (!found) throw new Error(`closes ${key}, which does not stand`)
      requirements[at] = { ...found, until: number }
    }
    for (const opened of step.endpoints.opened)
      endpoints.push({ text: JSON.stringify(opened), row: { ...opened, catalogue, since: number } })
    for (const fields of step.requirements.opened) requirements.push({ catalogue, since: number, fields })
    before = document
  }
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return {
    endpoints: endpoints
      .map(({ row }) => row)
      .sort(
        (a, b) =>
          text(a.requirement, b.requirement) ||
          text(a.endpoint.kind, b.endpoint.kind) ||
          text(endpointValue(a.endpoint), endpointValue(b.endpoint)) ||
          startOf(a.endpoint) - startOf(b.endpoint) ||
          a.since - b.since
      ),
    requirements: requirements.sort((a, b) => text(a.fields.key, b.fields.key) || a.since - b.since)
  }
}
