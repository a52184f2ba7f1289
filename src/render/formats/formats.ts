import type { Format } from '../export/format.ts'
import { acl } from './acl.ts'
import { aerleon } from './aerleon.ts'
import { ansible } from './ansible.ts'
import { awsDomainList, awsNetworkFirewall } from './aws-network-firewall.ts'
import { awsPrefixList } from './aws-prefix-list.ts'
import { awsSecurityGroup } from './aws-security-group.ts'
import { azureNsg } from './azure-nsg.ts'
import { capirca } from './capirca.ts'
import { checkpointFeed } from './checkpoint-feed.ts'
import { checkpointGdc } from './checkpoint-gdc.ts'
import { cilium } from './cilium.ts'
import { ciscoAsa } from './cisco-asa.ts'
import { ciscoIp } from './cisco-ip.ts'
import { csv } from './csv.ts'
import { dnsmasq } from './dnsmasq.ts'
import { edlDomain, edlIp, edlUrl } from './edl.ts'
import { firewalld } from './firewalld.ts'
import { fortinetDomain, fortinetIp } from './fortinet.ts'
import { fortios } from './fortios.ts'
import { gcpFirewall } from './gcp-firewall.ts'
import { ipset } from './ipset.ts'
import { iptables } from './iptables.ts'
import { jsonLines } from './json-lines.ts'
import { junos, junosPrefixList } from './junos.ts'
import { kubernetes } from './kubernetes.ts'
import { markdown } from './markdown.ts'
import { mikrotik } from './mikrotik.ts'
import { mud } from './mud.ts'
import { nftables } from './nftables.ts'
import { opnsenseAlias } from './opnsense-alias.ts'
import { pac } from './pac.ts'
import { panos } from './panos.ts'
import { plainHost, plainIp } from './plain.ts'
import { prometheus } from './prometheus.ts'
import { rpz } from './rpz.ts'
import { squid } from './squid.ts'
import { terraform } from './terraform.ts'
import { xlsx } from './xlsx.ts'

/** The one table of export formats, in the order in which they are listed. */
export const formats: readonly Format[] = [
  plainIp,
  plainHost,
  edlIp,
  edlUrl,
  edlDomain,
  fortinetIp,
  fortinetDomain,
  checkpointFeed,
  ciscoIp,
  nftables,
  ipset,
  iptables,
  firewalld,
  mikrotik,
  fortios,
  panos,
  ciscoAsa,
  junos,
  junosPrefixList,
  checkpointGdc,
  squid,
  dnsmasq,
  pac,
  rpz,
  terraform,
  ansible,
  aerleon,
  capirca,
  mud,
  acl,
  kubernetes,
  cilium,
  awsPrefixList,
  awsSecurityGroup,
  awsNetworkFirewall,
  awsDomainList,
  azureNsg,
  gcpFirewall,
  opnsenseAlias,
  prometheus,
  csv,
  xlsx,
  markdown,
  jsonLines
]
