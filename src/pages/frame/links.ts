import { parseAsOf } from '../../domain/read/as-of.ts'
import { type ClocksQuery, queryString } from '../../http/request/query.ts'

/** The links of one page: below the path that a proxy takes away, and with the clocks of the page. */
export class Links {
  /** The path below which the service is; empty at the root. */
  readonly prefix: string
  readonly #clocks: ClocksQuery

  constructor(prefix: string, { asOf, effectiveAt }: ClocksQuery) {
    this.prefix = prefix
    this.#clocks = { ...(asOf !== undefined && { asOf }), ...(effectiveAt !== undefined && { effectiveAt }) }
  }

  /** A page of the same catalogue: both clocks go along. Undefined parameters are left out. */
  to(path: string, parameters: Readonly<Record<string, unknown>> = {}): string {
    return this.prefix + path + queryString({ ...this.#clocks, ...parameters }, {})
  }

  /** A page about other catalogues: the number or label of an issue means nothing there. */
  across(path: string, parameters: Readonly<Record<string, unknown>> = {}): string {
    const { asOf, ...others } = this.#clocks
    const isInstant = asOf !== undefined && parseAsOf(asOf).kind === 'instant'
    return this.prefix + path + queryString({ ...(isInstant && { asOf }), ...others, ...parameters }, {})
  }

  /** A link that has no clock. */
  plain(path: string, parameters: Readonly<Record<string, unknown>> = {}): string {
    return this.prefix + path + queryString(parameters, {})
  }
}
