/**
 * A name of at most `most` characters. A longer name is cut and gets a hash of the whole (FNV-1a) after a mark, so that two names stay
 * different.
 */
export function shortName(name: string, most: number, mark: '-' | '_' = '-'): string {
  if (name.length <= most) return name
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return `${name.slice(0, most - 9)}${mark}${(hash >>> 0).toString(16).padStart(8, '0')}`
}
