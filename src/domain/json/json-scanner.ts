import { pointerTo } from './pointer.ts'
import { maxDepth, quote } from './source-text.ts'

/** Ends a scan at the first fault. It never leaves `parseJson`. */
export class JsonRefusal extends Error {
  readonly offset: number

  constructor(offset: number, what: string) {
    super(what)
    this.offset = offset
  }
}

const atom = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

const quoteMark = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** The largest document that can be published has fewer. Each becomes an object in memory. */
const mostValues = 4_000_000
/** No object of a document or of any body has so many members. */
const mostMembers = 10_000

/** Reads a JSON text once and builds nothing. The limit on depth bounds its recursion. */
export class Scanner {
  private readonly text: string
  private at = 0
  private values = 0
  /** The keys and indices that lead to the present place. */
  private readonly path: (string | number)[] = []
  private escaped = false

  constructor(text: string) {
    this.text = text
  }

  /** @throws JsonRefusal at the first fault. */
  scan(): void {
    this.value()
    if (!Number.isNaN(this.next())) this.refuse('expected the end of the document')
  }

  private value(): void {
    const code = this.next()
    this.values += 1
    if (this.values > mostValues) this.refuse(`it has more than ${mostValues} values`)
    if (code === quoteMark) this.string()
    else if (code === openBrace) this.object()
    else if (code === openBracket) this.array()
    else this.atom()
  }

  private object(): void {
    const level = this.enter()
    if (this.next() !== closeBrace) this.members(level)
    this.leave()
  }

  private members(level: number): void {
    const seen = new Set<string>()
    do {
      if (seen.size > mostMembers) this.refuse(`it has an object with more than ${mostMembers} members`)
      if (this.next() !== quoteMark) this.refuse('expected a key in double quotes')
      this.key(level, seen)
      if (this.next() !== colon) this.refuse('expected a colon after the key')
      this.at += 1
      this.value()
    } while (this.goesOn(closeBrace))
  }

  private key(level: number, seen: Set<string>): void {
    const start = this.at
    this.string()
    const raw = this.text.slice(start + 1, this.at - 1)
    const key: string = this.escaped ? JSON.parse(`"${raw}"`) : raw
    if (key === '__proto__') this.refuse('the key "__proto__" is not allowed', start)
    // Programs disagree on which of two members with one key counts.
    if (seen.size === seen.add(key).size) {
      const place = this.path.slice(0, level).map(pointerTo).join('')
      this.refuse(`the key ${quote(key)} stands twice in the object at ${quote(place)}`, start)
    }
    this.path[level] = key
  }

  private array(): void {
    const level = this.enter()
    if (this.next() !== closeBracket) this.items(level)
    this.leave()
  }

  private items(level: number): void {
    let index = 0
    do {
      this.path[level] = index
      this.value()
      index += 1
    } while (this.goesOn(closeBracket))
  }

  /** Returns the index of the new level in the path. */
  private enter(): number {
    if (this.path.length >= maxDepth) this.refuse(`it nests deeper than ${maxDepth} levels`)
    this.at += 1
    return this.path.push(0) - 1
  }

  private leave(): void {
    this.at += 1
    this.path.pop()
  }

  /** Moves behind the comma; false at the end of the collection, where it does not move. */
  private goesOn(close: number): boolean {
    const code = this.next()
    if (code === close) return false
    if (code !== comma) this.refuse(`expected a comma or ${String.fromCharCode(close)} after the value`)
    this.at += 1
    return true
  }

  private string(): void {
    const { text } = this
    this.escaped = false
    let at = this.at + 1
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === quoteMark) break
      if (code === backslash) at = this.escape(at)
      else if (code >= 0x20) at += 1
      else if (Number.isNaN(code)) this.refuse('the text that begins here does not end', this.at)
      else this.refuse('a control character in a text must be escaped', at)
    }
    this.at = at + 1
  }

  /** Returns the offset behind the escape, or behind both escapes of a surrogate pair. */
  private escape(at: number): number {
    this.escaped = true
    if (this.text.charAt(at + 1) !== 'u') {
      if (!/["\\/bfnrt]/.test(this.text.charAt(at + 1))) this.refuse('there is no such escape', at)
      return at + 2
    }
    const unit = this.codeUnit(at)
    if (unit < 0xd800 || unit > 0xdfff) return at + 6
    const low = unit < 0xdc00 && this.text.startsWith('\\u', at + 6) ? this.codeUnit(at + 6) : 0
    if (low < 0xdc00 || low > 0xdfff) this.refuse('a lone surrogate is no character', at)
    return at + 12
  }

  private codeUnit(at: number): number {
    const digits = this.text.slice(at + 2, at + 6)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.refuse('\\u needs four hexadecimal digits', at)
    return Number.parseInt(digits, 16)
  }

  private atom(): void {
    const start = this.at
    atom.lastIndex = start
    if (!atom.test(this.text))
      this.refuse(start < this.text.length ? 'expected a value' : 'it ends where a value should be')
    this.at = atom.lastIndex
    if (Math.abs(Number(this.text.slice(start, this.at))) === Number.POSITIVE_INFINITY)
      this.refuse('the number is too large to be kept', start)
  }

  /** The code of the next character that is not white space; NaN at the end. */
  private next(): number {
    const { text } = this
    let code = text.charCodeAt(this.at)
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.at += 1
      code = text.charCodeAt(this.at)
    }
    return code
  }

  private refuse(what: string, at = this.at): never {
    throw new JsonRefusal(at, what)
  }
}
