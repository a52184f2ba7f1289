import type { ExportEntry } from '../../domain/export/export-entry.ts'
import type { ParsedAddress } from '../../domain/network/address.ts'
import { patternExpression } from '../../domain/network/pattern.ts'
import { commentLines } from '../export/comment.ts'
import type { ListFormat, ListInput } from '../export/format.ts'
import { listExpression } from '../export/list-expression.ts'

export const pac: ListFormat = {
  kind: 'list',
  name: 'pac',
  title: 'Proxy auto-config',
  description:
    'For browsers and agents: what is listed is reached directly, and everything else goes to 127.0.0.1:9, where nobody answers (mode=direct); or the function portolanLists(host) alone, for your own file that names your proxies (mode=function). The script looks nothing up in DNS.',
  mediaType: 'application/x-ns-proxy-autoconfig',
  extension: 'pac',
  modes: ['direct', 'function'],
  aggregate: 'exact',
  empty: 'none',
  placeholders: [],
  expression: {
    ...listExpression({ address: 'exact', host: 'exact', wildcard: 'exact', pattern: 'exact' }),
    directions: ['outbound'],
    transports: ['tcp', 'any']
  },
  render
}

function render({ head, mode, entries }: ListInput): string {
  return [
    commentLines(head.lines, '//'),
    `var portolan = ${JSON.stringify(tablesOf(entries), null, 2)};\n`,
    program,
    ...(mode === 'direct' ? [decision] : [])
  ].join('\n')
}

/** Names end in a dot, so that none of them is a word of JavaScript such as `constructor`. */
interface Tables {
  readonly hosts: Readonly<Record<string, 1>>
  readonly subdomainsOf: Readonly<Record<string, 1>>
  /** Patterns of names as regular expressions. */
  readonly patterns: readonly string[]
  readonly networks: Readonly<Record<string, 1>>
  /** The lengths of the prefixes in `networks`: the program tries only these. */
  readonly prefixes: readonly number[]
}

function tablesOf(entries: readonly ExportEntry[]): Tables {
  const hosts: [string, 1][] = []
  const subdomainsOf: [string, 1][] = []
  const patterns: string[] = []
  const networks: [string, 1][] = []
  const prefixes = new Set<number>()
  for (const { target } of entries) {
    if (target.kind === 'host') hosts.push([`${target.value}.`, 1])
    if (target.kind === 'wildcard') subdomainsOf.push([`${target.value}.`, 1])
    if (target.kind === 'pattern') patterns.push(patternExpression(target.value))
    if (target.kind !== 'address') continue
    networks.push([wordsText(target.address), 1])
    prefixes.add(target.address.prefix)
  }
  return {
    hosts: Object.fromEntries(hosts),
    subdomainsOf: Object.fromEntries(subdomainsOf),
    patterns,
    networks: Object.fromEntries(networks),
    prefixes: [...prefixes].sort((a, b) => a - b)
  }
}

/** A network as `portolanNetwork` in the program writes it: with every word in full, so that the program need not know RFC 5952. */
function wordsText({ family, first, prefix }: ParsedAddress): string {
  const bytes = [...first]
  const words =
    family === 'ipv4'
      ? bytes.map(String)
      : bytes.flatMap((byte, index) => (index % 2 === 0 ? [(byte * 256 + (bytes[index + 1] ?? 0)).toString(16)] : []))
  return `${words.join(family === 'ipv4' ? '.' : ':')}/${prefix}`
}

/** In ECMAScript 5, since its readers may be old. */
const program = `function portolanLists(host) {
  var has = function (table, key) {
    return Object.prototype.hasOwnProperty.call(table, key);
  };
  var name = host.toLowerCase().replace(/^\\[|\\]$|\\.$/g, "");
  var words = portolanWords(name);
  if (words) {
    for (var i = 0; i < portolan.prefixes.length; i++) {
      if (has(portolan.networks, portolanNetwork(words, portolan.prefixes[i]))) return true;
    }
    return false;
  }
  for (var p = 0; p < portolan.patterns.length; p++) {
    if (new RegExp(portolan.patterns[p]).test(name)) return true;
  }
  name += ".";
  if (has(portolan.hosts, name)) return true;
  for (var dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (has(portolan.subdomainsOf, name.slice(dot + 1))) return true;
  }
  return false;
}

// The numbers of an address: 4 of 8 bits, or 8 of 16 bits; null for a name.
function portolanWords(host) {
  if (/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(host)) {
    return host.split(".").map(Number);
  }
  if (!/^[0-9a-f:]+$/.test(host) || host.indexOf(":") < 0) return null;
  var read = function (text) {
    return text === "" ? [] : text.split(":").map(function (word) { return parseInt(word, 16); });
  };
  var halves = host.split("::");
  var words = read(halves[0]);
  if (halves.length === 1) return words;
  var rest = read(halves[1]);
  while (words.length + rest.length < 8) words.push(0);
  return words.concat(rest);
}

// The network of this length that an address is in, as the table writes it.
function portolanNetwork(words, prefix) {
  var bits = words.length === 4 ? 8 : 16;
  if (prefix > words.length * bits) return "";
  var masked = words.map(function (word, index) {
    var off = Math.min(bits, Math.max(0, (index + 1) * bits - prefix));
    return ((word >> off) << off).toString(bits === 8 ? 10 : 16);
  });
  return masked.join(bits === 8 ? "." : ":") + "/" + prefix;
}
`

const decision = `function FindProxyForURL(url, host) {
  return portolanLists(host) ? "DIRECT" : "PROXY 127.0.0.1:9";
}
`
