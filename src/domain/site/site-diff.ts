import { groupBy } from '../group.ts'
import { identicalJson } from '../json/equal-json.ts'
import { pointerTo } from '../json/pointer.ts'
import type { Binding, SiteDocument } from './site-document.ts'
import { bindingName, bindingPointer, overlayPointer, takenPointer } from './site-pointer.ts'

/** One difference between two documents of a site. */
export interface SiteChange {
  readonly op: 'added' | 'removed' | 'changed'
  /** JSON Pointer into the document read by name: `/bindings/role:syslog-server/values/10.20.1.5`, `/overlays/case-771`, `/title`. */
  readonly pointer: string
  readonly before?: unknown
  readonly after?: unknown
}

/** A part of a document that has a name. */
interface Named {
  readonly pointer: string
  readonly content: unknown
  /** Parts of it that are compared one by one where both documents have it. */
  readonly parts?: readonly Named[]
}

/** What differs between two documents of a site. Without a document before, everything was added. */
export function diffSites(before: SiteDocument | undefined, after: SiteDocument): readonly SiteChange[] {
  const fields = (['title', 'timeZone', 'unbound'] as const).flatMap((field): readonly SiteChange[] =>
    before === undefined || before[field] === after[field]
      ? []
      : [{ op: 'changed', pointer: pointerTo(field), before: before[field], after: after[field] }]
  )
  return [...fields, ...changesOf(before ? partsOf(before) : [], partsOf(after))]
}

/** How many parts of a document of a site were added, removed and changed. */
export function countSiteChanges(changes: readonly SiteChange[]) {
  const count = (op: SiteChange['op']) => changes.filter((change) => change.op === op).length
  return { added: count('added'), removed: count('removed'), changed: count('changed') }
}

function partsOf({ catalogues, bindings, overlays }: SiteDocument): readonly Named[] {
  return [
    ...catalogues.map((taken) => ({ pointer: takenPointer(taken.id), content: taken })),
    ...[...groupBy(bindings, bindingName).values()].flatMap(bindingPart),
    ...overlays.map((overlay) => ({ pointer: overlayPointer(overlay), content: overlay }))
  ]
}

/** The bindings of one name: together they bind their values. */
function bindingPart(bindings: readonly Binding[]): readonly Named[] {
  const [first] = bindings
  if (!first) return []
  const values = bindings.flatMap((binding) => binding.values)
  const parts = [...groupBy(values, ({ value }) => value)].map(([value, lifetimes]) => ({
    pointer: bindingPointer(first, value),
    content: lifetimes.length === 1 ? lifetimes[0] : lifetimes
  }))
  return [{ pointer: bindingPointer(first), content: { ...first, values }, parts }]
}

function changesOf(before: readonly Named[], after: readonly Named[]): readonly SiteChange[] {
  const old = new Map(before.map((part) => [part.pointer, part]))
  const kept = new Set(after.map(({ pointer }) => pointer))
  return [
    ...before.flatMap(({ pointer, content }): readonly SiteChange[] =>
      kept.has(pointer) ? [] : [{ op: 'removed', pointer, before: content }]
    ),
    ...after.flatMap((part): readonly SiteChange[] => {
      const { pointer, content, parts } = part
      const known = old.get(pointer)
      if (!known) return [{ op: 'added', pointer, after: content }]
      if (parts && known.parts) return changesOf(known.parts, parts)
      return identicalJson(known.content, content)
        ? []
        : [{ op: 'changed', pointer, before: known.content, after: content }]
    })
  ]
}
