import type { Document } from '../../../../src/domain/document/document.ts'
import type { Filter } from './packet-filter.ts'
import { renderedText } from './rendered.ts'

/** The commands that the comment at the top of a file gives. */
const commands = (text: string) => [...text.matchAll(/^# {3}(.+)$/gm)].map(([, command = '']) => command)

/** A host that drops but what belongs to a connection, and neighbour discovery, without which IPv6 does not begin. */
const dropping = `for chain in INPUT OUTPUT; do
    for command in iptables ip6tables; do
      $command -P $chain DROP
      $command -A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    done
    ip6tables -A $chain -p ipv6-icmp --icmpv6-type 135 -j ACCEPT
    ip6tables -A $chain -p ipv6-icmp --icmpv6-type 136 -j ACCEPT
  done`

/** Each way to load an export into the kernel of a host that drops everything else. */
export const linuxFilters: Readonly<Record<string, (document: Document, timed: boolean) => Filter>> = {
  'the table of nftables': (document, timed) => ({
    files: { 'table.nft': renderedText('nftables', { document, timed, mode: 'table' }) },
    load: 'nft -f table.nft'
  }),
  'the sets of nftables, with the rules in their comment': (document, timed) => {
    const sets = renderedText('nftables', { document, timed })
    const chain = (hook: 'output' | 'input') => {
      const own = commands(sets).filter((rule) => /@(?:out|from)|dated-out/.test(rule) === (hook === 'output'))
      return `chain ${hook} { type filter hook ${hook} priority 0; policy drop; ct state established,related accept
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n${own.join('\n')}\n}`
    }
    return {
      files: {
        'sets.nft': sets,
        'rules.nft': `table inet portolan {\n${chain('output')}\n${chain('input')}\n}\n`
      },
      // Loaded once more, with rules that refer to the sets.
      load: 'nft -f sets.nft\nnft -f rules.nft\nnft -f sets.nft'
    }
  },
  iptables: (document, timed) => {
    const [v4 = '', v6 = ''] = ['v4', 'v6'].map((part) => renderedText('iptables', { document, timed, part }))
    return {
      files: { v4, v6 },
      load: `${dropping}\niptables-restore --noflush <v4\nip6tables-restore --noflush <v6\n${commands(v4 + v6).join('\n')}`
    }
  }
}
