/** The literal parts of the paths under `/shapes`, around the id of a catalogue. */
const shapePath = /^\/shapes\/(aws|m365)\/([^/?]+)\/(ip-ranges\.json|version|endpoints|changes)(?=[/?]|$)/i

/** A request target as it is routed: scripts write the paths under `/shapes` in any case, as the services that these stand for take them. */
export function routedTarget(target: string): string {
  return target.replace(
    shapePath,
    (_, shape: string, id: string, noun: string) => `/shapes/${shape.toLowerCase()}/${id}/${noun.toLowerCase()}`
  )
}
