/** The parent names of a name, the nearest first: `b.example` and `example` for `a.b.example`. */
export function namesAbove(name: string): readonly string[] {
  const found: string[] = []
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) found.push(name.slice(dot + 1))
  return found
}
