import type { Fault } from '../../errors.ts'
import { pointerTo } from '../../json/pointer.ts'
import { quote } from '../../json/source-text.ts'
import { suggestion } from '../../nearest-name.ts'
import { parseAddress } from '../../network/address.ts'
import type { ReadingNote } from '../../table/table-reading.ts'
import { cleanText, compareText } from '../../text.ts'
import { type FeedSource, unreadableSource } from '../adapter.ts'

/** An object of a list, whose fields nobody has judged yet. */
export type ListRecord = Readonly<Record<string, unknown>>

/** The fields that a kind of object has in a list. `needed`: without them it is not the list. */
interface RecordShape {
  /** What notes call the objects: `prefixes`. */
  readonly name: string
  readonly needed: readonly string[]
  readonly others?: readonly string[]
}

const longestName = 200
const longestText = 4000

/** Reads the values of a list in JSON. What is wrong with a single one is kept with its JSON Pointer, and so is what is not known. */
export class ListReader {
  readonly source: FeedSource
  readonly refused: Fault[] = []
  // The names of services and regions are few and repeat.
  private readonly names = new Map<unknown, string>()
  private readonly unknown = new Map<string, { readonly shape: string; readonly field: string; count: number }>()

  constructor(source: FeedSource) {
    this.source = source
  }

  refuse(pointer: string, code: string, detail: string): void {
    this.refused.push({ pointer, code, detail })
  }

  /** The list as a whole. @throws PortolanError `invalid_source` where it is no object, or lacks a needed field */
  document(value: unknown, shape: RecordShape): ListRecord {
    if (!isRecord(value))
      throw unreadableSource(
        this.source,
        'wrong_kind',
        `is ${kindOf(value)}, and the list is an object with ${shape.needed.join(', ')}`
      )
    const missing = shape.needed.find((field) => !Object.hasOwn(value, field))
    if (missing !== undefined)
      throw unreadableSource(
        this.source,
        'missing_field',
        `has no ${quote(missing)}, so it is another list, or a part of one${suggestion(missing, Object.keys(value))}`
      )
    this.noteUnknown(value, shape)
    return value
  }

  /** The rows of a list as a whole. @throws PortolanError `invalid_source` where the value is no array */
  rows(value: unknown, pointer: string): readonly unknown[] {
    if (!Array.isArray(value)) {
      const what = pointer === '' ? 'is' : `has ${kindOf(value)} at ${pointer}:`
      throw unreadableSource(
        this.source,
        'wrong_kind',
        pointer === '' ? `is ${kindOf(value)}, and the list is an array` : `${what} an array stands there in the list`,
        { pointer }
      )
    }
    return value
  }

  record(value: unknown, pointer: string, shape: RecordShape): ListRecord | undefined {
    if (!isRecord(value)) {
      this.refuse(pointer, 'wrong_type', `is ${kindOf(value)} where an object is needed`)
      return undefined
    }
    for (const field of shape.needed)
      if (!Object.hasOwn(value, field)) this.refuse(pointer, 'missing_field', `has no ${quote(field)}`)
    this.noteUnknown(value, shape)
    return value
  }

  array(value: unknown, pointer: string): readonly unknown[] {
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.refuse(pointer, 'wrong_type', `is ${kindOf(value)} where an array is needed`)
    return []
  }

  /** A name or a word: one line, not blank. Undefined where it is absent, which is the business of the shape. */
  name(value: unknown, pointer: string): string | undefined {
    const known = this.names.get(value)
    if (known !== undefined) return known
    const name = this.text(value, pointer, 'one', longestName)
    if (name !== undefined) this.names.set(value, name)
    return name
  }

  /** Prose; an empty text counts as absent. */
  prose(value: unknown, pointer: string): string | undefined {
    return value === '' ? undefined : this.text(value, pointer, 'many', longestText)
  }

  /** A name that lists write as an empty text, or as null, where there is none. */
  optionalName(value: unknown, pointer: string): string | undefined {
    return value === '' || value === null ? undefined : this.name(value, pointer)
  }

  /** A whole number, which some write as a text. */
  numeral(value: unknown, pointer: string): string | undefined {
    return Number.isSafeInteger(value) ? String(value) : this.name(value, pointer)
  }

  flag(value: unknown, pointer: string): boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return value
    this.refuse(pointer, 'wrong_type', `is ${kindOf(value)} where true or false is needed`)
    return undefined
  }

  /** An address or a CIDR without host bits, in canonical form: a CIDR of one address is that address. */
  address(value: unknown, pointer: string): string | undefined {
    if (value === undefined) return undefined
    if (typeof value !== 'string') {
      this.refuse(pointer, 'wrong_type', `is ${kindOf(value)} where a CIDR is needed`)
      return undefined
    }
    const address = parseAddress(value)
    if ('value' in address) return address.value
    this.refuse(pointer, 'invalid_address', `${quote(value)} ${address.fault}`)
    return undefined
  }

  /** What the list has and no adapter knows. */
  notes(): readonly ReadingNote[] {
    return [...this.unknown.values()]
      .map(({ shape, field, count }) => {
        const detail = `the field ${quote(field)} of ${shape} is not known, and left out; it stands there ${count === 1 ? 'once' : `${count} times`}`
        return { kind: 'unknown_field', detail } as const
      })
      .sort((a, b) => compareText(a.detail, b.detail))
  }

  private text(value: unknown, pointer: string, lines: 'one' | 'many', longest: number): string | undefined {
    if (value === undefined) return undefined
    if (typeof value !== 'string') {
      this.refuse(pointer, 'wrong_type', `is ${kindOf(value)} where a text is needed`)
      return undefined
    }
    const clean = value.length > longest ? { fault: `is longer than ${longest} characters` } : cleanText(value, lines)
    if ('text' in clean) return clean.text
    this.refuse(pointer, 'wrong_format', `${quote(value)} ${clean.fault}`)
    return undefined
  }

  private noteUnknown(value: ListRecord, { name, needed, others = [] }: RecordShape): void {
    for (const field in value) {
      if (needed.includes(field) || others.includes(field)) continue
      const id = `${name}${pointerTo(field)}`
      const found = this.unknown.get(id)
      if (found) found.count += 1
      else this.unknown.set(id, { shape: name, field, count: 1 })
    }
  }
}

function isRecord(value: unknown): value is ListRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`
}
