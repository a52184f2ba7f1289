import type { CountedSlice } from '../../catalogue/export/slices.ts'
import type { LookedUp } from '../../catalogue/lookup/places.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Profile, RequirementFields } from '../../domain/document/document.ts'
import type { TimelineEntry } from '../../domain/event/timeline.ts'
import type { ExportReport } from '../../domain/export/export-report.ts'
import type { Counts } from '../../domain/history/revision.ts'
import type { Audit } from '../../domain/lookup/audit.ts'
import type { AuditPage } from '../../domain/lookup/audit-page.ts'
import type { Entry } from '../../domain/mirror/delta.ts'
import type { Tombstone } from '../../domain/mirror/tombstone.ts'
import type { PortRange, Service } from '../../domain/network/network-service.ts'
import type { FeedRef, RevisionRef, ViewEndpoint, ViewFeed } from '../../domain/view/view.ts'
import type { NamedRow } from '../../render/export/flat-rows.ts'
import type { Format } from '../../render/export/format.ts'
import type { deadLetterJson, deliveryJson } from '../../render/webhook/subscription-json.ts'
import type { PageInfo } from './connection.ts'
import type { DiffNode } from './diff-node.ts'
import type { EventNode, EventPage } from './event-node.ts'
import type { LookupPage } from './lookup-page.ts'
import type { PublishedNode } from './published-node.ts'
import type { RevisionNode } from './revision-node.ts'
import type { SubscriptionNode } from './subscription-node.ts'
import type { CatalogueRead, EndpointNode, RequirementNode } from './tree.ts'

/**
 * The object behind each type of the schema: what a resolver of a field gets as its source, and what a field that leads to the type has to
 * give. Connections and their edges are made of these. A type that is missing here does not compile.
 */
export interface SourceTypes {
  readonly Catalogue: CatalogueRead
  readonly Component: Item<Profile['components']>
  readonly Variable: Item<Profile['variables']>
  readonly Guidance: Item<Profile['guidance']>
  readonly Requirement: RequirementNode
  readonly Service: Service
  readonly PortRange: PortRange
  readonly Icmp: NonNullable<Service['icmp']>
  readonly Proxy: NonNullable<RequirementFields['proxy']>
  readonly ExternalId: { readonly namespace: string; readonly value: string }
  readonly Reference: Item<RequirementFields['references']>
  readonly Endpoint: EndpointNode
  readonly FeedRevision: FeedRef
  readonly ViewFeed: ViewFeed
  readonly FeedSelection: { readonly field: string; readonly values: readonly string[] }
  readonly EndpointRow: NamedRow

  readonly Revision: RevisionNode
  readonly RevisionRef: RevisionRef | EventNode['revision']
  readonly Counts: Counts
  readonly Change: Change
  readonly ChangedEndpoint: NonNullable<Change['endpoint']>
  readonly Diff: DiffNode
  readonly DiffSide: DiffNode['from']
  readonly EditionChange: NonNullable<DiffNode['edition']>
  readonly TimelineEntry: TimelineEntry

  readonly Slice: CountedSlice
  readonly SliceCounts: CountedSlice['counts']
  readonly Export: ExportNode
  readonly ExportReport: ExportReport
  readonly ExtraAddresses: ExportReport['extraAddresses']
  readonly ExportFinding: Item<ExportReport['omissions'] | ExportReport['widenings']>
  readonly ExportFormat: Format

  readonly LookupConnection: LookupPage
  readonly LookupItem: LookedUp
  readonly FoundRequirement: RequirementFields
  readonly FoundEndpoint: ViewEndpoint
  readonly Audit: AuditPage & { readonly cursor?: string }
  readonly InvalidEntry: Item<Audit['invalid']>
  readonly Need: Item<Item<Audit['retired']>['neededElsewhere']>
  readonly AuditResult: Item<Audit['current']>
  readonly AuditMatch: Item<Item<Audit['current']>['matches']>
  readonly MissingEndpoint: Item<Audit['missing']>
  readonly MissingRequirement: Item<Item<Audit['missing']>['requirements']>

  readonly Event: EventNode
  readonly EventLinks: EventNode['links']
  readonly EventConnection: EventPage
  readonly Delta: DeltaNode
  readonly DeltaPage: DeltaNode['page']
  readonly DeltaEntry: Entry
  readonly Tombstone: Tombstone

  readonly WebhookSubscription: SubscriptionNode
  readonly SubscriptionFilter: NonNullable<SubscriptionNode['filter']>
  readonly Replay: NonNullable<SubscriptionNode['replay']>
  readonly Delivery: ReturnType<typeof deliveryJson>
  readonly DeadLetter: ReturnType<typeof deadLetterJson>

  readonly PublishPayload: PublishedNode
  readonly SubscriptionPayload: SubscriptionPayload
  readonly SubscriptionSecretPayload: SubscriptionPayload & { readonly secret: string }
  readonly DeleteSubscriptionPayload: { readonly id: string }
  readonly RedriveDeadLettersPayload: SubscriptionPayload & { readonly count: number }

  readonly PageInfo: PageInfo
  readonly _Service: { readonly sdl: string }
}

type Item<List> = NonNullable<List> extends readonly (infer T)[] ? T : never

interface SubscriptionPayload {
  readonly subscription: SubscriptionNode
}

interface ExportNode {
  readonly format: string
  readonly url: string
  readonly currentUrl: string
  readonly mediaType: string
  readonly fileName: string
  readonly size: number
  readonly digest: string
  readonly report: ExportReport
}

interface DeltaNode {
  readonly items: readonly Entry[]
  readonly page: { readonly next: string | undefined; readonly cursor: string | undefined }
  readonly seq: number
  readonly epoch: string
  readonly count: number | undefined
  readonly digest: string | undefined
}
