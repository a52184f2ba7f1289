import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff'

/** More differing lines than these are not aligned: that work grows with their square. */
const mostEdits = 1000

/** A unified diff of a file, as `git apply` and `patch -p1` take it; empty where nothing differs. `path`: of the file, from where the patch is applied. */
export function packPatch(path: string, before: string, after: string): string {
  if (before === after) return ''
  const [from, to] = [`a/${path}`, `b/${path}`]
  const aligned = structuredPatch(from, to, before, after, undefined, undefined, { maxEditLength: mostEdits })
  return formatPatch(aligned ?? wholePatch(from, to, before, after), FILE_HEADERS_ONLY)
}

/** Every line goes, and every line comes. */
function wholePatch(oldFileName: string, newFileName: string, before: string, after: string): StructuredPatch {
  const [old, fresh] = [linesOf(before, '-'), linesOf(after, '+')]
  const hunk = {
    oldStart: old.count > 0 ? 1 : 0,
    oldLines: old.count,
    newStart: fresh.count > 0 ? 1 : 0,
    newLines: fresh.count,
    lines: [...old.lines, ...fresh.lines]
  }
  return { oldFileName, newFileName, oldHeader: undefined, newHeader: undefined, hunks: [hunk] }
}

function linesOf(text: string, sign: string) {
  if (text === '') return { count: 0, lines: [] }
  const isEnded = text.endsWith('\n')
  const lines = (isEnded ? text.slice(0, -1) : text).split('\n').map((line) => `${sign}${line}`)
  return { count: lines.length, lines: isEnded ? lines : [...lines, '\\ No newline at end of file'] }
}
