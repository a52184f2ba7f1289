/** What was worked out in one operation, so that it is worked out once. */
export class Memory {
  readonly #known = new WeakMap<object, Map<string, unknown>>()

  /** What `make` gives for an object under a name. One name always stands for one type. */
  once<T>(of: object, name: string, make: () => T): T {
    const known = this.#known.get(of) ?? new Map<string, unknown>()
    this.#known.set(of, known)
    if (!known.has(name)) known.set(name, make())
    // It was made under this name.
    return known.get(name) as T
  }
}
