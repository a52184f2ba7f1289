/** What a Relay application declares; only its compiler reads it. */
declare function graphql(text: TemplateStringsArray): unknown

/** Any node can be asked for again, and its lists paged: what `@refetchable` writes goes through `node`. */
export const requirements = graphql`
  fragment catalogue_requirements on Catalogue
  @refetchable(queryName: "catalogueRequirementsQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    title
    requirements(first: $count, after: $cursor) @connection(key: "catalogue_requirements") {
      totalCount
      edges {
        node {
          id
          key
          ...catalogue_requirement
        }
      }
    }
  }
`

export const requirement = graphql`
  fragment catalogue_requirement on Requirement @refetchable(queryName: "catalogueRequirementQuery") {
    title
    servicesText
    endpoints {
      id
      kind
      value
      status
    }
  }
`

export const list = graphql`
  query catalogueListQuery($after: String) {
    catalogues(first: 20, after: $after) @connection(key: "catalogueList_catalogues") {
      edges {
        node {
          ...catalogue_requirements
        }
      }
    }
  }
`

export const restore = graphql`
  mutation catalogueRestoreMutation($input: RestoreInput!) {
    restore(input: $input) {
      outcome
      catalogue {
        ...catalogue_requirements
      }
    }
  }
`

export const events = graphql`
  subscription catalogueEventsSubscription($after: Seq) {
    events(after: $after) {
      seq
      type
      catalogue
    }
  }
`
