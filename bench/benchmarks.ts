import type { Benchmark } from './row.ts'

/** The one list of benchmarks by name. Each is loaded when it runs, since some import what the build makes. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'hot-reads': async () => (await import('./hot-reads.ts')).hotReads,
  pages: async () => (await import('./pages.ts')).pages,
  publish: async () => (await import('./publish.ts')).publish,
  'import-history': async () => (await import('./import-history.ts')).importHistory,
  engines: async () => (await import('./engines.ts')).engines,
  'cold-reads': async () => (await import('./cold-reads.ts')).coldReads,
  'cold-sites': async () => (await import('./cold-sites.ts')).coldSites,
  diff: async () => (await import('./diff.ts')).diffs,
  delta: async () => (await import('./delta.ts')).deltas,
  lookup: async () => (await import('./lookup.ts')).lookups,
  stalls: async () => (await import('./stalls.ts')).stalls,
  exports: async () => (await import('./exports.ts')).exports,
  subscriptions: async () => (await import('./subscriptions.ts')).subscriptions,
  graphql: async () => (await import('./graphql.ts')).graphql,
  memory: async () => (await import('./memory.ts')).memory,
  polling: async () => (await import('./polling.ts')).polling,
  history: async () => (await import('./history.ts')).history
}
