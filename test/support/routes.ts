/** A route of the service: one method of one path, as `GET /v1/catalogues/:id`. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** The routes in the tree that Fastify prints without common prefixes. A child's path begins where that of its parent ends. */
export function routesIn(tree: string): readonly Route[] {
  const parents: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \(([^)]*)\)$/.exec(line) ?? []
    if (part === '') return []
    const depth = indent.length / 4
    const path = (parents[depth - 1] ?? '') + part
    parents.splice(depth, parents.length, path)
    return methods.split(', ').map((method) => ({ method, path }))
  })
}
