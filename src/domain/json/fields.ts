import type Type from 'typebox'
import type { Static } from 'typebox'
import type { Fault } from '../errors.ts'
import { meant } from '../nearest-name.ts'
import { slugOf } from '../slug.ts'
import { applicationPattern, namePattern, printedDatePattern, urlPattern } from '../text.ts'
import { type Detail, Faults } from './faults.ts'
import { pointerTo } from './pointer.ts'
import { quote } from './source-text.ts'

/** The part of JSON Schema that the schemas of documents and of bodies are written in. */
interface Node {
  readonly type?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
}

/** The fields of an object that have the right shape, and may be read on. */
export type Fields<T> = { readonly [K in keyof T]?: T[K] }

export interface FieldOptions {
  /** Fields whose items or members the caller checks, one by one. */
  readonly open?: readonly string[]
  /** Optional lists that must not be empty. */
  readonly strictLists?: readonly string[]
}

/**
 * Checks an object field by field. The result has the fields that are well shaped, or is undefined where the value is no object. Every
 * other field becomes a fault with a pointer to that very field, which a check of a union or of a whole schema could not give. An empty
 * list counts as absent where the list is optional, unless `strictLists` names it: no ports, for example, would mean all ports.
 */
export function fieldsOf<T extends Type.TObject>(
  schema: T,
  value: unknown,
  at: string,
  faults: Faults,
  options: FieldOptions = {}
): Fields<Static<T>> | undefined {
  // Each field that is kept was checked against its own schema.
  return checkFields(schema, value, at, faults, { strictLists: [], ...options }) as Fields<Static<T>> | undefined
}

/** Without `strictLists` no list may be empty: inside a value that is kept as it is, nothing can be left out. */
function checkFields(node: Node, value: unknown, at: string, faults: Faults, { open = [], strictLists }: FieldOptions) {
  if (!isRecord(value)) {
    faults.add(at, 'wrong_type', typeFault('an object', value))
    return undefined
  }
  const { properties = {}, required = [] } = node
  const kept = new Map<string, unknown>()
  for (const [key, field] of Object.entries(value)) {
    if (faults.isFull) break
    const place = at + pointerTo(key)
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    const maySayNothing = strictLists?.includes(key) === false && !required.includes(key)
    if (!property) faults.add(place, 'unknown_field', unknownFault(key, properties))
    else if (field !== undefined && !(maySayNothing && isEmptyList(property, field))) {
      const before = faults.count
      checkValue(property, field, place, faults, open.includes(key))
      if (faults.count === before) kept.set(key, field)
    }
  }
  for (const key of required)
    if (!Object.hasOwn(value, key) || value[key] === undefined)
      faults.add(at + pointerTo(key), 'required', `${key} is required${emptyHint(key, properties[key])}`)
  return Object.fromEntries(kept)
}

/**
 * Checks any value against a schema, such as the body of a request.
 * @returns every fault with a pointer to the very field; none where the value fits.
 */
export function faultsOf(schema: Type.TSchema, value: unknown): readonly Fault[] {
  const faults = new Faults()
  checkValue(schema, value, '', faults, false)
  return faults.list()
}

function checkValue(node: Node, value: unknown, at: string, faults: Faults, open: boolean): void {
  const words = wordsOf(node)
  if (words) {
    if (!words.includes(value)) faults.add(at, 'not_one_of', wordFault(value, words))
  } else if (node.anyOf) checkOptions(node.anyOf, value, at, faults, open)
  else if (node.type === 'string') checkString(node, value, at, faults)
  else if (node.type === 'integer') checkInteger(node, value, at, faults)
  else if (node.type === 'array') checkList(node, value, at, faults, open)
  else if (node.type === 'object' && !open) checkObject(node, value, at, faults)
  else if (node.type === 'boolean' && typeof value !== 'boolean')
    faults.add(at, 'wrong_type', typeFault('true or false', value))
  else if (node.type === 'null' && value !== null) faults.add(at, 'wrong_type', typeFault('null', value))
}

/** The closed list of words that a schema allows, if it is one. */
function wordsOf(node: Node): readonly unknown[] | undefined {
  if (node.enum) return node.enum
  if (node.const !== undefined) return [node.const]
  return node.anyOf?.every((option) => option.const !== undefined)
    ? node.anyOf.map((option) => option.const)
    : undefined
}

/** Checks a value against the option of its own type, so that a fault names a field and not the choice between options. */
function checkOptions(options: readonly Node[], value: unknown, at: string, faults: Faults, open: boolean): void {
  const found = options.find((option) => typesOf(option).includes(jsonType(value)))
  if (found) {
    checkValue(found, value, at, faults, open)
    return
  }
  const wanted = [...new Set(options.flatMap(typesOf))].map((type) => typeNames.get(type) ?? type)
  faults.add(at, 'wrong_type', typeFault(wanted.join(' or '), value))
}

function typesOf(node: Node): readonly string[] {
  const words = wordsOf(node)
  return words ? [...new Set(words.map(jsonType))] : node.type === undefined ? [] : [node.type]
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const typeNames = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['boolean', 'true or false']
])

function checkString(node: Node, value: unknown, at: string, faults: Faults): void {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, description } = node
  if (typeof value !== 'string') faults.add(at, 'wrong_type', typeFault('a text', value))
  else if (value === '' && minLength > 0) faults.add(at, 'empty', 'is empty: give a text, or leave the field out')
  else if (value.length < minLength)
    faults.add(at, 'too_short', `must have at least ${minLength} characters${exampleOf(node)}`)
  else if (isLonger(value, maxLength)) faults.add(at, 'too_long', `must have at most ${maxLength} characters`)
  else if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    const hint = patternHints.get(pattern) ?? description ?? `it must match ${pattern}`
    faults.add(at, 'wrong_format', `${quote(value)} has the wrong form: ${hint}${smallLetters(value, pattern)}`)
  }
}

function exampleOf({ examples = [] }: Node): string {
  return examples.length === 0 ? '' : `, such as ${examples.join(' or ')}`
}

/** Whether a text is longer than a limit in code points, as JSON Schema counts. */
export function isLonger(text: string, limit: number): boolean {
  return text.length > limit && (text.length > 2 * limit || [...text].length > limit)
}

function checkInteger({ minimum, maximum }: Node, value: unknown, at: string, faults: Faults): void {
  if (typeof value !== 'number' || !Number.isInteger(value))
    faults.add(at, 'wrong_type', typeFault('a whole number', value))
  else if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum))
    faults.add(at, 'out_of_range', `must be from ${minimum} to ${maximum}`)
}

function checkList(node: Node, value: unknown, at: string, faults: Faults, open: boolean): void {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = node
  if (!Array.isArray(value)) faults.add(at, 'wrong_type', typeFault('a list', value))
  else if (value.length < minItems)
    faults.add(
      at,
      'too_few_items',
      value.length === 0 ? 'is an empty list: write at least one' : `must have at least ${minItems} of them`
    )
  else if (value.length > maxItems) faults.add(at, 'too_many_items', `must have at most ${maxItems} of them`)
  else if (items && !open)
    // By index, so that holes are checked too.
    for (let index = 0; index < value.length && !faults.isFull; index += 1)
      checkValue(items, value[index], at + pointerTo(index), faults, false)
}

function checkObject(node: Node, value: unknown, at: string, faults: Faults): void {
  if (!isRecord(value)) faults.add(at, 'wrong_type', typeFault('an object', value))
  else if (Object.keys(value).length < (node.minProperties ?? 0)) faults.add(at, 'empty', 'is empty: leave it out')
  else if (node.properties) checkFields(node, value, at, faults, {})
  else checkEntries(node, value, at, faults)
}

/** Keys that no pattern matches pass here, as they do in JSON Schema. The function that reads the record refuses them. */
function checkEntries(node: Node, value: Record<string, unknown>, at: string, faults: Faults): void {
  for (const [pattern, entry] of Object.entries(node.patternProperties ?? {})) {
    const allowed = new RegExp(pattern, 'u')
    for (const [key, field] of Object.entries(value))
      if (allowed.test(key)) checkValue(entry, field, at + pointerTo(key), faults, false)
  }
}

const patternHints = new Map([
  [namePattern, 'write lower-case letters and digits, with single hyphens, dots or underscores between them'],
  [urlPattern, 'write a URL that starts with https:// or http://'],
  [applicationPattern, 'write the protocol in lower-case letters, digits and + . / -, such as https or dns'],
  [printedDatePattern, 'write a day, a month or a year, such as 2018-11-22, 2018-11 or 2018']
])

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list that may be empty has to be written all the same. */
function emptyHint(key: string, node: Node | undefined): string {
  const mayBeEmpty = node?.type === 'array' && (node.minItems ?? 0) === 0
  return mayBeEmpty ? `: write ${key}: [] where there are none` : ''
}

function isEmptyList({ type }: Node, value: unknown): boolean {
  return type === 'array' && Array.isArray(value) && value.length === 0
}

function unknownFault(key: string, properties: Readonly<Record<string, Node>>): string {
  const names = Object.keys(properties)
  const near = meant(key, names)
  return `there is no field ${quote(key)} here${near === '' ? `; there are ${names.join(', ')}` : near}`
}

/** What is wrong with a value that is none of the words, with the word that is probably meant. */
export function wordFault(value: unknown, words: readonly unknown[]): string {
  const list = `must be one of ${words.join(', ')}`
  if (typeof value !== 'string') return list
  const names = words.filter((word) => typeof word === 'string')
  return `${quote(value)} is not known: it ${list}${meant(value, names)}`
}

/** What is probably meant: the same in small letters, or as a slug. */
function smallLetters(value: string, pattern: string): string {
  const small = pattern === namePattern ? slugOf(value) : value.toLowerCase()
  return small !== value && new RegExp(pattern, 'u').test(small) ? `: did you mean ${quote(small)}?` : ''
}

function typeFault(wanted: string, value: unknown): Detail {
  if (value === null) return `has no value where ${wanted} is needed: give one, or leave the field out`
  const isScalar = typeof value !== 'object'
  const what = Array.isArray(value)
    ? 'a list'
    : typeof value === 'string'
      ? 'a text'
      : isScalar
        ? `a ${typeof value}`
        : 'an object'
  const said = `is ${what} where ${wanted} is needed`
  if (wanted === 'a list' && what === 'an object') return `${said}: begin each item with a hyphen`
  if (wanted === 'a text' && (typeof value === 'number' || typeof value === 'boolean'))
    return (written = String(value)) => `${said}: put it in quotes, ${quote(written)}`
  if (wanted === 'a list' && isScalar)
    return (written = JSON.stringify(value)) => (written.length > 80 ? said : `${said}: write [${written}]`)
  return said
}
