import { pointerTo, tokensOf } from './pointer.ts'
import type { Span } from './span.ts'

/** A value whose span is asked for, or one around it, with those inside it by their key or index. */
interface Wanted {
  readonly pointer: string
  readonly inner: Map<string, Wanted>
}

const space = /[\t\n\r ]*/y
const atom = /[^\s,\]}]+/y
const structure = /["{}[\]]/g

/** The spans of values in a text of JSON that `parseJson` has read, at these JSON Pointers and around them. The text is read once. */
export function spansInJson(text: string, pointers: readonly string[]): ReadonlyMap<string, Span> {
  const walk = new Walk(text)
  walk.value(wantedOf(pointers))
  return walk.spans
}

function wantedOf(pointers: readonly string[]): Wanted {
  const root: Wanted = { pointer: '', inner: new Map() }
  for (const pointer of pointers) {
    let wanted = root
    for (const token of tokensOf(pointer)) {
      const next = wanted.inner.get(token) ?? { pointer: wanted.pointer + pointerTo(token), inner: new Map() }
      wanted.inner.set(token, next)
      wanted = next
    }
  }
  return root
}

class Walk {
  readonly spans = new Map<string, Span>()
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  value(wanted: Wanted, key?: number): void {
    this.take(space)
    const start = this.at
    const opening = this.text[start]
    if (wanted.inner.size > 0 && opening === '{') this.members(wanted)
    else if (wanted.inner.size > 0 && opening === '[') this.items(wanted)
    else this.passOver()
    this.spans.set(wanted.pointer, { start, end: this.at, ...(key !== undefined && { key }) })
  }

  private members(wanted: Wanted): void {
    while (this.begins('}')) {
      const key = this.at
      this.string()
      const name: string = JSON.parse(this.text.slice(key, this.at))
      this.take(space)
      this.at += 1
      this.inner(wanted.inner.get(name), key)
    }
  }

  private items(wanted: Wanted): void {
    for (let index = 0; this.begins(']'); index += 1) this.inner(wanted.inner.get(String(index)))
  }

  private inner(wanted: Wanted | undefined, key?: number): void {
    if (wanted) this.value(wanted, key)
    else this.passOver()
  }

  /** Moves from the opening bracket or a comma to what comes next; false at the end of the collection, which it leaves. */
  private begins(close: string): boolean {
    this.take(space)
    const isEnd = this.text[this.at] === close
    if (!isEnd) this.at += 1
    this.take(space)
    const isEmpty = !isEnd && this.text[this.at] === close
    if (isEnd || isEmpty) this.at += 1
    return !(isEnd || isEmpty)
  }

  private passOver(): void {
    this.take(space)
    const opening = this.text[this.at]
    if (opening === '"') this.string()
    else if (opening === '{' || opening === '[') this.collection()
    else this.take(atom)
  }

  private collection(): void {
    let depth = 0
    do {
      structure.lastIndex = this.at
      const { index } = structure.exec(this.text) ?? { index: this.text.length }
      const mark = this.text[index]
      this.at = index
      if (mark === '"') this.string()
      else this.at += 1
      if (mark === '{' || mark === '[') depth += 1
      else if (mark !== '"') depth -= 1
    } while (depth > 0)
  }

  /** Moves behind the text that begins here. No pattern does it, since one may run out of stack in a long text. */
  private string(): void {
    this.at += 1
    while (this.at < this.text.length && this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1
    this.at += 1
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const [taken = ''] = pattern.exec(this.text) ?? []
    this.at += taken.length
    return taken
  }
}
