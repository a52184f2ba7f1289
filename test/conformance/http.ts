import { serverAudits } from 'graphql-http'
import type { Check } from './check.ts'

/**
 * All audits of GraphQL over HTTP. GET is for trusted documents: those that the audits send by GET are in `documents/`, and the service of
 * this run trusts them.
 */
export function httpChecks(service: string): readonly Check[] {
  const audits = serverAudits({ url: `${service}/graphql`, fetchFn: fetch })
  if (audits.length !== 61) throw new Error(`graphql-http has ${audits.length} audits, not 61`)
  return audits.map(({ id, name, fn }) => ({
    of: 'graphql-http',
    says: `${id} ${name}${isByGet(name) ? ' (of a trusted document)' : ''}`,
    async run() {
      const result = await fn()
      if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}`)
    }
  }))
}

function isByGet(name: string): boolean {
  return /\bGETs?\b/.test(name) && !name.includes('NOT')
}
