import { isCount, readCursorText, writeCursorText } from '../json/cursor-text.ts'
import { isInstant } from '../time/instant.ts'
import type { Mark } from './delta.ts'
import { type MirrorType, mirrorTypes } from './mirror.ts'

/** A place in a baseline: a type, a catalogue, the index of a requirement in it, and how many objects of that requirement came before. */
export interface BaselinePosition {
  readonly type: MirrorType
  readonly catalogue: string
  readonly requirement: number
  readonly offset: number
}

/** Where a client of the delta stands. Opaque to clients. */
export interface DeltaCursor {
  readonly epoch: string
  /** The `queryName` of filter, catalogues and types. */
  readonly query: string
  /** What the client holds, or held when the round began; absent: nothing. */
  readonly held?: Mark
  /** Within a round: the mark that it leads to, and where the next page begins: a place in a baseline, or how many entries came before. */
  readonly round?: { readonly to: Mark; readonly from: BaselinePosition | number }
}

/** The cursor as a text: version, epoch, query, the two marks and the place. */
export function writeDeltaCursor({ epoch, query, held, round }: DeltaCursor): string {
  const marks = [held, round?.to].map((mark) => (mark ? [mark.seq, mark.instant] : 0))
  const from = round?.from ?? 0
  const place = typeof from === 'number' ? from : [from.type, from.catalogue, from.requirement, from.offset]
  return writeCursorText([1, epoch, query, ...marks, place])
}

/** Reads what `writeDeltaCursor` wrote; undefined where the text is no such cursor. */
export function readDeltaCursor(text: string): DeltaCursor | undefined {
  const parts = readCursorText(text)
  if (parts?.length !== 6) return undefined
  const [version, epoch, query, first, second, place] = parts
  if (version !== 1 || typeof epoch !== 'string' || typeof query !== 'string') return undefined
  const [held, to, from] = [readMark(first), readMark(second), readFrom(place)]
  if ((first !== 0 && !held) || (second !== 0 && !to) || from === undefined || (!held && !to)) return undefined
  // Pages of a baseline are found by place, pages of a round by how many entries came before.
  if (to ? held === undefined && typeof from === 'number' : from !== 0) return undefined
  if (held && typeof from !== 'number') return undefined
  return { epoch, query, ...(held && { held }), ...(to && { round: { to, from } }) }
}

function readMark(value: unknown): Mark | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [seq, instant]: unknown[] = value
  return isCount(seq) && isInstant(instant) ? { seq, instant } : undefined
}

function readFrom(value: unknown): BaselinePosition | number | undefined {
  if (isCount(value)) return value
  if (!Array.isArray(value) || value.length !== 4) return undefined
  const [name, catalogue, requirement, offset]: unknown[] = value
  const type = mirrorTypes.find((each) => each === name)
  if (!type || typeof catalogue !== 'string' || !isCount(requirement) || !isCount(offset)) return undefined
  return { type, catalogue, requirement, offset }
}
