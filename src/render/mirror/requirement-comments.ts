import type { FlatRequirement } from '../../domain/mirror/mirror.ts'

/** What a requirement says beyond the fields that a tool has for it: its services, also those that the tool cannot express, and its texts. */
export function requirementComments({ servicesText, component, condition, remarks }: FlatRequirement): string {
  return [
    servicesText,
    ...(component === undefined ? [] : [`Part of the product: ${component}`]),
    ...(condition === undefined ? [] : [`Condition: ${condition}`]),
    ...(remarks === undefined ? [] : [remarks])
  ].join('\n\n')
}
