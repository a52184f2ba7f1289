/** Text as the content of an element of XML or HTML; it is not for the values of attributes. XML 1.0 section 2.4. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
