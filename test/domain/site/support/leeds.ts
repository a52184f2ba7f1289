import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Document } from '../../../../src/domain/document/document.ts'
import { parseDocument } from '../../../../src/domain/document/parse-document.ts'
import type { Fault } from '../../../../src/domain/errors.ts'
import { parseYaml } from '../../../../src/domain/json/yaml.ts'
import { namesIn } from '../../../../src/domain/site/known-names.ts'
import { parseSite } from '../../../../src/domain/site/parse-site.ts'
import type { SiteDocument } from '../../../../src/domain/site/site-document.ts'
import { repository } from '../../../support/repository.ts'

export const gatewayId = 'clearswift-exchange-gateway-4.8'
export const publishedAt = Date.UTC(2026, 10, 28)

/** A site in full, as its author writes it. */
export const leedsText = `id: leeds
title: Leeds
timeZone: Europe/London
catalogues:
  - id: clearswift-exchange-gateway-4.8
    without: [rss-feed]
    conditions:
      kaspersky-av-updates: true
      kaspersky-ksn-lookup: false
bindings:
  - {role: administrators, values: [10.20.4.0/24]}
  - {role: peer-gateways, values: [10.30.0.9, "fd00:30::9"]}
  - {role: pmm-users, values: [10.64.0.0/12]}
  - {role: directory-servers, values: [10.20.3.1, 10.20.3.2]}
  - {role: directory-servers, catalogue: clearswift-exchange-gateway-4.8, requirement: directory-access, values: [10.20.3.9]}
  - {role: backup-server, values: [10.20.6.1]}
  - {role: lexical-data-server, values: [10.20.5.1]}
  - {role: snmp-manager, values: [10.20.7.1]}
  - role: syslog-server
    values:
      - {value: 10.20.1.5, until: 2027-03-01}
      - {value: 10.20.9.0/28, from: 2027-03-01}
  - {role: self, catalogue: clearswift-exchange-gateway-4.8, values: [10.30.0.8, "fd00:30::8"]}
overlays:
  - {id: no-help, action: suppress, catalogue: clearswift-exchange-gateway-4.8, requirement: appliance-online-help, until: 2027-04-01, reason: help is read elsewhere, ticket: CHG0042}
  - {id: case-771, action: add, catalogue: clearswift-exchange-gateway-4.8, requirement: kaspersky-av-updates, endpoint: {kind: address, value: 203.0.113.9}, until: 2027-01-15, reason: vendor case 771}
  - {id: late-repo, action: extend, catalogue: clearswift-exchange-gateway-4.8, requirement: product-os-updates, endpoint: {kind: address, value: 46.51.174.180}, until: 2027-02-20, reason: mirror not switched yet}
unbound: omit
`

function gatewayText(): string {
  return readFileSync(join(repository, 'catalogues', gatewayId, '2-2.3.yaml'), 'utf8')
}

/** The gateway, with an end of its syslog servers and of one of its mirrors. */
export function gateway(): Document {
  const parsed = parseDocument(readYaml(gatewayText()))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const ends = new Map([
    ['syslog-server', '2027-06-01T00:00:00Z'],
    ['46.51.174.180', '2027-02-01T00:00:00Z']
  ])
  return {
    ...parsed.document,
    requirements: parsed.document.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.map((endpoint) => {
        const until = endpoint.kind === 'any' ? undefined : ends.get(endpoint.value)
        return until === undefined ? endpoint : { ...endpoint, until }
      })
    }))
  }
}

export function readYaml(text: string): unknown {
  const read = parseYaml(new TextEncoder().encode(text))
  if (!('value' in read)) throw new Error(JSON.stringify(read))
  return read.value
}

/** Reads a site that takes the gateway. */
function readSite(text: string, documents: readonly Document[] = [gateway()]) {
  const read = parseYaml(new TextEncoder().encode(text))
  if (!('value' in read)) throw new Error(JSON.stringify(read))
  const catalogues = new Map(documents.map((document) => [document.id, { current: namesIn([document]) }]))
  const ids = [gatewayId, 'veeam-backup']
  return parseSite(read.value, { id: 'leeds', source: read.source, catalogues, catalogueIds: ids, publishedAt })
}

export function siteOf(text: string, documents?: readonly Document[]): SiteDocument {
  const parsed = readSite(text, documents)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults, undefined, 1))
  return parsed.site
}

export function siteFaults(text: string): readonly Fault[] {
  const parsed = readSite(text)
  return 'faults' in parsed ? parsed.faults : []
}
