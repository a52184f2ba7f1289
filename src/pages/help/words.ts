/** The words of the product, each explained once. */
export const words: readonly { readonly word: string; readonly text: string }[] = [
  { word: 'Catalogue', text: 'What one version of a product needs from the network, with dates.' },
  {
    word: 'Requirement',
    text: 'One need: who talks to whom, by which protocol and port, and why. Its endpoints are the addresses, names and roles at the other end.'
  },
  {
    word: 'Issue, revision',
    text: 'A published document. A revision never changes; its number counts from 1, and its label is the name that the vendor gave the issue.'
  },
  {
    word: 'Two clocks',
    text: 'As known by (asOf) says which issue had been published; in effect at (effectiveAt) says for which instant it is read. Without them a page shows the newest issue, now.'
  },
  {
    word: 'Four statuses',
    text: 'Planned: it does not hold yet. Active: it holds. Retiring: it holds, and its end is announced. Retired: it holds no longer.'
  },
  {
    word: 'Transition',
    text: 'An instant at which the clock alone changes what holds. Nobody has to publish anything.'
  },
  {
    word: 'Slice',
    text: 'A direction, a protocol and ports, such as out-tcp-443. Lists of addresses have no ports, so a device gets one list for each slice.'
  },
  {
    word: 'Export',
    text: 'What holds, in the language of a device, at a URL that the device fetches. Its report says what the format could not say.'
  },
  { word: 'Change pack', text: 'The work between two states of a catalogue, in steps with dates.' },
  {
    word: 'Seq',
    text: 'The number of an event in the log. It has no gaps, so a reader can prove that it missed none.'
  },
  {
    word: 'Epoch',
    text: 'The name of one log. A store that was put back from a backup begins a new one, and readers begin again.'
  }
]
