/** One JSON value a line, each line ended: `application/x-ndjson`. */
export function renderJsonLines(items: Iterable<unknown>): string {
  let text = ''
  for (const item of items) text += `${JSON.stringify(item)}\n`
  return text
}
