import { createHash, hash } from 'node:crypto'
import { canonicalJson } from '../json/canonical-json.ts'
import type { Entry } from './delta.ts'
import { type MirrorObject, type MirrorType, mirrorTypes } from './mirror.ts'

/**
 * The objects of a mirror as the lines that its digest is made of, sorted: `type SP id SP sha256(canonical data) LF`. The lines are kept as
 * bytes, since there may be a hundred thousand. Ids are ASCII without characters below a space, so ids sort as their bytes do.
 */
export interface Ledger {
  readonly lines: Readonly<Record<MirrorType, Uint8Array>>
  readonly counts: Readonly<Record<MirrorType, number>>
}

export interface MirrorDigest {
  readonly count: number
  /** `sha256:` and lower-case hex. */
  readonly digest: string
}

export const mostBuckets = 256
const newline = 10
const pieceBytes = 1_048_576

/** The line of an object. */
export function ledgerLine({ type, id, data }: Pick<MirrorObject, 'type' | 'id' | 'data'>): string {
  // Joined, since V8 keeps a text from a template as a tree of its parts, which weighs three times as much.
  return [type, id, `${hash('sha256', canonicalJson(data), 'hex')}\n`].join(' ')
}

/** Makes a ledger from lines in any order. */
export function ledgerOf(lines: Readonly<Record<MirrorType, readonly string[]>>): Ledger {
  const bytes = (type: MirrorType) => bytesOf([...lines[type]].sort())
  return {
    lines: { catalogue: bytes('catalogue'), requirement: bytes('requirement'), endpoint: bytes('endpoint') },
    counts: {
      catalogue: lines.catalogue.length,
      requirement: lines.requirement.length,
      endpoint: lines.endpoint.length
    }
  }
}

/** The bytes of lines. They are written one after the other, so that there is never one text of all lines. */
function bytesOf(lines: readonly string[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(lines.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const line of lines) at += bytes.write(line, at, 'latin1')
  return bytes
}

/** The ledger of the mirror after it applied some entries. */
export function withEntries(ledger: Ledger, entries: readonly Entry[]): Ledger {
  let { lines, counts } = ledger
  for (const type of mirrorTypes) {
    const ours = entries.filter((entry) => entry.type === type)
    if (ours.length === 0) continue
    const changed = applyEntries(Buffer.from(lines[type].buffer, lines[type].byteOffset, lines[type].byteLength), ours)
    lines = { ...lines, [type]: changed.bytes }
    counts = { ...counts, [type]: counts[type] + changed.more }
  }
  return { lines, counts }
}

/** Applies the entries of one type to its lines. Lines that stay are copied in as few pieces as there are changes. */
function applyEntries(bytes: Buffer, entries: readonly Entry[]): { readonly bytes: Buffer; readonly more: number } {
  const parts: Buffer[] = []
  let copied = 0
  let more = 0
  for (const entry of [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const start = lineOf(bytes, `${entry.type} ${entry.id} `)
    const end = start.isFound ? bytes.indexOf(newline, start.at) + 1 : start.at
    parts.push(bytes.subarray(copied, start.at))
    if (entry.op === 'upsert') parts.push(Buffer.from(ledgerLine(entry), 'latin1'))
    more += (entry.op === 'upsert' ? 1 : 0) - (start.isFound ? 1 : 0)
    copied = end
  }
  parts.push(bytes.subarray(copied))
  return { bytes: Buffer.concat(parts), more }
}

/** Where the line with this beginning stands, or would stand: a binary search in which each step looks for the start of a line. */
function lineOf(bytes: Buffer, beginning: string): { readonly at: number; readonly isFound: boolean } {
  const wanted = Buffer.from(beginning, 'latin1')
  let [low, high] = [0, bytes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const start = middle === 0 ? 0 : bytes.lastIndexOf(newline, middle - 1) + 1
    const order = bytes.compare(wanted, 0, wanted.length, start, Math.min(bytes.length, start + wanted.length))
    if (order === 0) return { at: start, isFound: true }
    if (order < 0) low = bytes.indexOf(newline, start) + 1
    else high = start
  }
  return { at: low, isFound: false }
}

/** The count and digest over some types. A generator, so that others can work after each megabyte. */
export function* digestSteps(ledger: Ledger, types: readonly MirrorType[]): Generator<undefined, MirrorDigest> {
  const hash = createHash('sha256')
  for (const type of sortedTypes(types)) {
    const bytes = ledger.lines[type]
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      hash.update(bytes.subarray(start, start + pieceBytes))
      yield
    }
  }
  return { count: countOf(ledger, types), digest: `sha256:${hash.digest('hex')}` }
}

/** The count and digest of each bucket. The first byte of the SHA-256 of its id says in which bucket an object is. */
export function* bucketDigestSteps(
  ledger: Ledger,
  types: readonly MirrorType[],
  buckets: number
): Generator<undefined, readonly MirrorDigest[]> {
  const hashes = Array.from({ length: buckets }, () => ({ count: 0, hash: createHash('sha256') }))
  for (const type of sortedTypes(types)) {
    const bytes = Buffer.from(ledger.lines[type])
    for (let start = 0, lines = 1; start < bytes.length; lines += 1) {
      const end = bytes.indexOf(newline, start) + 1
      const id = bytes.subarray(start + type.length + 1, bytes.indexOf(32, start + type.length + 1))
      const [byte = 0] = createHash('sha256').update(id).digest()
      const bucket = hashes[Math.floor((byte * buckets) / mostBuckets)]
      bucket?.hash.update(bytes.subarray(start, end))
      if (bucket) bucket.count += 1
      start = end
      if (lines % 2000 === 0) yield
    }
  }
  return hashes.map(({ count, hash }) => ({ count, digest: `sha256:${hash.digest('hex')}` }))
}

function countOf({ counts }: Ledger, types: readonly MirrorType[]): number {
  return types.reduce((sum, type) => sum + counts[type], 0)
}

/** The types sorted by name, in which order the digest has them. */
function sortedTypes(types: readonly MirrorType[]): readonly MirrorType[] {
  return mirrorTypes.filter((type) => types.includes(type)).sort()
}
