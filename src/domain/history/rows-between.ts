import type { Document, Requirement } from '../document/document.ts'
import { identicalJson } from '../json/equal-json.ts'
import { type Rows, sharedRows, toRows } from './rows.ts'

/**
 * The rows of two documents for whoever compares them: those of requirements that stay as they are stand apart, since most of a large
 * document stays, and to name each of its rows costs more than all else that a publish does.
 */
export function rowsBetween(before: Document, after: Document): { readonly before: Rows; readonly after: Rows } {
  const left = new Map(before.requirements.map((requirement) => [requirement.key, requirement]))
  const standing: Requirement[] = []
  const opened: Requirement[] = []
  for (const requirement of after.requirements) {
    // Read from the head, most of them are the very same objects.
    if (identicalJson(left.get(requirement.key), requirement)) {
      left.delete(requirement.key)
      standing.push(requirement)
    } else opened.push(requirement)
  }
  const rows = partOf(before, [...left.values()], standing)
  return { before: rows, after: sharedRows(rows, partOf(after, opened, standing)) }
}

function partOf(document: Document, requirements: readonly Requirement[], standing: readonly Requirement[]): Rows {
  const order = document.requirements.map(({ key }) => key)
  return { ...toRows({ ...document, requirements }), order, standing }
}
