import type { SelectField } from '../select.ts'

/** What `select` knows of each provider's list, and where the documents that are made of it keep that. */
export const selectFields = {
  aws: [
    { name: 'service', kept: { externalId: 'aws-service' } },
    { name: 'region', kept: { externalId: 'aws-region' } },
    { name: 'network_border_group', kept: { endpointTag: 'border-group-', otherwise: 'region' } }
  ],
  m365: [
    { name: 'id', kept: { externalId: 'm365-id' } },
    { name: 'serviceArea', kept: { externalId: 'm365-service-area' } },
    { name: 'category', kept: { externalId: 'm365-category' } },
    { name: 'required', kept: { isRequired: true } },
    { name: 'expressRoute', kept: { flag: 'express-route' } }
  ],
  azure: [
    { name: 'name', kept: { title: true } },
    { name: 'region', kept: { externalId: 'azure-region' } },
    { name: 'systemService', kept: { externalId: 'azure-system-service' } }
  ],
  gcp: [
    { name: 'service', kept: { externalId: 'gcp-service' } },
    { name: 'scope', kept: { externalId: 'gcp-scope' } }
  ],
  github: [{ name: 'key', kept: { externalId: 'github' } }],
  oracle: [
    { name: 'tag', kept: { externalId: 'oracle-tag' } },
    { name: 'region', kept: { externalId: 'oracle-region' } }
  ],
  atlassian: [
    { name: 'product', kept: { externalId: 'atlassian-product' } },
    { name: 'direction', kept: { externalId: 'atlassian-direction' } },
    { name: 'perimeter', kept: { externalId: 'atlassian-perimeter' } },
    { name: 'region', kept: { endpointTag: 'region-' } }
  ],
  zscaler: [
    { name: 'continent', kept: { externalId: 'zscaler-continent' } },
    { name: 'city', kept: { externalId: 'zscaler-city' } }
  ]
} as const satisfies Readonly<Record<string, readonly SelectField[]>>
