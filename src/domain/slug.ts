/** A key made of a name: lower case, each run of other characters is a hyphen, at most 100 characters. Empty where nothing is left. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]*-[._-]*|([._])[._]+/g, (run, sign) => sign ?? (run.includes('-') ? '-' : run))
    .slice(0, 100)
    .replace(/^[._-]+|[._-]+$/g, '')
}

/** The slug, or with a number behind it the first that nobody has yet. */
export function freeSlug(wanted: string, isTaken: (slug: string) => boolean): string {
  if (!isTaken(wanted)) return wanted
  for (let number = 2; ; number += 1) {
    const next = `${wanted.slice(0, 100 - String(number).length - 1)}-${number}`
    if (!isTaken(next)) return next
  }
}
