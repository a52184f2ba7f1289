import type { Guidance } from '../../domain/document/document.ts'
import { groupBy } from '../../domain/group.ts'

export interface GuidanceTopic {
  readonly title: string
  /** Each text as its paragraphs. */
  readonly texts: readonly (readonly string[])[]
}

/** The headings of the paper. Another topic is its own heading. */
const titles: Readonly<Record<string, string>> = {
  firewall: 'Firewall',
  changes: 'Changes',
  dns: 'DNS configuration',
  proxy: 'HTTP/S proxy support restrictions'
}

/** Guidance by topic, in the order in which the author wrote of them. */
export function guidanceTopics(guidance: readonly Guidance[]): readonly GuidanceTopic[] {
  return [...groupBy(guidance, ({ topic }) => topic)].map(([topic, items]) => ({
    title: titles[topic] ?? topic.charAt(0).toUpperCase() + topic.slice(1).replaceAll('-', ' '),
    texts: items.map(({ text }) => text.split(/\n\s*\n/))
  }))
}
