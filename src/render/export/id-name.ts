/**
 * What a tool takes in its names beside letters and digits. `word`: underscores. `token`: hyphens and underscores. `domain`: hyphens and
 * full stops, as a DNS subdomain (RFC 1123). `label`: hyphens, as a DNS label (RFC 1035). `part`: as `token`, with no underscore that stands
 * alone, so that one can stand between two parts.
 */
type NameKind = 'word' | 'token' | 'domain' | 'label' | 'part'

const spellings: Readonly<Record<NameKind, Readonly<Record<string, string>>>> = {
  word: { '.': '__', '-': '___' },
  token: { '.': '__' },
  domain: { _: '--' },
  label: { '.': '--', _: '---' },
  part: { '.': '__', _: '___' }
}

/**
 * The id of a catalogue where a tool does not take each of its characters: as it is, but for those. No id has two of `-`, `.` and `_` in a
 * row, so a run of one of them stands for another, and no two ids get the same name.
 */
export function idName(id: string, kind: NameKind): string {
  const spelling = spellings[kind]
  return id.replace(/[-._]/g, (mark) => spelling[mark] ?? mark)
}
