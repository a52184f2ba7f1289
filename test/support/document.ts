/** A small valid document, as an author writes it; `fields` replace what is there. */
export function documentInput(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 'product-1',
    title: 'Product 1',
    vendor: 'Vendor',
    product: 'Product',
    version: '1',
    edition: { label: '1', summary: 'The first edition' },
    requirements: [requirementInput()],
    ...fields
  }
}

export function requirementInput(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    key: 'updates',
    title: 'Updates',
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [{ transport: 'tcp', ports: [443] }],
    endpoints: [{ kind: 'host', value: 'updates.example.net' }],
    ...fields
  }
}

/** Public addresses, each another one, that no guard rail minds. */
export function addresses(count: number, first = 0): { readonly kind: 'address'; readonly value: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index
    return { kind: 'address', value: `20.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}` }
  })
}
