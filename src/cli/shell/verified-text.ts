import type { Verified } from '../../store/integrity/verify.ts'

/** What was verified, in a sentence or two. */
export function verifiedText({ signingKeys, ...verified }: Verified): string {
  const { catalogues, sites, revisions, requirements, endpoints, events, epoch } = verified
  const keys =
    signingKeys === undefined
      ? 'The keys that sign webhooks were not verified: they are sealed, and the key for that is not given.'
      : `Keys that sign webhooks: ${signingKeys}.`
  return `Verified: ${catalogues} catalogues with ${revisions} revisions, made of ${requirements} rows of requirements and ${endpoints} of endpoints;${sites === 0 ? '' : ` ${sites} sites;`} ${events} events without a gap, in epoch ${epoch}. All digests, links and checksums are right. ${keys}`
}
