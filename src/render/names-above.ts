/** The names that a name is under, the nearest first: `b.example` and `example` for `a.b.example`. */
export function namesAbove(name: string): readonly string[] {
  const labels = name.split('.')
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'))
}
