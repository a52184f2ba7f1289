/**
 * A strict reader of dnsmasq's `nftset` and `ipset`, from its manual page, and of the lines that make their sets. dnsmasq follows the
 * line of the longest name that a name is, or is under, and reads 1,024 characters of a line.
 */
export interface SetFile {
  readonly faults: readonly string[]
  readonly sets: readonly string[]
  /** The sets that the addresses of a name go into. */
  readonly setsFor: (name: string) => readonly string[]
}

const name = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/
const forms = {
  nftset: {
    make: /^#nft add set inet portolan ([a-z][\w.-]{0,62}) \{ type ipv([46])_addr; \}$/,
    use: /^([46])#inet#portolan#([a-z][\w.-]{0,62})$/
  },
  ipset: {
    make: /^#ipset create ([a-z][\w.-]{0,30}) hash:ip family (inet6?) -exist$/,
    use: /^()([a-z][\w.-]{0,30})$/
  }
} as const

export function readSetFile(mode: keyof typeof forms, text: string): SetFile {
  const faults: string[] = []
  const sets = new Map<string, string>()
  const domains = new Map<string, readonly string[]>()
  const lines = text.split('\n')
  if (lines.pop() !== '') faults.push('the last line is not ended')
  for (const line of lines) {
    const [, made, family = ''] = forms[mode].make.exec(line) ?? []
    if (Buffer.byteLength(line) > 1024) faults.push(`${line.slice(0, 40)} is too long`)
    else if (made !== undefined) {
      if (sets.has(made)) faults.push(`${made} is made twice`)
      sets.set(made, family.replace('inet', '') || '4')
    } else if (!line.startsWith('#')) use(line)
  }
  return { faults, sets: [...sets.keys()], setsFor }

  function use(line: string): void {
    const [, option, domain = '', used = ''] = /^(\w+)=\/([^/]*)\/(.+)$/.exec(line) ?? []
    if (option !== mode || !name.test(domain) || domains.has(domain))
      faults.push(`${line} is no line, or the second one`)
    const names = used.split(',').map((each) => {
      const [, family, set = ''] = forms[mode].use.exec(each) ?? []
      const made = sets.get(set)
      if (made === undefined || (family !== '' && family !== made)) faults.push(`${each} is not made`)
      return set
    })
    domains.set(domain, names)
  }

  function setsFor(asked: string): readonly string[] {
    const labels = asked.split('.')
    const found = labels.map((_, index) => labels.slice(index).join('.')).find((each) => domains.has(each))
    return (found !== undefined && domains.get(found)) || []
  }
}
