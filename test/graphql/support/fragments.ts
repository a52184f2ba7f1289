/** Everything that REST answers of these types, by the same names. */
const fragments = `
fragment Ref on RevisionRef { number label publishedAt digest }
fragment ServiceParts on Service { transport protocol ports { from to } sourcePorts { from to } icmp { type code } application }
fragment ProxyParts on Proxy { httpProxy tlsInspection }
fragment EndpointParts on Endpoint {
  kind value status from until serves replacedBy remarks tags title url select { field values } basis feed { catalogue revision }
}
fragment FoundEndpointParts on FoundEndpoint {
  kind value status from until serves replacedBy remarks tags title url select { field values } basis feed { catalogue revision }
}
fragment RequirementParts on Requirement {
  key previousKeys title scope direction necessity condition component inferred services { ...ServiceParts } proxy { ...ProxyParts } tags remarks
  owner externalIds { namespace value } references { title url }
}
fragment FoundRequirementParts on FoundRequirement {
  key title scope direction necessity condition component inferred services { ...ServiceParts } proxy { ...ProxyParts } tags remarks
  owner externalIds { namespace value } references { title url }
}
fragment CatalogueParts on Catalogue {
  id title vendor product version aliases timeZone successor endOfSupport announces components { key title } variables { key title pattern } guidance { key topic text }
  revision { number label publishedAt digest } validFrom validUntil
  feeds { requirement value url outcome feed { catalogue revision } others }
}
fragment ChangeParts on Change {
  op pointer requirement position endpoint { kind value } before after impact
}
fragment RowParts on EndpointRow {
  requirement title scope direction necessity transport protocol portFrom portTo sourcePorts { from to } icmp { type code } application
  kind value endpointTitle url status from until serves replacedBy remarks condition requirementRemarks httpProxy tlsInspection tags owner
  externalIds { namespace value } references { title url } inferred select { field values } component endpointTags basis feed { catalogue revision }
}
fragment RevisionParts on Revision {
  number label publishedAt recordedAt author authorKey summary reason reconstructed overrides counts { added removed changed } digest chain
}
fragment EventParts on Event {
  seq prevSeq epoch id type occurredAt effectiveAt lateByMs catalogue revision { number label digest }
  counts { added removed changed } changes { ...ChangeParts } truncated links { view diff document changePack feed held }
}
fragment EntryParts on DeltaEntry {
  op type id key parentKey seq data tombstone { reason at replacedBy }
}
fragment TimelineParts on TimelineEntry {
  at kind state revision { ...Ref } summary reason counts { added removed changed } changes { ...ChangeParts }
}
fragment AuditParts on AuditResult {
  value port detail matchCount matches { catalogue requirement match endpoint { ...FoundEndpointParts } }
}
`

/** An operation with the fragments that it uses, and those that they use. */
export function withFragments(operation: string): string {
  const known = new Map(
    fragments.split(/\n(?=fragment )/).flatMap((text) => {
      const name = /^fragment (\w+)/.exec(text)?.[1]
      return name === undefined ? [] : [[name, text] as const]
    })
  )
  const used = new Set<string>()
  const look = (text: string) => {
    for (const [, name = ''] of text.matchAll(/\.\.\.(\w+)/g)) {
      if (used.has(name) || !known.has(name)) continue
      used.add(name)
      look(known.get(name) ?? '')
    }
  }
  look(operation)
  return `${operation}\n${[...used].map((name) => known.get(name)).join('\n')}`
}
