/** How an order of keys comes out of the one before, where the keys that are in both stay in their order. */
export interface OrderDifference {
  /** In the order before. */
  readonly removed: readonly string[]
  /** With their places in the order after, ascending, from 0. */
  readonly added: readonly (readonly [place: number, key: string])[]
}

/** Undefined where keys that stay change places: then only the whole order says it. No key stands in an order twice. */
export function orderDifference(before: readonly string[], after: readonly string[]): OrderDifference | undefined {
  const [was, is] = [new Set(before), new Set(after)]
  const difference: OrderDifference = {
    removed: before.filter((key) => !is.has(key)),
    added: after.flatMap((key, place) => (was.has(key) ? [] : [[place, key] as const]))
  }
  return changedOrder(before, difference)?.every((key, place) => key === after[place]) ? difference : undefined
}

/** The order after a difference; undefined where it is none of that order. */
export function changedOrder(
  before: readonly string[],
  { removed, added }: OrderDifference
): readonly string[] | undefined {
  const gone = new Set(removed)
  const left = before.filter((key) => !gone.has(key))
  if (before.length - left.length !== removed.length) return undefined
  const order: string[] = []
  let next = 0
  for (const [place, key] of added) {
    while (order.length < place && next < left.length) order.push(left[next++] ?? '')
    if (order.length !== place) return undefined
    order.push(key)
  }
  return [...order, ...left.slice(next)]
}
