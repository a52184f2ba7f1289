import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import type { Kept } from '../../domain/change-pack/moves.ts'
import { flowSlice, requirementPlace } from '../../domain/change-pack/needed-flow.ts'
import { packStates } from '../../domain/change-pack/pack-state.ts'
import { probesOf } from '../../domain/change-pack/probe.ts'
import type { PackSide, SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { summaryOf } from '../../domain/change-pack/summary.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'

/** A change pack as it is answered. `base`: what the paths of links follow. */
export function packValue(pack: SubjectPack, base: string) {
  const { id, subject, from, to, reason, deadline, steps, kept, risk } = pack
  const { before, after } = packStates(pack)
  return {
    id,
    ...(subject.kind === 'site' && { site: subject.id }),
    ...(subject.kind === 'catalogue' && { catalogue: subject.id }),
    from: sideJson(from),
    to: sideJson(to),
    summary: summaryOf(pack),
    ...(reason !== undefined && { reason }),
    ...(deadline !== undefined && { deadline: formatInstant(deadline) }),
    steps: steps.map((step) => stepJson(step, pack, base)),
    kept: kept.map(keptJson),
    risk: { opens: risk },
    exports: {
      before: exportUrl(base, pack, before.side, before.instant),
      after: exportUrl(base, pack, after.side, after.instant)
    }
  }
}

/** The URL of any export of a state at an instant; `{format}` stands for its name. */
function exportUrl(
  base: string,
  { subject }: Pick<SubjectPack, 'subject'>,
  { number, asOf }: PackSide,
  instant: Instant
): string {
  const clocks = asOf === undefined ? `asOf=${number}` : `siteAsOf=${number}&asOf=${formatInstant(asOf)}`
  return `${base}/v1/${subject.kind}s/${subject.id}/exports/{format}?${clocks}&effectiveAt=${formatInstant(instant)}`
}

/** The export that a firewall had in the second before a step. `{format}` stands for the name of its format. */
export function backoutUrl(pack: SubjectPack, at: Instant, base: string): string {
  const { from, to, since } = pack
  return at > since ? exportUrl(base, pack, to, at - 1000) : exportUrl(base, pack, from, since)
}

/** The revisions of a site have no labels. */
function sideJson({ number, label, asOf }: PackSide) {
  return { revision: number, ...(asOf === undefined && { label }) }
}

function stepJson({ rows, ...step }: PackStep, pack: SubjectPack, base: string) {
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
    ...placeJson(row.requirements),
    direction: row.direction,
    ...(row.sources && { sources: row.sources }),
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

/** Under a site the catalogue of a row, where one alone needs it. */
function placeJson(requirements: readonly string[]) {
  const catalogues = new Set(requirements.map((name) => requirementPlace(name).catalogue))
  const [catalogue] = catalogues
  return catalogues.size === 1 && catalogue !== undefined ? { catalogue } : {}
}

function keptJson({ flow, was, neededBy }: Kept) {
  const { direction, sources, kind, value, transport, port } = flow
  return {
    direction,
    ...(sources && { sources }),
    kind,
    ...(kind !== 'any' && { value }),
    transport,
    ...(port && { ports: [port] }),
    slice: flowSlice(flow),
    ...(was !== undefined && { was: formatInstant(was) }),
    neededBy
  }
}
