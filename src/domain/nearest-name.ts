/** `: did you mean "server"?` where one of the names is close to what was written, and else all of them: `; there are server, agent`. */
export function suggestion(written: string, names: Iterable<string>): string {
  const known = [...names]
  const hint = didYouMean(nearestName(written, known))
  if (hint !== '') return hint
  if (known.length === 0) return ', and there are none'
  const shown = known.slice(0, 10).join(', ')
  return `; there are ${shown}${known.length > 10 ? ' and others' : ''}`
}

/** What people write for words that documents have. */
const otherWords: Readonly<Record<string, string>> = {
  ip: 'address',
  ipv4: 'address',
  ipv6: 'address',
  cidr: 'address',
  network: 'address',
  subnet: 'address',
  fqdn: 'host',
  hostname: 'host',
  domain: 'host',
  dns: 'host',
  wildcard: 'pattern',
  yes: 'required',
  true: 'required',
  mandatory: 'required',
  no: 'optional',
  false: 'optional',
  recommended: 'optional',
  egress: 'outbound',
  ingress: 'inbound',
  bidirectional: 'both',
  internet: 'external',
  lan: 'internal'
}

/**
 * `: did you mean "udp"?` where one of the names is close to what was written, begins with it, or is another word for it; else nothing.
 */
export function meant(written: string, names: readonly string[]): string {
  const small = written.toLowerCase()
  const other = Object.hasOwn(otherWords, small) ? otherWords[small] : undefined
  if (other !== undefined && names.includes(other)) return didYouMean(other)
  const longer = small.length < 2 ? [] : names.filter((name) => name.startsWith(small))
  return didYouMean(nearestName(small, names) ?? (longer.length === 1 ? longer[0] : undefined))
}

/** The question after a fault, if there is a name that is probably meant. */
export function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : `: did you mean ${JSON.stringify(name)}?`
}

/** The name from which a text differs in the fewest characters, at most a third of them; undefined where none is so close. */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of names) {
    const most = Math.max(1, Math.floor(Math.max(name.length, written.length) / 3))
    if (Math.abs(name.length - written.length) > most) continue
    const distance = editDistance(written, name)
    if (distance <= most && (!best || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}

/**
 * The names from which a text differs in the fewest characters, the nearest first, at most three: those that are close, as `nearestName`
 * judges, or that begin with the text; where no name is, the nearest of all.
 */
export function nearestNames(written: string, names: Iterable<string>): readonly string[] {
  const all = [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(written, name) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  const close = all.filter(
    ({ name, distance }) =>
      name.startsWith(written) || distance <= Math.max(1, Math.floor(Math.max(name.length, written.length) / 3))
  )
  return (close.length > 0 ? close : all).slice(0, 3).map(({ name }) => name)
}

/** How many characters have to be added, left out, replaced, or swapped with their neighbours: the optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let above: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (above[j - 2] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    above = row
    row = next
  }
  return row[b.length] ?? 0
}
