import { groupBy } from '../group.ts'
import { compareAddresses, storedAddress } from '../network/address.ts'
import type { PortRange } from '../network/network-service.ts'
import { compareText } from '../text.ts'
import type { Instant } from '../time/instant.ts'
import type { Closing, Kept, Moves, Opening } from './moves.ts'
import { type Flow, flowKey, flowSlice } from './needed-flow.ts'

/** A line of a step: one value, with all of its ports that the same requirements need. */
export interface PackRow extends Omit<Flow, 'port'> {
  /** Absent: all. */
  readonly ports?: readonly PortRange[]
  readonly slice: string
  readonly requirements: readonly string[]
  /** Absent: it is needed in any case. */
  readonly condition?: readonly string[]
  readonly replacedBy?: readonly string[]
  /** The end that was announced before. */
  readonly was?: Instant
}

interface StepFields {
  /** From 1, in the order in which the work is done. */
  readonly n: number
  readonly rows: readonly PackRow[]
}

/** A part of the work that is done at one time. */
export type PackStep = StepFields &
  (
    | { readonly do: 'open'; readonly notBefore: Instant; readonly by?: Instant }
    | { readonly do: 'verify'; readonly after: readonly number[]; readonly by: Instant }
    | { readonly do: 'close'; readonly notBefore: Instant; readonly after?: readonly number[] }
  )

export interface ChangePack {
  readonly steps: readonly PackStep[]
  readonly kept: readonly Kept[]
  /** The first instant by which something must have been opened. */
  readonly deadline?: Instant
}

/** Opens with one time; `id` names the group before the steps are numbered. */
interface OpenGroup {
  readonly id: string
  readonly notBefore: Instant
  readonly by?: Instant
  readonly opens: readonly Opening[]
}

interface CloseGroup {
  readonly at: Instant
  readonly closes: readonly Closing[]
  readonly waitsFor: readonly OpenGroup[]
}

/** What goes on to need a flow that would be closed, by the key of the flow. */
export type NeededElsewhere = ReadonlyMap<string, Kept['neededBy']>

/**
 * The work in steps with dates. What is needed elsewhere is kept. Every close waits for the opens of what takes its place, and for the check that they answer. `lead`: so many
 * milliseconds earlier what has a date of its own is opened, but not before `known`.
 */
export function changePack(
  { opens, closes, kept }: Moves,
  {
    known,
    lead = 0,
    elsewhere
  }: { readonly known: Instant; readonly lead?: number; readonly elsewhere: NeededElsewhere }
): ChangePack {
  const openGroups = groupOpens(opens, closes, known, lead)
  const neededBy = ({ flow }: Closing) => elsewhere.get(flowKey(flow))
  const closeGroups = groupCloses(
    closes.filter((close) => !neededBy(close)),
    openGroups
  )
  const keptElsewhere = closes.flatMap((close) => {
    const needs = neededBy(close)
    return needs ? [{ flow: close.flow, neededBy: needs }] : []
  })
  const steps = numbered(openGroups, closeGroups)
  const deadlines = openGroups.flatMap(({ by }) => (by === undefined ? [] : [by]))
  return {
    steps,
    kept: [...kept, ...keptElsewhere],
    ...(deadlines.length > 0 && { deadline: Math.min(...deadlines) })
  }
}

function groupOpens(
  opens: readonly Opening[],
  closes: readonly Closing[],
  known: Instant,
  lead: number
): readonly OpenGroup[] {
  const dated = opens.map((open) => {
    const replaced = closes.filter((close) => close.at >= open.at && replaces(open, close)).map(({ at }) => at)
    const by = replaced.length > 0 ? Math.min(...replaced) : open.isDated ? open.at : undefined
    return { open, notBefore: open.isDated ? Math.max(known, open.at - lead) : open.at, by }
  })
  const groups = groupBy(dated, ({ notBefore, by }) => `${notBefore} ${by}`)
  return [...groups].flatMap(([id, items]) => {
    const [first] = items
    if (!first) return []
    const { notBefore, by } = first
    return [{ id, notBefore, ...(by !== undefined && { by }), opens: items.map(({ open }) => open) }]
  })
}

function groupCloses(closes: readonly Closing[], openGroups: readonly OpenGroup[]): readonly CloseGroup[] {
  const waiting = closes.map((close) => ({
    close,
    waitsFor: openGroups.filter(
      ({ notBefore, opens }) => notBefore <= close.at && opens.some((open) => replaces(open, close))
    )
  }))
  const groups = groupBy(waiting, ({ close, waitsFor }) => [close.at, ...waitsFor.map(({ id }) => id)].join('\n'))
  return [...groups.values()].flatMap((items) => {
    const [first] = items
    return first ? [{ at: first.close.at, closes: items.map(({ close }) => close), waitsFor: first.waitsFor }] : []
  })
}

/** Whether what is opened takes the place of what is closed, in the same direction and on the same port. */
function replaces({ flow }: Opening, close: Closing): boolean {
  return close.replacedBy.includes(flow.value) && flowSlice(flow) === flowSlice(close.flow)
}

type Unnumbered = {
  readonly time: Instant
  readonly rank: number
  readonly number: (n: number, numbers: ReadonlyMap<object, number>) => PackStep
  readonly identity: object
}

/** By time, and at one time what is opened before what is checked, and that before what is closed. */
function numbered(openGroups: readonly OpenGroup[], closeGroups: readonly CloseGroup[]): readonly PackStep[] {
  const parts = [...openGroups.map(openPart), ...closeGroups.flatMap(closeParts)]
  parts.sort((a, b) => a.time - b.time || a.rank - b.rank)
  const numbers = new Map<object, number>(parts.map(({ identity }, index) => [identity, index + 1]))
  return parts.map((part, index) => part.number(index + 1, numbers))
}

function openPart(group: OpenGroup): Unnumbered {
  const { notBefore, by, opens } = group
  return {
    time: notBefore,
    rank: 0,
    identity: group,
    number: (n) => ({ n, do: 'open', notBefore, ...(by !== undefined && { by }), rows: rowsOf(opens) })
  }
}

function closeParts(group: CloseGroup): readonly Unnumbered[] {
  const { at, closes, waitsFor } = group
  const verify = { group }
  const numbersOf = (numbers: ReadonlyMap<object, number>, identities: readonly object[]) =>
    identities.flatMap((identity) => numbers.get(identity) ?? []).sort((a, b) => a - b)
  const close: Unnumbered = {
    time: at,
    rank: 2,
    identity: group,
    number: (n, numbers) => {
      const after = numbersOf(numbers, waitsFor.length > 0 ? [...waitsFor, verify] : [])
      return { n, do: 'close', ...(after.length > 0 && { after }), notBefore: at, rows: rowsOf(closes) }
    }
  }
  if (waitsFor.length === 0) return [close]
  const successors = waitsFor.flatMap(({ opens }) =>
    opens.filter((open) => closes.some((each) => replaces(open, each)))
  )
  return [
    {
      time: Math.max(...waitsFor.map(({ notBefore }) => notBefore)),
      rank: 1,
      identity: verify,
      number: (n, numbers) => ({
        n,
        do: 'verify',
        after: numbersOf(numbers, waitsFor),
        by: at,
        rows: rowsOf(successors)
      })
    },
    close
  ]
}

/** Flows that differ in their port only are one row. */
function rowsOf(moves: readonly (Opening | Closing)[]): readonly PackRow[] {
  const rows = groupBy(moves, (move) => {
    const { port, ...rest } = move.flow
    return JSON.stringify([flowKey(rest), port === undefined, { ...move, flow: undefined }])
  })
  return [...rows.values()].flatMap((group) => rowOf(group)).sort(compareRows)
}

function rowOf(group: readonly (Opening | Closing)[]): readonly PackRow[] {
  const [first] = group
  if (!first) return []
  const { port: _, ...flow } = first.flow
  const ports = group.flatMap(({ flow: { port } }) => port ?? []).sort((a, b) => a.from - b.from)
  return [
    {
      ...flow,
      ...(ports.length > 0 && { ports }),
      slice: flowSlice(first.flow, ports.length > 0 ? ports : undefined),
      requirements: first.requirements,
      ...('conditions' in first && first.conditions.length > 0 && { condition: first.conditions }),
      ...('replacedBy' in first && first.replacedBy.length > 0 && { replacedBy: first.replacedBy }),
      ...('was' in first && first.was !== undefined && { was: first.was })
    }
  ]
}

function compareRows(a: PackRow, b: PackRow): number {
  return (
    compareText(a.kind, b.kind) ||
    compareValues(a, b) ||
    a.slice.localeCompare(b.slice, 'en', { numeric: true }) ||
    compareText(a.requirements.join(), b.requirements.join()) ||
    compareText((a.sources ?? []).join(), (b.sources ?? []).join())
  )
}

function compareValues(a: PackRow, b: PackRow): number {
  if (a.kind === 'address' && b.kind === 'address')
    return compareAddresses(storedAddress(a.value), storedAddress(b.value))
  return compareText(a.value, b.value)
}
