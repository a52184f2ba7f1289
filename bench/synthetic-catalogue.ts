import type { Document, Requirement } from '../src/domain/document/document.ts'
import type { Endpoint } from '../src/domain/document/endpoint.ts'
import { compareEndpoints } from '../src/domain/document/endpoint-order.ts'

export interface Shape {
  readonly id: string
  readonly endpoints: number
  /** How many endpoints are replaced from one edition to the next. */
  readonly changed: number
  /** Remarks of every endpoint, to make its row as long as wanted. */
  readonly remarks?: string
  /** Endpoints of a requirement. Default: 1,000. */
  readonly perRequirement?: number
  /** Makes its values different from those of other catalogues. */
  readonly seed?: number
}

/** A prime, so that it reaches every endpoint before it repeats, and neighbours in time are not neighbours in the document. */
const stride = 7919

/**
 * Successive editions of a made-up catalogue, in canonical form: a quarter hosts, some IPv6, a quarter with remarks, and one in fifty
 * ends in 2099. Endpoints that do not change are the same objects in all editions.
 */
export class SyntheticCatalogue {
  readonly #shape: Shape & { readonly seed: number; readonly perRequirement: number }
  readonly #generations: number[]
  readonly #requirements: Requirement[]
  #edition = 0

  constructor(shape: Shape) {
    this.#shape = { seed: 0, perRequirement: 1000, ...shape }
    this.#generations = Array.from({ length: shape.endpoints }, () => 0)
    const requirements = Math.ceil(shape.endpoints / this.#shape.perRequirement)
    this.#requirements = Array.from({ length: requirements }, (_, index) => this.#requirement(index))
  }

  /** The current value at a place. */
  value(place: number): string {
    return valueAt(place + this.#shape.seed, this.#generations[place] ?? 0)
  }

  *take(count: number): Generator<Document> {
    for (let edition = 0; edition < count; edition += 1) yield this.next()
  }

  next(): Document {
    const { id, endpoints, changed, perRequirement } = this.#shape
    const touched = new Set<number>()
    for (let count = 0; this.#edition > 0 && count < changed; count += 1) {
      const place = (((this.#edition - 1) * changed + count) * stride) % endpoints
      this.#generations[place] = (this.#generations[place] ?? 0) + 1
      touched.add(Math.floor(place / perRequirement))
    }
    for (const index of touched) this.#requirements[index] = this.#requirement(index)
    this.#edition += 1
    return {
      id,
      title: `Catalogue ${id}`,
      vendor: 'Vendor',
      product: 'Product',
      version: '1',
      timeZone: 'UTC',
      edition: { label: String(this.#edition), summary: 'Made up for a benchmark' },
      requirements: [...this.#requirements]
    }
  }

  #requirement(index: number): Requirement {
    const start = index * this.#shape.perRequirement
    const list = this.#generations
      .slice(start, start + this.#shape.perRequirement)
      .map((generation, place) => endpointAt(start + place + this.#shape.seed, generation, this.#shape.remarks))
    return {
      key: `requirement-${index}`,
      title: `Requirement ${index}`,
      scope: 'external',
      direction: 'outbound',
      necessity: 'required',
      services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }], application: 'https' }],
      endpoints: list.sort(compareEndpoints)
    }
  }
}

function endpointAt(place: number, generation: number, remarks?: string): Endpoint {
  const value = valueAt(place, generation)
  return {
    ...(place % 4 === 0 ? { kind: 'host', value } : { kind: 'address', value }),
    ...(place % 50 === 7 && { until: '2099-01-01T00:00:00Z' }),
    ...(remarks !== undefined ? { remarks } : place % 4 === 1 && { remarks: `Mirror of site ${place % 40}` })
  }
}

/** No two places or generations (of the first hundred) share one. */
function valueAt(place: number, generation: number): string {
  if (place % 4 === 0) return `${generation}-n${place}.zone${place % 50}.example.net`
  if (place % 20 === 3) return `2a01:${hex(1 + (place >> 12))}:${hex(1 + (place & 0xfff))}:${hex(1 + generation)}::/64`
  const number = place * 100 + generation
  return `${20 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}

function hex(number: number): string {
  return number.toString(16)
}
