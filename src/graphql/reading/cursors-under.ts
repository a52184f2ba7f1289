import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** The cursors from which the lists directly below a field are to go on. */
export function cursorsUnder({ fieldNodes, fragments, variableValues }: GraphQLResolveInfo): readonly string[] {
  const found: string[] = []
  const look = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) look(selection.selectionSet)
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments[selection.name.value]
        if (fragment) look(fragment.selectionSet)
      }
      if (selection.kind !== Kind.FIELD) continue
      for (const { name, value } of selection.arguments ?? []) {
        if (name.value !== 'after' && name.value !== 'before') continue
        const text = value.kind === Kind.VARIABLE ? variableValues[value.name.value] : 'value' in value && value.value
        if (typeof text === 'string') found.push(text)
      }
    }
  }
  for (const { selectionSet } of fieldNodes) if (selectionSet) look(selectionSet)
  return found
}
