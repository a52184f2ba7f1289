/** What the text of an option says, or what it must be instead: `a whole number from 1 to 10`. */
type ReadValue<Value> = { readonly value: Value } | { readonly expected: string }

/** Parses and checks the text of an option. */
export type Reader<Value> = (text: string) => ReadValue<Value>

export const anyText: Reader<string> = (text) => ({ value: text })

/** A text, or nothing where the option is set to be empty. */
export const optionalText: Reader<string | undefined> = (text) => ({ value: text === '' ? undefined : text })

export function wholeNumber(
  least: number,
  most: number,
  expected = `a whole number from ${least} to ${most}`
): Reader<number> {
  return (text) => {
    const number = Number(text)
    return /^\d+$/.test(text) && number >= least && number <= most ? { value: number } : { expected }
  }
}

export function oneOf<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return (text) => {
    const value = words.find((word) => word === text)
    return value === undefined ? { expected: `one of ${words.join(', ')}` } : { value }
  }
}

export const onOrOff: Reader<boolean> = (text) => {
  const word = text.toLowerCase()
  if (['on', 'true', '1', 'yes'].includes(word)) return { value: true }
  return ['off', 'false', '0', 'no'].includes(word) ? { value: false } : { expected: 'on or off' }
}

/** Items with commas between them. White space around an item, and items without a character, do not count. */
export function listOf<Item>(read: Reader<Item>, expected: string): Reader<readonly Item[]> {
  return (text) => {
    const items: Item[] = []
    for (const part of text.split(',')) {
      if (part.trim() === '') continue
      const item = read(part.trim())
      if ('expected' in item) return { expected }
      items.push(item.value)
    }
    return { value: items }
  }
}

/** The URL of a store. */
export const storeUrl: Reader<string> = (text) =>
  /^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(text)
    ? { value: text }
    : { expected: 'sqlite:PATH, sqlite::memory: or postgres://…' }

/** The base of links, without a slash at the end. */
export const baseUrl: Reader<string | undefined> = (text) => {
  if (text === '') return { value: undefined }
  if (!/^https?:\/\/[^/\s]+(\/[^\s]*)?$/.test(text)) return { expected: 'an http or https URL' }
  return { value: text.replace(/\/+$/, '') }
}

/** The base of a service that is asked. A name and a password in it would be shown wherever the URL is, and nothing takes them. */
export const serviceUrl: Reader<string | undefined> = (text) =>
  /^https?:\/\/[^/?#]*@/i.test(text)
    ? {
        expected: 'an http or https URL without a name and a password in it: a key is given with --key or PORTOLAN_KEY'
      }
    : baseUrl(text)
