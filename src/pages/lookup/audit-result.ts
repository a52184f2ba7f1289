import type { Audit, AuditResult } from '../../domain/lookup/audit.ts'
import type { MissingEndpoint } from '../../domain/lookup/audit-missing.ts'
import { type DateText, dateTime } from '../template/date-text.ts'
import { usedPorts } from './used-ports.ts'

/** How many lines a group shows. */
const mostLines = 1000

/** A line of a group: an entry of the list, or a value that no entry lets through. */
interface AuditLine {
  readonly value: string
  readonly port: string
  readonly detail: string
  /** The requirements that the line is about. */
  readonly places: readonly { readonly text: string; readonly href: string }[]
  /** When it ends, or begins. */
  readonly date?: DateText
}

interface AuditFacts {
  readonly productOf: (catalogue: string) => string
  readonly hrefOf: (catalogue: string, requirement: string) => string
  readonly lineOf: (index: number) => number
}

/** An audit in the order in which people work through it: what must be opened, what may be closed, and what stays. */
export function auditResult(audit: Audit, facts: AuditFacts) {
  const { missing, covered, retired, retiring, planned, current, unknown, invalid } = audit
  const isNeededElsewhere = ({ neededElsewhere = [] }: AuditResult) => neededElsewhere.length > 0
  const closable = retired.filter((result) => !isNeededElsewhere(result))
  const kept = retired.filter(isNeededElsewhere)
  const group = (title: string, word: string, results: readonly AuditResult[]) => ({
    title,
    word,
    count: results.length,
    lines: results.slice(0, mostLines).map((result) => lineOf(result, facts))
  })
  const groups = [
    {
      title: 'Missing',
      word: 'missing',
      count: missing.length,
      lines: missing.slice(0, mostLines).map((endpoint) => missingLine(endpoint, facts))
    },
    group('May be closed', 'may be closed', closable),
    group('Needed elsewhere', 'needed elsewhere', kept),
    group('Ends on', 'end on a day that is known', retiring),
    group('Not yet needed', 'not yet needed', planned),
    group('Needed', 'needed', current),
    group('Unknown', 'unknown', unknown)
  ]
  const isFine =
    missing.length + retired.length + retiring.length + unknown.length + invalid.length + planned.length === 0
  return {
    groups: groups.filter(({ count }) => count > 0),
    counts: [...groups.map(({ word, count }) => `${count} ${word}`), `${invalid.length} cannot be read`],
    coveredCount: covered.length,
    invalid: invalid
      .slice(0, mostLines)
      .map(({ index, entry, detail }) => ({ line: facts.lineOf(index), entry, detail })),
    invalidCount: invalid.length,
    isFine
  }
}

function lineOf(
  { value, port = '', detail, matches, neededElsewhere = [] }: AuditResult,
  facts: AuditFacts
): AuditLine {
  const places = neededElsewhere.length > 0 ? neededElsewhere : matches
  const bounds = matches.flatMap(({ endpoint: { status, from, until } }) =>
    status === 'planned' ? (from ?? []) : (until ?? [])
  )
  const last = bounds.sort().at(-1)
  return { value, port, detail, places: placesOf(places, facts), ...(last !== undefined && { date: dateTime(last) }) }
}

function missingLine({ value, requirements, status }: MissingEndpoint, facts: AuditFacts): AuditLine {
  return {
    value,
    port: usedPorts(requirements.flatMap(({ services }) => services)),
    detail: status === 'retiring' ? 'needed until its announced end' : 'needed',
    places: placesOf(requirements, facts)
  }
}

function placesOf(
  places: readonly { readonly catalogue: string; readonly requirement: string }[],
  { productOf, hrefOf }: AuditFacts
): AuditLine['places'] {
  const distinct = new Map(
    places.map(({ catalogue, requirement }) => [
      `${catalogue}\n${requirement}`,
      { text: `${requirement}, ${productOf(catalogue)}`, href: hrefOf(catalogue, requirement) }
    ])
  )
  return [...distinct.values()]
}
