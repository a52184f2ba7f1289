import type { CataloguePack } from '../../domain/change-pack/catalogue-pack.ts'
import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import type { Kept } from '../../domain/change-pack/moves.ts'
import { flowSlice } from '../../domain/change-pack/needed-flow.ts'
import { probesOf } from '../../domain/change-pack/probe.ts'
import { summaryOf } from '../../domain/change-pack/summary.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'

/** A change pack as it is answered. `base`: what the paths of links follow. */
export function packValue(pack: CataloguePack, base: string) {
  const { id, from, to, edition, deadline, steps, kept, risk, since } = pack
  const last = Math.max(since, ...steps.map((step) => ('notBefore' in step ? step.notBefore : step.by)))
  return {
    id,
    catalogue: to.catalogue,
    from: sideJson(from),
    to: sideJson(to),
    summary: summaryOf(pack),
    ...(edition.reason !== undefined && { reason: edition.reason }),
    ...(deadline !== undefined && { deadline: formatInstant(deadline) }),
    steps: steps.map((step) => stepJson(step, pack, base)),
    kept: kept.map(keptJson),
    risk: { opens: risk },
    exports: { before: exportUrl(base, from, since), after: exportUrl(base, to, last) }
  }
}

/** The URL of any export of a revision at an instant; `{format}` stands for its name. */
function exportUrl(base: string, { catalogue, number }: Revision, instant: Instant): string {
  return `${base}/v1/catalogues/${catalogue}/exports/{format}?asOf=${number}&effectiveAt=${formatInstant(instant)}`
}

/** The export that a firewall had in the second before a step. `{format}` stands for the name of its format. */
export function backoutUrl({ from, to, since }: CataloguePack, at: Instant, base: string): string {
  return at > since ? exportUrl(base, to, at - 1000) : exportUrl(base, from, since)
}

function sideJson({ number, label }: Revision) {
  return { revision: number, label }
}

function stepJson({ rows, ...step }: PackStep, pack: CataloguePack, base: string) {
  const checks = step.do === 'open' ? rows.flatMap(probesOf) : []
  return {
    n: step.n,
    do: step.do,
    ...('after' in step && step.after && { after: step.after }),
    ...('notBefore' in step && { notBefore: formatInstant(step.notBefore) }),
    ...('by' in step && step.by !== undefined && { by: formatInstant(step.by) }),
    rows: rows.map(rowJson),
    ...(checks.length > 0 && { check: checks }),
    ...(step.do === 'open' && { backout: 'remove these rows' }),
    ...(step.do === 'close' && { backout: `restore ${backoutUrl(pack, step.notBefore, base)}` })
  }
}

function rowJson({ value, kind, was, ...row }: PackRow) {
  return {
    direction: row.direction,
    kind,
    ...(kind !== 'any' && { value }),
    transport: row.transport,
    ...(row.ports && { ports: row.ports }),
    ...(row.sourcePorts && { sourcePorts: row.sourcePorts }),
    ...(row.icmp && { icmp: row.icmp }),
    slice: row.slice,
    requirements: row.requirements,
    ...(row.condition && { condition: row.condition }),
    ...(row.replacedBy && { replacedBy: row.replacedBy }),
    ...(was !== undefined && { was: formatInstant(was) })
  }
}

function keptJson({ flow, was, neededBy }: Kept) {
  const { direction, kind, value, transport, port } = flow
  return {
    direction,
    kind,
    ...(kind !== 'any' && { value }),
    transport,
    ...(port && { ports: [port] }),
    slice: flowSlice(flow),
    ...(was !== undefined && { was: formatInstant(was) }),
    neededBy
  }
}
