import type { Document, Profile, RequirementFields } from '../document/document.ts'
import type { Endpoint, Status } from '../document/endpoint.ts'
import type { Revision } from '../history/revision.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'
import { intervalAt, statusAt, type WrittenInterval, writtenInterval } from './lifetime.ts'

/** A revision of the catalogue of a feed. */
export interface FeedRef {
  readonly catalogue: string
  /** The number of the revision. */
  readonly revision: number
}

/** What became of a reference to a feed. The last two leave it out: no row stands in its place. */
export const feedOutcomes = ['resolved', 'unresolved', 'unbounded'] as const
export type FeedOutcome = (typeof feedOutcomes)[number]
export type LeftOut = Exclude<FeedOutcome, 'resolved'>

export interface OfCatalogue {
  /** Id of the catalogue, in what a site merges from several. A key names a requirement within its catalogue alone. */
  readonly catalogue?: string
}

/** The key of a requirement, after the id of its catalogue where a site merged several: `catalogue/requirement`. */
export function qualifiedKey({ catalogue, key }: OfCatalogue & { readonly key: string }): string {
  return catalogue === undefined ? key : `${catalogue}/${key}`
}

/** A reference to a feed, and what became of it where references were to be resolved. */
export interface ViewFeed<Outcome extends FeedOutcome = FeedOutcome> extends OfCatalogue {
  /** Key of the requirement that refers to the feed. */
  readonly requirement: string
  readonly value: string
  readonly url: string
  readonly outcome: Outcome
  /** Absent: no catalogue publishes the feed. */
  readonly feed?: FeedRef
  /** Other catalogues that publish the same feed, and that were not read. */
  readonly others?: readonly string[]
}

/** What the resolution of feeds adds to endpoints. */
interface FeedMarks {
  /** The endpoint is a row of a feed to which the requirement refers. */
  readonly basis?: 'feed'
  readonly feed?: FeedRef
  /** Of a reference that is left out: why. It stays among the endpoints until it is counted. */
  readonly leftOut?: ViewFeed<LeftOut>
}

export const originKinds = ['catalogue', 'binding', 'feed', 'overlay'] as const

/** What put a row into the view of a site. */
export interface Origin {
  readonly kind: (typeof originKinds)[number]
  /** Id of a catalogue or of an overlay, or name of a role or variable. */
  readonly ref: string
  /** Revision of the catalogue, or of the site for bindings and overlays. */
  readonly revision: number
}

/** What the merge of a site adds to endpoints. */
interface SiteMarks {
  /** The role that the value plays. */
  readonly role?: string
  readonly origin?: Origin
  /**
   * Addresses, CIDRs and host names of the end at which the product is, sorted: the source of what goes out, the destination of what comes
   * in. Absent: not known, so any.
   */
  readonly source?: readonly string[]
}
type Marked<T> = T extends unknown ? T & FeedMarks & SiteMarks : never
/** An endpoint of a document in which references to feeds may be resolved, and that a site may have merged. */
export type ResolvedEndpoint = Marked<Endpoint>

type WithStatus<T> = T extends unknown ? T & { readonly status: Status } : never
export type ViewEndpoint = WithStatus<ResolvedEndpoint>

export interface ViewRequirement extends RequirementFields, OfCatalogue {
  readonly endpoints: readonly ViewEndpoint[]
}

export interface RevisionRef {
  readonly number: number
  readonly label: string
  /** RFC 3339 */
  readonly publishedAt: string
  readonly digest: string
}

/** A revision of a site. It has no label. */
export type SiteRevisionRef = Omit<RevisionRef, 'label'>

interface Viewed extends WrittenInterval {
  readonly requirements: readonly ViewRequirement[]
  /** The references to feeds, where they were to be resolved and there are some. */
  readonly feeds?: readonly ViewFeed[]
}

/** The document of a catalogue, read at an instant. */
export interface CatalogueView extends Profile, Viewed {
  readonly revision: RevisionRef
}

/** A catalogue as a view of a site has it. */
export interface TakenRevision {
  readonly id: string
  readonly title: string
  readonly revision: RevisionRef
}

/** What a site merges of its catalogues, read at an instant. */
export interface SiteView extends Viewed {
  readonly id: string
  readonly title: string
  readonly revision: SiteRevisionRef
  /** Those that have a revision at the clocks of the read. */
  readonly catalogues: readonly TakenRevision[]
}

/** A document read at an instant. Nothing in it changes while the clock is in `[validFrom, validUntil)`. */
export type View = CatalogueView | SiteView

export function isSiteView(view: View): view is SiteView {
  return 'catalogues' in view
}

/** When the newest of the documents that a view is made of was published, RFC 3339. */
export function newestPublish(view: View): string {
  const parts = isSiteView(view) ? view.catalogues.map(({ revision }) => revision.publishedAt) : []
  return [view.revision.publishedAt, ...parts].reduce((a, b) => (readInstant(a) < readInstant(b) ? b : a))
}

export function revisionRef({ number, label, publishedAt, digest }: Revision): RevisionRef {
  return { number, label, publishedAt: formatInstant(publishedAt), digest }
}

export function siteRevisionRef({
  number,
  publishedAt,
  digest
}: Pick<Revision, 'number' | 'publishedAt' | 'digest'>): SiteRevisionRef {
  return { number, publishedAt: formatInstant(publishedAt), digest }
}

/** The endpoint with its status. The status comes after the fields that identify the endpoint. */
export function withStatus(endpoint: ResolvedEndpoint, instant: Instant): ViewEndpoint {
  const status = statusAt(endpoint, instant)
  if (endpoint.kind === 'any') {
    const { kind, ...rest } = endpoint
    return { kind, status, ...rest }
  }
  const { kind, value, ...rest } = endpoint
  // Taking the union apart loses which fields go with which kind. No field was added or dropped.
  return { kind, value, status, ...rest } as ViewEndpoint
}

/** A document, whole or in part. The edition is not needed, since a view does not have it. */
export interface Viewable extends Profile {
  readonly edition?: Document['edition']
  readonly requirements: readonly ViewableRequirement[]
}

export interface ViewableRequirement extends RequirementFields, OfCatalogue {
  readonly endpoints: readonly ResolvedEndpoint[]
}

/** `interval`: in which the view holds, where that depends on other catalogues too. */
export function viewAt(
  document: Viewable,
  revision: Revision,
  instant: Instant,
  interval = intervalAt(revision.transitions, instant)
): CatalogueView {
  const { edition: _, guidance, requirements, ...profile } = document
  return {
    ...profile,
    revision: revisionRef(revision),
    ...writtenInterval(interval),
    ...(guidance && { guidance }),
    requirements: requirementsAt(requirements, instant)
  }
}

/** The requirements with the statuses that their endpoints have at an instant. */
export function requirementsAt(
  requirements: readonly ViewableRequirement[],
  instant: Instant
): readonly ViewRequirement[] {
  return requirements.map(({ endpoints, ...fields }) => ({
    ...fields,
    endpoints: endpoints.map((endpoint) => withStatus(endpoint, instant))
  }))
}
