/** What a snippet is filled in with. */
interface SnippetFacts {
  /** The absolute URL of the export. It has no quotes and no spaces. */
  readonly url: string
  readonly format: string
  /** The name of the slice; absent: the whole catalogue. */
  readonly slice?: string
  readonly extension: string
}

/** How a device is told to fetch an export, by the name of the format. */
export type Snippet = (facts: SnippetFacts) => string

/** The URL with one more parameter. */
function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${value}`
}

/** A name of at most 31 characters, which is what PAN-OS takes. */
function listName({ slice }: SnippetFacts): string {
  return `portolan-${slice ?? 'all'}`.slice(0, 31)
}

/** Fetches a file only where it has changed, and puts it into place as a whole. */
export const fetchFile: Snippet = ({ url, extension }) =>
  [
    `curl -fsS --etag-compare portolan.etag --etag-save portolan.etag -o portolan.new '${url}'`,
    `test ! -s portolan.new || mv portolan.new portolan.${extension}`
  ].join('\n')

const panosTypes: Readonly<Record<string, string>> = { 'edl-ip': 'ip', 'edl-url': 'url', 'edl-domain': 'domain' }

export const panosSnippet: Snippet = (facts) => {
  const type = panosTypes[facts.format]
  if (type === undefined) return `# in configure mode, what this URL answers:\ncurl -fsS '${facts.url}'`
  const list = `set external-list ${listName(facts)} type ${type}`
  return [`${list} url ${facts.url}`, `${list} certificate-profile PROFILE`, `${list} recurring five-minute`].join('\n')
}

export const fortinetSnippet: Snippet = (facts) =>
  facts.format === 'fortios'
    ? `# commands for the command line of the device:\ncurl -fsS '${facts.url}'`
    : [
        'config system external-resource',
        `    edit "${listName(facts)}"`,
        `        set type ${facts.format === 'fortinet-ip' ? 'address' : 'domain'}`,
        `        set resource "${facts.url}"`,
        '        set refresh-rate 5',
        '    next',
        'end'
      ].join('\n')

export const checkpointSnippet: Snippet = (facts) =>
  facts.format === 'checkpoint-gdc'
    ? `mgmt_cli add data-center-server name "portolan" type "generic" url "${facts.url}" interval "300"`
    : [
        `mgmt_cli add network-feed name "${listName(facts)}" feed-url "${facts.url}" \\`,
        '  feed-type "IP Address/Domain" feed-format "Flat List" \\',
        '  ignore-lines-that-start-with "#" update-interval 5'
      ].join('\n')

export const ciscoSnippet: Snippet = (facts) =>
  facts.format === 'cisco-asa'
    ? `# commands for the command line of the device:\ncurl -fsS '${facts.url}'`
    : [
        'Objects > Security Intelligence > Network Lists and Feeds > Add',
        `  Name:     ${listName(facts)}`,
        '  Type:     Feed',
        `  Feed URL: ${withParameter(facts.url, 'mode', 'security-intelligence')}`,
        '  Update Frequency: 5 minutes',
        'or, for the generic text connector of the Dynamic Attributes Connector:',
        `  URL:      ${withParameter(facts.url, 'mode', 'csdac')}`
      ].join('\n')

export const senseSnippet: Snippet = (facts) => {
  if (facts.format === 'opnsense-alias') return `# import the file under Firewall > Aliases:\n${fetchFile(facts)}`
  const isNames = facts.format === 'plain-host'
  return [
    'Firewall > Aliases > Add',
    `  Name:             ${listName(facts).replaceAll('-', '_')}`,
    `  Type:             ${isNames ? 'URL (IPs) or a list of host names' : 'URL Table (IPs)'}`,
    `  URL:              ${isNames ? withParameter(facts.url, 'wildcards', 'omit') : facts.url}`,
    '  Update Frequency: 1 day, the shortest'
  ].join('\n')
}

export const linuxSnippet: Snippet = (facts) => {
  const { format, url } = facts
  const get = (file: string, from = url) => `curl -fsS -o ${file} '${from}'`
  switch (format) {
    case 'nftables':
      return `${get('portolan.nft')}\nnft -c -f portolan.nft && nft -f portolan.nft`
    case 'ipset':
      return `${get('portolan.ipset')}\nipset -exist restore < portolan.ipset`
    case 'iptables':
      return `${get('portolan.v4', withParameter(url, 'part', 'v4'))}\niptables-restore --test --noflush < portolan.v4 && iptables-restore --noflush < portolan.v4`
    default:
      return `${get('portolan.tar')}\ntar -xf portolan.tar -C /etc/firewalld && firewall-cmd --check-config && firewall-cmd --reload`
  }
}

export const proxySnippet: Snippet = (facts) => {
  const { format, url } = facts
  switch (format) {
    case 'squid':
      return [
        ...['dst', 'dstdomain'].map(
          (part) => `curl -fsS -o /etc/squid/portolan.${part} '${withParameter(url, 'part', part)}'`
        ),
        '# in squid.conf:',
        'acl portolan_dst dst "/etc/squid/portolan.dst"',
        'acl portolan_names dstdomain -n "/etc/squid/portolan.dstdomain"',
        '# then:',
        'squid -k parse && squid -k reconfigure'
      ].join('\n')
    case 'dnsmasq':
      return `curl -fsS -o /etc/dnsmasq.d/portolan.conf '${url}'\ndnsmasq --test && systemctl restart dnsmasq`
    case 'rpz':
      return `curl -fsS -o /var/lib/bind/portolan.zone '${url}'\nnamed-checkzone portolan /var/lib/bind/portolan.zone && rndc reload portolan`
    default:
      return `# as the address of the automatic proxy configuration:\n${url}`
  }
}

export const clusterSnippet: Snippet = (facts) =>
  facts.format === 'kubernetes' || facts.format === 'cilium'
    ? `curl -fsS '${facts.url}' | kubectl apply -n NAMESPACE -f -`
    : fetchFile(facts)

export const tableSnippet: Snippet = (facts) =>
  [
    '# curl',
    fetchFile(facts),
    '# PowerShell',
    `Invoke-WebRequest -Uri '${facts.url}' -OutFile portolan.${facts.extension}`,
    '# Python',
    'import urllib.request',
    `urllib.request.urlretrieve('${facts.url}', 'portolan.${facts.extension}')`
  ].join('\n')
