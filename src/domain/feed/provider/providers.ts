import type { Adapter } from '../adapter.ts'
import { gatherAzure } from '../gathering/azure-gathering.ts'
import { gatherCloudflare } from '../gathering/cloudflare-gathering.ts'
import { gatherM365 } from '../gathering/m365-gathering.ts'
import { selectFields } from './select-fields.ts'

/** The adapters of the lists that providers publish. */
export const providers = [
  {
    name: 'aws',
    kind: 'list',
    title: 'ip-ranges.json of Amazon Web Services',
    url: 'https://ip-ranges.amazonaws.com/ip-ranges.json',
    provider: { title: 'AWS IP address ranges', vendor: 'Amazon Web Services', product: 'AWS' },
    tokens: 'rising',
    fields: selectFields.aws,
    load: async () => (await import('./aws-adapter.ts')).readAwsFeed
  },
  {
    name: 'm365',
    kind: 'list',
    title: 'endpoints of Microsoft 365',
    url: 'https://endpoints.office.com/endpoints/Worldwide',
    provider: { title: 'Microsoft 365 endpoints', vendor: 'Microsoft', product: 'Microsoft 365' },
    tokens: 'rising',
    fields: selectFields.m365,
    gather: gatherM365,
    load: async () => (await import('./m365-adapter.ts')).readM365Feed
  },
  {
    name: 'azure',
    kind: 'list',
    title: 'service tags of Azure',
    url: 'https://www.microsoft.com/download/details.aspx?id=56519',
    provider: { title: 'Azure service tags', vendor: 'Microsoft', product: 'Azure' },
    tokens: 'rising',
    fields: selectFields.azure,
    gather: gatherAzure,
    load: async () => (await import('./azure-adapter.ts')).readAzureFeed
  },
  {
    name: 'gcp',
    kind: 'list',
    title: 'cloud.json or goog.json of Google',
    url: 'https://www.gstatic.com/ipranges/cloud.json',
    provider: { title: 'Google IP address ranges', vendor: 'Google', product: 'Google Cloud' },
    tokens: 'rising',
    fields: selectFields.gcp,
    load: async () => (await import('./gcp-adapter.ts')).readGcpFeed
  },
  {
    name: 'github',
    kind: 'list',
    title: 'the meta document of GitHub',
    url: 'https://api.github.com/meta',
    provider: { title: 'GitHub addresses and domains', vendor: 'GitHub', product: 'GitHub' },
    fields: selectFields.github,
    load: async () => (await import('./github-adapter.ts')).readGithubFeed
  },
  {
    name: 'oracle',
    kind: 'list',
    title: 'public_ip_ranges.json of Oracle Cloud',
    url: 'https://docs.oracle.com/iaas/tools/public_ip_ranges.json',
    provider: { title: 'Oracle Cloud IP address ranges', vendor: 'Oracle', product: 'Oracle Cloud Infrastructure' },
    tokens: 'rising',
    fields: selectFields.oracle,
    load: async () => (await import('./oracle-adapter.ts')).readOracleFeed
  },
  {
    name: 'cloudflare',
    kind: 'list',
    title: 'addresses of Cloudflare',
    url: 'https://api.cloudflare.com/client/v4/ips',
    provider: { title: 'Cloudflare IP address ranges', vendor: 'Cloudflare', product: 'Cloudflare' },
    gather: gatherCloudflare,
    load: async () => (await import('./cloudflare-adapter.ts')).readCloudflareFeed
  },
  {
    name: 'fastly',
    kind: 'list',
    title: 'public addresses of Fastly',
    url: 'https://api.fastly.com/public-ip-list',
    provider: { title: 'Fastly IP address ranges', vendor: 'Fastly', product: 'Fastly' },
    load: async () => (await import('./fastly-adapter.ts')).readFastlyFeed
  },
  {
    name: 'atlassian',
    kind: 'list',
    title: 'address ranges of Atlassian',
    url: 'https://ip-ranges.atlassian.com/',
    provider: { title: 'Atlassian IP address ranges', vendor: 'Atlassian', product: 'Atlassian Cloud' },
    tokens: 'rising',
    fields: selectFields.atlassian,
    load: async () => (await import('./atlassian-adapter.ts')).readAtlassianFeed
  },
  {
    name: 'zscaler',
    kind: 'list',
    title: 'enforcement nodes of Zscaler',
    url: 'https://config.zscaler.com/api/zscaler.net/cenr/json',
    provider: { title: 'Zscaler enforcement nodes', vendor: 'Zscaler', product: 'Zscaler Internet Access' },
    fields: selectFields.zscaler,
    load: async () => (await import('./zscaler-adapter.ts')).readZscalerFeed
  }
] as const satisfies readonly Adapter[]
