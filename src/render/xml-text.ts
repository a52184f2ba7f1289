/** Escapes text for the content of an XML or HTML element, but not for the value of an attribute. XML 1.0 section 2.4. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
