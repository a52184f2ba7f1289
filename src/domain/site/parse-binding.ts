import { sortedSet } from '../document/document-reader.ts'
import { isRecord } from '../json/fields.ts'
import { pointerTo } from '../json/pointer.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { variablesOf } from '../network/pattern.ts'
import { compareText } from '../text.ts'
import { lifetimeOf } from '../view/lifetime.ts'
import { filledName } from './filled-name.ts'
import type { KnownCatalogue } from './known-names.ts'
import {
  type Binding,
  BindingInputSchema,
  type Bound,
  type BoundValue,
  BoundValueInputSchema,
  selfRole
} from './site-document.ts'
import type { SiteReader } from './site-reader.ts'

/** Reads one binding. Undefined where it has faults, which are then among those of `reading`. */
export function readBinding(value: unknown, at: string, reading: SiteReader): Binding | undefined {
  const { faults } = reading
  const before = faults.count
  const fields = reading.fields(BindingInputSchema, value, at, { open: ['values'] })
  const { requirement } = fields
  const catalogue = reading.catalogueOf(fields.catalogue, at)
  const about = reading.about(catalogue)
  if (requirement !== undefined) reading.requirementOf(requirement, about, `${at}/requirement`)
  const bound = readBound(fields, value, at, about, reading)
  const values = readValues(fields.values ?? [], `${at}/values`, bound, about, reading)
  if (bound === undefined || faults.count > before) return undefined
  return { ...bound, ...withoutUndefined({ catalogue, requirement }), values }
}

const targets = ['role', 'variable', 'component'] as const

function readBound(
  fields: { readonly [K in (typeof targets)[number]]?: string },
  written: unknown,
  at: string,
  about: readonly KnownCatalogue[],
  reading: SiteReader
): Bound | undefined {
  // What has the wrong shape is a fault already, and is no second one here.
  const named = isRecord(written) ? targets.filter((target) => written[target] !== undefined) : targets
  if (isRecord(written) && named.length !== 1) {
    const has = named.length === 0 ? 'has none of them' : `has ${named.join(' and ')}`
    reading.faults.add(at, 'one_of', `a binding is of one role, variable or component, and this one ${has}`)
    return undefined
  }
  const { role, variable, component } = fields
  if (role !== undefined) {
    if (role !== selfRole && !reading.has(about, ({ roles }) => roles.has(role)))
      reading.unknown(`${at}/role`, 'role', role, [...about.flatMap(({ current }) => [...current.roles]), selfRole])
    return { role }
  }
  if (variable !== undefined) {
    if (!reading.has(about, ({ variables }) => variables.has(variable)))
      reading.unknown(
        `${at}/variable`,
        'variable',
        variable,
        about.flatMap(({ current }) => [...current.variables.keys()])
      )
    return { variable }
  }
  if (component === undefined) return undefined
  if (!reading.has(about, ({ components }) => components.has(component)))
    reading.unknown(
      `${at}/component`,
      'component',
      component,
      about.flatMap(({ current }) => [...current.components])
    )
  return { component }
}

interface PlacedValue {
  readonly index: number
  readonly bound: BoundValue
}

/** Reads the values into canonical order. One value may have several lifetimes that do not overlap. */
function readValues(
  list: readonly unknown[],
  at: string,
  bound: Bound | undefined,
  about: readonly KnownCatalogue[],
  reading: SiteReader
): readonly BoundValue[] {
  const placed: PlacedValue[] = []
  for (const [index, item] of list.entries()) {
    if (reading.faults.isFull) break
    const value = readValue(item, at + pointerTo(index), bound, about, reading)
    if (value) placed.push({ index, bound: value })
  }
  placed.sort((a, b) => compareBoundValues(a.bound, b.bound) || a.index - b.index)
  for (const [position, { index, bound: later }] of placed.entries()) {
    const first = placed[position - 1]
    if (first?.bound.value !== later.value) continue
    const { until = Number.POSITIVE_INFINITY } = lifetimeOf(first.bound)
    if ((lifetimeOf(later).from ?? Number.NEGATIVE_INFINITY) >= until) continue
    const detail = `${quote(later.value)} stands at ${at}/${first.index} too, at the same time`
    reading.faults.add(at + pointerTo(index), 'overlapping_lifetimes', detail)
  }
  return placed.map(({ bound: value }) => value)
}

function compareBoundValues(a: BoundValue, b: BoundValue): number {
  const start = ({ from }: BoundValue) => lifetimeOf(from === undefined ? {} : { from }).from ?? -Number.MAX_VALUE
  return compareText(a.value, b.value) || start(a) - start(b)
}

function readValue(
  item: unknown,
  at: string,
  bound: Bound | undefined,
  about: readonly KnownCatalogue[],
  reading: SiteReader
): BoundValue | undefined {
  if (typeof item !== 'string' && !isRecord(item)) {
    const written = typeof item === 'number' ? ': put it in quotes' : ''
    reading.faults.add(at, 'wrong_type', `is no value: write a text, or {value, from, until}${written}`)
    return undefined
  }
  const isBare = typeof item === 'string'
  const before = reading.faults.count
  const fields = isBare ? { value: item } : reading.fields(BoundValueInputSchema, item, at)
  const place = isBare ? at : `${at}/value`
  if (fields.value === undefined) return undefined
  const value =
    bound?.variable === undefined
      ? reading.peer(fields.value, place)
      : readVariableValue(fields.value, place, bound.variable, about, reading)
  const from = reading.time(fields.from, `${at}/from`)
  const until = reading.time(fields.until, `${at}/until`)
  if (from && until && until.instant <= from.instant)
    reading.faults.add(
      `${at}/until`,
      'until_not_after_from',
      `must be after from: ${until.text} is not after ${from.text}`
    )
  if (value === undefined || reading.faults.count > before) return undefined
  return withoutUndefined({ value, from: from?.text, until: until?.text })
}

/** A value of a variable: it fits the expression of the variable, and makes valid names in the patterns where the variable stands. */
function readVariableValue(
  written: string,
  at: string,
  variable: string,
  about: readonly KnownCatalogue[],
  reading: SiteReader
): string | undefined {
  const text = reading.text(written, at, 'one', 255)
  if (text === undefined) return undefined
  const value = text.toLowerCase()
  if (/[*<>.\s]/.test(value)) {
    reading.faults.add(at, 'wrong_format', `${quote(text)} has a character that no label of a name has`)
    return undefined
  }
  const expressions = about.flatMap(({ current }) => current.variables.get(variable) ?? [])
  if (expressions.length > 0 && !expressions.some((expression) => fits(value, expression) || fits(text, expression))) {
    const wanted = sortedSet(expressions).map((expression) => `\`${expression}\``)
    reading.faults.add(at, 'wrong_format', `${quote(text)} does not fit ${wanted.join(' or ')}`)
    return undefined
  }
  for (const pattern of about.flatMap(({ current }) => [...current.patterns])) {
    if (!variablesOf(pattern).includes(variable)) continue
    const name = filledName(pattern, variable, value)
    if ('value' in name) continue
    reading.faults.add(at, 'invalid_host', `${quote(text)} in ${quote(pattern)} makes a name that ${name.fault}`)
    return undefined
  }
  return value
}

/**
 * Whether a text as a whole fits the expression of a variable. The author of a catalogue wrote it, so an expression that cannot be read, or
 * whose match may take long, refuses nothing.
 */
function fits(text: string, expression: string): boolean {
  const isSlow = /\)[*+{]|\\[1-9k]|\(\?[=!<]/.test(expression) || (expression.match(/[*+]|,\}/g) ?? []).length > 3
  if (isSlow) return true
  try {
    return new RegExp(`^(?:${expression})$`, 'u').test(text)
  } catch {
    return true
  }
}
