import type { Catalogues } from '../../catalogue/catalogues.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import { portName } from '../../domain/lookup/audit-port.ts'

/** What one may look up, from the first catalogue where there is one, so that the answers say something. */
export async function lookupExamples(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>
): Promise<readonly string[]> {
  const [head] = catalogues.heads.all()
  const requirements = head ? (await loadDocument(catalogues, head.revision)).requirements : []
  const endpoints = requirements.flatMap((requirement) => requirement.endpoints)
  const host = endpoints.find(({ kind }) => kind === 'host')
  const address = endpoints.find(({ kind, until }) => kind === 'address' && until === undefined)
  const ending = endpoints.find(({ kind, until }) => kind === 'address' && until !== undefined)
  const service = requirements.flatMap(({ services }) => services).find(({ ports }) => ports)
  const [ports] = service?.ports ?? []
  const values = [ending, address, host].flatMap((endpoint) =>
    endpoint && endpoint.kind !== 'any' ? endpoint.value : []
  )
  return [
    ...values,
    ...(host?.kind === 'host' ? [`https://${host.value}/`] : []),
    ...(address?.kind === 'address' ? [`${address.value}:443`] : []),
    ...(service && ports ? [portName({ transport: service.transport, ...ports })] : ['tcp/443'])
  ]
}
