import type { DeviceName } from '../../domain/export/device-limit.ts'
import {
  checkpointSnippet,
  ciscoSnippet,
  clusterSnippet,
  fetchFile,
  fortinetSnippet,
  linuxSnippet,
  panosSnippet,
  proxySnippet,
  type Snippet,
  senseSnippet,
  tableSnippet
} from './snippets.ts'

/** A tool that reads exports, and how it is told to. */
export interface Device {
  readonly name: string
  readonly title: string
  /** The names of the formats that it reads, the usual one first. */
  readonly formats: readonly string[]
  /** The limits that may be checked for it. */
  readonly limits: readonly DeviceName[]
  /** Where the key stands, where reads need one. */
  readonly key: string
  /** How often it fetches. */
  readonly refresh: string
  readonly snippet: Snippet
}

const header =
  'The header field Authorization: Bearer KEY (curl: -H), or the password of Basic authentication (curl: -u :KEY).'
const scheduled = 'As often as your scheduler runs it; where nothing changed, the answer is 304.'

/** The one list of devices, in the order in which people choose one. */
export const devices: readonly Device[] = [
  {
    name: 'panos',
    title: 'Palo Alto PAN-OS',
    formats: ['edl-ip', 'edl-url', 'edl-domain', 'panos'],
    limits: ['panos', 'panos-large'],
    key: 'The password of Basic authentication, with any user name: set external-list NAME type TYPE auth username portolan password KEY.',
    refresh: 'Every five minutes.',
    snippet: panosSnippet
  },
  {
    name: 'fortios',
    title: 'Fortinet FortiOS',
    formats: ['fortinet-ip', 'fortinet-domain', 'fortios'],
    limits: ['fortinet', 'fortinet-7.4.4'],
    key: 'The password of Basic authentication, with any user name: set username portolan, set password KEY.',
    refresh: 'Every five minutes (set refresh-rate 5).',
    snippet: fortinetSnippet
  },
  {
    name: 'checkpoint',
    title: 'Check Point',
    formats: ['checkpoint-feed', 'checkpoint-gdc'],
    limits: [],
    key: 'The password of the feed, with any user name; for a data center object the custom header Authorization.',
    refresh: 'Every five minutes.',
    snippet: checkpointSnippet
  },
  {
    name: 'cisco',
    title: 'Cisco Secure Firewall, ASA',
    formats: ['cisco-ip', 'cisco-asa'],
    limits: ['cisco-si', 'cisco-csdac'],
    key: 'In the URL as the password of Basic authentication, https://portolan:KEY@HOST/…, where the device has no field for it.',
    refresh: 'Every five minutes.',
    snippet: ciscoSnippet
  },
  {
    name: 'sense',
    title: 'pfSense, OPNsense',
    formats: ['plain-ip', 'plain-host', 'opnsense-alias'],
    limits: ['pfsense-alias'],
    key: 'The password of Basic authentication in the alias (OPNsense), or in the URL (pfSense).',
    refresh: 'Once a day, which is the shortest; a cron job that updates the tables is quicker.',
    snippet: senseSnippet
  },
  {
    name: 'linux',
    title: 'Linux: nftables, ipset, iptables, firewalld',
    formats: ['nftables', 'ipset', 'iptables', 'firewalld'],
    limits: [],
    key: header,
    refresh: 'By a timer of systemd, such as every five minutes; examples/nftables has one.',
    snippet: linuxSnippet
  },
  {
    name: 'proxy',
    title: 'Squid, dnsmasq, PAC, RPZ',
    formats: ['squid', 'dnsmasq', 'pac', 'rpz'],
    limits: [],
    key: header,
    refresh: scheduled,
    snippet: proxySnippet
  },
  {
    name: 'other-firewall',
    title: 'Juniper Junos, MikroTik RouterOS',
    formats: ['junos', 'junos-prefix-list', 'mikrotik'],
    limits: [],
    key: header,
    refresh: scheduled,
    snippet: fetchFile
  },
  {
    name: 'cluster',
    title: 'Kubernetes, Cilium',
    formats: ['kubernetes', 'cilium'],
    limits: [],
    key: header,
    refresh: 'By GitOps: a job commits the file where it changed.',
    snippet: clusterSnippet
  },
  {
    name: 'cloud',
    title: 'AWS, Azure, Google Cloud',
    formats: [
      'aws-prefix-list',
      'aws-security-group',
      'aws-network-firewall',
      'aws-domain-list',
      'azure-nsg',
      'gcp-firewall'
    ],
    limits: ['aws-prefix-list', 'aws-security-group', 'azure-ip-group'],
    key: header,
    refresh: scheduled,
    snippet: clusterSnippet
  },
  {
    name: 'code',
    title: 'Terraform, Ansible, Aerleon, Capirca, MUD, RFC 8519',
    formats: ['terraform', 'ansible', 'aerleon', 'capirca', 'mud', 'acl'],
    limits: [],
    key: header,
    refresh: scheduled,
    snippet: fetchFile
  },
  {
    name: 'monitoring',
    title: 'Prometheus',
    formats: ['prometheus'],
    limits: [],
    key: 'authorization of the http_sd_config.',
    refresh: 'Every minute (refresh_interval).',
    snippet: fetchFile
  },
  {
    name: 'people',
    title: 'People and scripts',
    formats: ['csv', 'xlsx', 'markdown', 'jsonl'],
    limits: [],
    key: header,
    refresh: scheduled,
    snippet: tableSnippet
  }
]
