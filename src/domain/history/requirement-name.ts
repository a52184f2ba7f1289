/** Names a requirement among those of all catalogues. */
export interface RequirementName {
  readonly catalogue: string
  readonly key: string
}

/** A name as one text, a key for maps. */
export function requirementNameKey({ catalogue, key }: RequirementName): string {
  return `${catalogue}\n${key}`
}

/** Each name once, in the order in which they first come. */
export function distinctNames(names: Iterable<RequirementName>): readonly RequirementName[] {
  const found = new Map<string, RequirementName>()
  for (const { catalogue, key } of names) found.set(requirementNameKey({ catalogue, key }), { catalogue, key })
  return [...found.values()]
}
