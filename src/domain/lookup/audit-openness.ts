import type { Service } from '../network/network-service.ts'
import type { AuditIndex, RowSlice } from './audit-index.ts'
import { type AuditPort, isOpenOn, portName } from './audit-port.ts'
import type { Destination } from './destination.ts'

/** A slice of rows that a destination lets through on a port, or on all. */
interface Opening extends RowSlice {
  readonly port: AuditPort | undefined
}

/**
 * Which rows of an index some destinations let through, by an entry without a port or by several entries together: all that the services of
 * the row need. A destination that a row covers lets through only a part of it.
 */
export function openRows(index: AuditIndex, destinations: Iterable<Destination>): readonly boolean[] {
  const openings: Opening[] = []
  for (const destination of destinations)
    for (const slice of index.slices(destination))
      if (slice.match !== 'covers') openings.push({ ...slice, port: destination.port })
  openings.sort((a, b) => a.start - b.start)
  const sweep = new Sweep()
  let next = 0
  return index.rows.map(({ services }, at) => {
    for (let opening = openings[next]; opening && opening.start <= at; opening = openings[next]) {
      sweep.begin(opening)
      next += 1
    }
    sweep.endAt(at)
    return sweep.isOpen(services)
  })
}

/** The ports that are open at one row, from row to row. */
class Sweep {
  readonly #ports = new Map<string, { readonly port: AuditPort; count: number }>()
  #whole = 0
  readonly #ends = new Map<number, Opening[]>()
  /** What is known as long as no port comes or goes. */
  readonly #known = new Map<readonly Service[], boolean>()

  begin(opening: Opening): void {
    const ending = this.#ends.get(opening.end)
    if (ending) ending.push(opening)
    else this.#ends.set(opening.end, [opening])
    this.#count(opening.port, 1)
  }

  endAt(row: number): void {
    for (const { port } of this.#ends.get(row) ?? []) this.#count(port, -1)
    this.#ends.delete(row)
  }

  #count(port: AuditPort | undefined, step: 1 | -1): void {
    if (port === undefined) {
      this.#whole += step
      return
    }
    const name = portName(port)
    const known = this.#ports.get(name) ?? { port, count: 0 }
    known.count += step
    if (known.count === 0) this.#ports.delete(name)
    else this.#ports.set(name, known)
    if (known.count === 0 || (known.count === 1 && step === 1)) this.#known.clear()
  }

  isOpen(services: readonly Service[]): boolean {
    if (this.#whole > 0) return true
    if (this.#ports.size === 0) return false
    const known = this.#known.get(services)
    if (known !== undefined) return known
    const ports = [...this.#ports.values()].map(({ port }) => port)
    const isOpen = services.every((service) => isOpenOn(service, ports))
    this.#known.set(services, isOpen)
    return isOpen
  }
}
